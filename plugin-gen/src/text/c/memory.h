/* ------------------------------------------------------------------------------------------------------------------
 * Values: made by @p@_make_…, given back by @p@_drop_… on the side that received them
 */

/* Gives back what @p@_allocate made: the `free` of all that is owned here. */
static inline void @p@_free(void *ptr, size_t cap) {
    (void)cap;
    free(ptr);
}

/* Memory for `len` elements of `size` bytes, zeroed; null for none. Ends the process when there is no memory, as
 * Rust does. */
static inline void *@p@_allocate(size_t len, size_t size) {
    void *ptr;
    if (len == 0) return NULL;
    ptr = calloc(len, size);
    if (ptr == NULL) abort();
    return ptr;
}

/* Lends a terminated text. */
static inline @p@_str @p@_lend(const char *text) {
    @p@_str lent;
    lent.ptr = text;
    lent.len = strlen(text);
    return lent;
}

/* A copy of a text, owned. */
static inline @p@_string @p@_make_string(const char *ptr, size_t len) {
    @p@_string made;
    made.ptr = (char *)@p@_allocate(len, 1);
    made.len = made.cap = len;
    made.free = @p@_free;
    if (len > 0) memcpy(made.ptr, ptr, len);
    return made;
}

/* A text whose memory stays where it is, and whose: for what is lent. */
static inline @p@_string @p@_lend_string(const char *ptr, size_t len) {
    @p@_string made;
    memcpy(&made.ptr, &ptr, sizeof ptr);
    made.len = made.cap = len;
    made.free = NULL;
    return made;
}

static inline void @p@_drop_string(@p@_string *value) {
    if (value->free != NULL) value->free(value->ptr, value->cap);
}

/* The value that the host configured under this key: 1 when there is one, else 0. */
static inline int @p@_configured(const @p@_plugin_context *context, const char *key, @p@_str *value) {
    size_t at, len = strlen(key);
    for (at = 0; at < context->len; at++) {
        const @p@_plugin_pair *pair = &context->pairs[at];
        if (pair->key.len == len && memcmp(pair->key.ptr, key, len) == 0) {
            *value = pair->value;
            return 1;
        }
    }
    return 0;
}

/* Ends a call without a result: the method failed, and the object is not to be used again. */
static inline @p@_status @p@_panicked(void *out, const char *text) {
    @p@_string fault = @p@_make_string(text, strlen(text));
    memcpy(out, &fault, sizeof fault);
    return @P@_STATUS_PANICKED;
}

/* Ends a call without a result: the method did not run. */
static inline @p@_status @p@_refused(void *out, const char *text) {
    @p@_string fault = @p@_make_string(text, strlen(text));
    memcpy(out, &fault, sizeof fault);
    return @P@_STATUS_ERROR;
}

