/* What is made here says whose it is: `host`, where no plugin was created. */
__attribute__((weak, visibility("hidden"))) @p@_str @p@_plugin_self = {"host", 4};

static inline @p@_str @p@_plugin_origin(void) {
    return @p@_plugin_self;
}

/* Nobody is left to be told that something failed while it was given back. */
static inline void @p@_plugin_gone(@p@_status status, @p@_plugin_destroy_out *out) {
    if (status == @P@_STATUS_ERROR || status == @P@_STATUS_PANICKED) @p@_drop_string(&out->fault);
}

/* The `release` of what @p@_allocate made. */
static inline @p@_status @p@_release_allocated(void *object, @p@_plugin_destroy_out *out) @P@_NOEXCEPT {
    (void)out;
    free(object);
    return @P@_STATUS_OK;
}

/* The `drop` of a state that @p@_allocate made. */
static inline @p@_status @p@_drop_allocated(void **state, @p@_plugin_destroy_out *out) @P@_NOEXCEPT {
    (void)out;
    free(state[0]);
    return @P@_STATUS_OK;
}

