/* What is made here says whose it is: `host`, where no plugin was created. */
__attribute__((weak, visibility("hidden"))) @p@_str @p@_plugin_self = {"host", 4};

static inline @p@_str @p@_plugin_origin(void) {
    return @p@_plugin_self;
}

/* Whether a call wrote a text instead of its result. */
static inline int @p@_has_text(@p@_status status) {
    return status == @P@_STATUS_ERROR || status == @P@_STATUS_PANICKED || status == @P@_STATUS_PASSED;
}

/* Drops the text of a call that failed, if it did: its result would be in `from`. */
static inline void @p@_ignore(@p@_status status, void *from) {
    @p@_string text;
    if (!@p@_has_text(status)) return;
    memcpy(&text, from, sizeof text);
    @p@_drop_string(&text);
}

/* Ends a call because one failed that it made, whose result would be in `from`: what was said there is said here. The fault
 * is not this plugin's, and its object goes on. */
static inline @p@_status @p@_failed(@p@_status status, const void *from, void *out) {
    if (!@p@_has_text(status)) return @p@_panicked(out, "it called what is not there");
    memmove(out, from, sizeof(@p@_string));
    return @P@_STATUS_PASSED;
}

/* The `release` of what @p@_allocate made. */
static inline @p@_status @p@_free_object(void *object, @p@_plugin_destroy_out *out) @P@_NOEXCEPT {
    (void)out;
    free(object);
    return @P@_STATUS_OK;
}

/* The `drop` of a state that @p@_allocate made. */
static inline @p@_status @p@_free_state(void **state, @p@_plugin_destroy_out *out) @P@_NOEXCEPT {
    (void)out;
    free(state[0]);
    return @P@_STATUS_OK;
}

