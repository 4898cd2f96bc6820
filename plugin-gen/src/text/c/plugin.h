/* ------------------------------------------------------------------------------------------------------------------
 * A plugin: @P@_PLUGIN(name, "version", open, close, prefix); once, in one file of it
 *
 * It exports the static __plugin_name, and writes the note that a host reads before it opens the library. It asks for:
 *
 * void *open(const @p@_plugin_context *context, @p@_string *why);   an object, or null and why
 * void close(void *object);
@functions@ *
@without@ * @P@_PROTOTYPES(open, close, prefix); declares them, where they are not defined in the same file. Nothing else
 * does: who exports them from another language (cgo, for one) may have prototypes of its own. So may the static:
 * with @P@_NO_PROTOTYPE it is only defined.
 */

#if defined(__cplusplus) && defined(__cpp_exceptions)
/* Nothing is thrown across: an exception is a panic, and its text the panic's. */
#define @P@_GUARD(body) \
    try { \
        body \
    } catch (const std::exception &error) { \
        return @p@_panicked(out, error.what()); \
    } catch (...) { \
        return @p@_panicked(out, "an exception that is no std::exception"); \
    }
#else
#define @P@_GUARD(body) body
#endif

#ifdef __cplusplus
#define @P@_DEFINED extern "C" /* a constant is the file's own otherwise */
#define @P@_TYPED(function, type, signature)
#else
#define @P@_DEFINED
#define @P@_TYPED(function, type, signature) \
    _Static_assert(_Generic(&(function), type *: 1, default: 0), \
                   #function " is not what the contract asks for: " signature);
#endif

#ifdef @P@_NO_PROTOTYPE
#define @P@_ENTRY_PROTOTYPE(name)
#else
#define @P@_ENTRY_PROTOTYPE(name) @P@_C const @p@_plugin_export __plugin_##name;
#endif

static inline @p@_status @p@_plugin_connect(const @p@_plugin_services *host) {
    (void)host;
    return @P@_STATUS_OK;
}

