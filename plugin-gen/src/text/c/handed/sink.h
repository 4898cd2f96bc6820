/* Where a sink's bytes are once it has grown; null when there is no memory. */
typedef struct @p@_room {
    uint8_t *ptr;
    size_t cap;
} @p@_room;

/* Sink: the caller's vector, lent for the call. Written to with @p@_sink_write; @p@_sink_end says how much was. */
typedef struct @p@_sink {
    uint8_t *ptr;
    size_t len;
    size_t cap;
    @p@_room (*grow)(void *context, size_t len, size_t more);
    void *context;
} @p@_sink;

