/* Gives a waker back that was kept, if one was. */
static inline void @p@_drop_waker(const @p@_waker **kept) {
    const @p@_waker *waker = *kept;
    *kept = NULL;
    if (waker != NULL) waker->drop(waker);
}

/* Keeps the waker of this poll, instead of the one that was kept before, or of null. */
static inline void @p@_keep_waker(const @p@_waker **kept, const @p@_waker *lent) {
    const @p@_waker *waker = lent->clone(lent);
    @p@_drop_waker(kept);
    *kept = waker;
}

/* Wakes by a waker that was kept, and gives it back: from any thread, also when the future is gone. Not again: there is none
 * afterwards. */
static inline void @p@_wake(const @p@_waker **kept) {
    const @p@_waker *waker = *kept;
    *kept = NULL;
    if (waker != NULL) waker->wake(waker);
}

