/* Room for so many bytes more: 1, or 0 when the caller has no memory for them. */
static inline int @p@_sink_reserve(@p@_sink *sink, size_t more) {
    @p@_room room;
    if (sink->cap - sink->len >= more) return 1;
    room = sink->grow(sink->context, sink->len, more);
    if (room.ptr == NULL || room.cap < sink->len || room.cap - sink->len < more) {
        sink->cap = sink->len;
        return 0;
    }
    sink->ptr = room.ptr;
    sink->cap = room.cap;
    return 1;
}

/* Appends bytes: 1, or 0 when the caller has no memory for them. */
static inline int @p@_sink_write(@p@_sink *sink, const void *bytes, size_t len) {
    if (!@p@_sink_reserve(sink, len)) return 0;
    if (len > 0) memcpy(sink->ptr + sink->len, bytes, len);
    sink->len += len;
    return 1;
}

/* Says how much was written: at the end of the call, however that ends. What was not told was not written. */
static inline void @p@_sink_end(@p@_sink *sink) {
    (void)sink->grow(sink->context, sink->len, 0);
}

/* Bytes of one's own, for others to write to: all zero at first, and @p@_free gives `ptr` back. */
typedef struct @p@_sink_bytes {
    uint8_t *ptr;
    size_t len;
    size_t cap;
} @p@_sink_bytes;

static inline @p@_room @p@_plugin_grow(void *context, size_t len, size_t more) {
    @p@_sink_bytes *bytes = (@p@_sink_bytes *)context;
    @p@_room room = {NULL, 0};
    if (len < bytes->len || len > bytes->cap || more > SIZE_MAX / 2 - len) return room;
    bytes->len = len;
    if (bytes->cap - len < more) {
        size_t cap = len + more > bytes->cap * 2 ? len + more : bytes->cap * 2;
        void *ptr = realloc(bytes->ptr, cap);
        if (ptr == NULL) return room;
        bytes->ptr = (uint8_t *)ptr;
        bytes->cap = cap;
    }
    room.ptr = bytes->ptr;
    room.cap = bytes->cap;
    return room;
}

/* Lends bytes of one's own for a call. What is written is appended. */
static inline @p@_sink @p@_lend_sink(@p@_sink_bytes *bytes) {
    @p@_sink sink;
    sink.ptr = bytes->ptr;
    sink.len = bytes->len;
    sink.cap = bytes->cap;
    sink.grow = @p@_plugin_grow;
    sink.context = bytes;
    return sink;
}

