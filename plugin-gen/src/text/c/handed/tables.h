#define @P@_@OBJECT@_TABLES(name_, close_, @params@) \
@shims@
    static @p@_status name_##_release(void *object, @p@_plugin_destroy_out *out) @P@_NOEXCEPT { \
        (void)out; \
        @P@_GUARD({ \
            close_(object); \
            return @P@_STATUS_OK; \
        }) \
    } \
    static const @p@_plugin_row name_##_rows[] = { \
@rows@
    }; \
    static const @p@_plugin_object_table name_##_tables[] = { \
        {sizeof(@p@_plugin_object_table), {{@P@_@OBJECT@_ID, sizeof @P@_@OBJECT@_ID - 1}, name_##_rows, sizeof name_##_rows / sizeof name_##_rows[0]}, @p@_plugin_origin, name_##_release}, \
        {sizeof(@p@_plugin_object_table), {{@P@_@OBJECT@_ID, sizeof @P@_@OBJECT@_ID - 1}, name_##_rows, sizeof name_##_rows / sizeof name_##_rows[0]}, @p@_plugin_origin, NULL}}; \
    __attribute__((unused)) static @p@_@object@ name_##_give(void *object) { \
        @p@_@object@ given = {object, &name_##_tables[0]}; \
        return given; \
    } \
    __attribute__((unused)) static @p@_@object@ name_##_lend(void *object) { \
        @p@_@object@ lent = {object, &name_##_tables[1]}; \
        return lent; \
    } \
    static @p@_@object@ name_##_give(void *object)

#define @P@_@OBJECT@_OBJECT(name_, close_, prefix_) \
    @P@_@OBJECT@_TABLES(name_, close_, @prefixed@)

#ifdef __cplusplus
template <class Class> struct @p@_@object@_class {
@methods@
};

/* Objects of one's own by a class with these methods: name_give(new Class(…)). */
#define @P@_@OBJECT@_CLASS_OBJECT(name_, Class) \
    @P@_@OBJECT@_TABLES(name_, @p@_plugin_object<Class>::close, @class_functions@)
#endif

