#define @P@_EXPORT(name, version, open, close, @params@) \
    @P@_NOTE(#name, version, "__plugin_" #name) \
@shims@
    static @p@_status @p@_plugin_create(const @p@_plugin_export *self, const @p@_plugin_context *context, @p@_plugin_create_out *out) \
        @P@_NOEXCEPT { \
        (void)self; \
@named@        @P@_GUARD({ \
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
    static @p@_status @p@_plugin_destroy(void *object, @p@_plugin_destroy_out *out) @P@_NOEXCEPT { \
        (void)out; \
        @P@_GUARD({ \
            close(object); \
            return @P@_STATUS_OK; \
        }) \
    } \
    static const @p@_plugin_row @p@_plugin_rows[] = { \
@rows@
    }; \
    static const @p@_plugin_table @p@_plugin_tables[] = { \
        {{@P@_ID, sizeof @P@_ID - 1}, @p@_plugin_rows, sizeof @p@_plugin_rows / sizeof @p@_plugin_rows[0]}}; \
    @P@_ENTRY_PROTOTYPE(name) \
    @P@_DEFINED __attribute__((visibility("default"), used)) const @p@_plugin_export __plugin_##name = { \
        @P@_MAGIC, @P@_REVISION, sizeof(@p@_plugin_export), @p@_plugin_tables, 1, \
        @p@_plugin_connect, @p@_plugin_create, @p@_plugin_destroy, NULL, {#name, sizeof #name - 1}, 0}

