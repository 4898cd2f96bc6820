#define @P@_EXPORT(name, version, open, close, @params@) \
    @P@_NOTE(#name, version, "__plugin_" #name) \
@shims@
    static @p@_status @p@_shim_create(const @p@_export *self, const @p@_context *context, @p@_create_out *out) \
        @P@_NOEXCEPT { \
        (void)self; \
        @P@_GUARD({ \
            @p@_string why = @p@_make_string("", 0); \
            void *object = open(context, &why); \
            if (object != NULL) { \
                out->value = object; \
                return @P@_STATUS_OK; \
            } \
            out->fault = why.len > 0 ? why : @p@_make_string("it does not say why", 19); \
            return @P@_STATUS_ERROR; \
        }) \
    } \
    static @p@_status @p@_shim_destroy(void *object, @p@_destroy_out *out) @P@_NOEXCEPT { \
        (void)out; \
        @P@_GUARD({ \
            close(object); \
            return @P@_STATUS_OK; \
        }) \
    } \
    static const @p@_row @p@_rows[] = { \
@rows@
    }; \
    static const @p@_table @p@_tables[] = { \
        {{@P@_ID, sizeof @P@_ID - 1}, @p@_rows, sizeof @p@_rows / sizeof @p@_rows[0]}}; \
    @P@_ENTRY_PROTOTYPE(name) \
    __attribute__((visibility("default"), used)) const @p@_export __plugin_##name = { \
        @P@_MAGIC, @P@_REVISION, sizeof(@p@_export), @p@_tables, 1, \
        @p@_connect, @p@_shim_create, @p@_shim_destroy, NULL}

