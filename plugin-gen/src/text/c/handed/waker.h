#define @P@_STATUS_PENDING UINT32_C(4) /* of a poll: it is not there yet; nothing was written */

/* Who is told that a future should be polled again: whoever makes one begins a struct of its own with this. It is lent for a
 * poll; what is kept longer is had by @p@_keep_waker. */
typedef struct @p@_waker {
    const struct @p@_waker *(*clone)(const struct @p@_waker *self);
    void (*wake)(const struct @p@_waker *self); /* and gives it back */
    void (*wake_by_ref)(const struct @p@_waker *self);
    void (*drop)(const struct @p@_waker *self);
} @p@_waker;

