#ifdef __cplusplus
/* ------------------------------------------------------------------------------------------------------------------
 * A C++ plugin: @P@_CLASS_PLUGIN(name, "version", Class);
 *
 * Class is constructed from a const @p@_plugin_context &, and has these methods.
 * What its constructor throws is why there is no object; what a method throws is a panic.
 *
@functions@ */

/* A lent text as the standard library has it. */
inline std::string_view @p@_string_view(@p@_str text) {
    return std::string_view(text.ptr, text.len);
}

/* A copy of a text, owned. */
inline @p@_string @p@_make_string(std::string_view text) {
    return @p@_make_string(text.data(), text.size());
}

/* An argument that becomes nothing but what it is: C++ would make a method that drifted fit by conversions. */
template <class Type> struct @p@_plugin_exactly {
    Type value;

    template <class Wanted, class = std::enable_if_t<std::is_same<Wanted, Type>::value>> operator Wanted() const {
        return value;
    }
};

/* A result that is nothing but what it should be. */
template <class Wanted, class Found> Wanted @p@_plugin_returned(Found found) {
    static_assert(std::is_same<Found, Wanted>::value, "a method does not return what the contract asks for");
    return found;
}

template <class Class> struct @p@_plugin_object {
    static void *open(const @p@_plugin_context *context, @p@_string *why) {
#ifdef __cpp_exceptions
        try {
            return new Class(*context);
        } catch (const std::exception &error) {
            *why = @p@_make_string(std::string_view(error.what()));
            return nullptr;
        }
#else
        (void)why;
        return new Class(*context);
#endif
    }

    static void close(void *object) {
        delete static_cast<Class *>(object);
    }
};

template <class Class> struct @p@_plugin_class {
@methods@
};

#define @P@_CLASS_PLUGIN(name, version, Class) \
    @P@_EXPORT(name, version, @p@_plugin_object<Class>::open, @p@_plugin_object<Class>::close, \
@class_functions@)

#endif

