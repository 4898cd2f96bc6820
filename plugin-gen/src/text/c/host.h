#ifdef @P@_HOST
/* ------------------------------------------------------------------------------------------------------------------
 * A host: @p@_load, @p@_call_…, @p@_unload. Define @P@_HOST before this header is included.
 *
 * A method is found by its name and held to its fingerprint, which stands for its whole signature; a plugin that was
 * built for another is refused. What a plugin returns is believed: check what you would not trust it with.
 */

#include <dlfcn.h>
#include <stdio.h>

#ifdef __cplusplus
#define @P@_THREAD_LOCAL thread_local
#else
#define @P@_THREAD_LOCAL _Thread_local
#endif

/* A plugin's object. */
typedef struct @p@_plugin {
    const @p@_plugin_export *library;
    @p@_methods methods;
    void *object;
    uint32_t poisoned; /* 1 once a method has panicked: it is not called again */
    char why[512];     /* why it was not loaded */
} @p@_plugin;

/* Whether this thread has called into a plugin. A panic on any other thread is the plugin's own, and it prints it. */
static @P@_THREAD_LOCAL uint8_t @p@_plugin_thread;

static inline uint8_t @p@_plugin_is_caller(void) {
    return @p@_plugin_thread;
}

static inline int @p@_plugin_fail(@p@_plugin *plugin, const char *what, const char *name) {
    snprintf(plugin->why, sizeof plugin->why, "%s%s", what, name);
    return 0;
}

/* The function of a method; null when the plugin has none of this name, or one of another signature. */
static inline @p@_plugin_code @p@_plugin_find(@p@_plugin *plugin, const @p@_plugin_table *table, const char *name, uint64_t low,
                                uint64_t high, int optional) {
    size_t at, len = strlen(name);
    for (at = 0; at < table->len; at++) {
        const @p@_plugin_row *row = &table->rows[at];
        if (row->name.len != len || memcmp(row->name.ptr, name, len) != 0) continue;
        if (row->fingerprint[0] == low && row->fingerprint[1] == high) return row->call;
        @p@_plugin_fail(plugin, "the plugin was built for another signature of ", name);
        return NULL;
    }
    if (!optional) @p@_plugin_fail(plugin, "the plugin has no method ", name);
    return NULL;
}

static inline int @p@_plugin_bind(@p@_plugin *plugin, const @p@_plugin_table *table) {
@binds@
    return plugin->why[0] == '\0';
}

/* The symbol of a plugin follows from its file: __plugin_memory of libmemory.so. */
static inline const @p@_plugin_export *@p@_plugin_symbol(@p@_plugin *plugin, void *image, const char *path) {
    char symbol[256];
    const char *name = strrchr(path, '/'), *end;
    name = name == NULL ? path : name + 1;
    if (strncmp(name, "lib", 3) == 0) name += 3;
    end = strchr(name, '.');
    snprintf(symbol, sizeof symbol, "__plugin_%.*s", end == NULL ? (int)strlen(name) : (int)(end - name), name);
    {
        const @p@_plugin_export *library = (const @p@_plugin_export *)dlsym(image, symbol);
        if (library == NULL) @p@_plugin_fail(plugin, "the library does not export ", symbol);
        return library;
    }
}

/* Loads a plugin and makes an object: 1, or 0 and plugin->why. Its code stays for good. */
static inline int @p@_load(@p@_plugin *plugin, const char *path, const @p@_plugin_pair *pairs, size_t len) {
    static const uint8_t magic[8] = @P@_MAGIC;
    @p@_plugin_services services;
    @p@_plugin_context context;
    @p@_plugin_create_out out;
    void *image;
    size_t at;
    memset(plugin, 0, sizeof *plugin);
    image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (image == NULL) return @p@_plugin_fail(plugin, "", dlerror());
    plugin->library = @p@_plugin_symbol(plugin, image, path);
    if (plugin->library == NULL) return 0;
    if (memcmp(plugin->library->magic, magic, sizeof magic) != 0) return @p@_plugin_fail(plugin, "this is no plugin: ", path);
    if (plugin->library->revision != @P@_REVISION || plugin->library->size < sizeof(@p@_plugin_export))
        return @p@_plugin_fail(plugin, "the plugin has another revision of the binary interface: ", path);
    memset(&services, 0, sizeof services);
    services.size = sizeof services;
    services.is_caller = @p@_plugin_is_caller;
    if (plugin->library->connect(&services) != @P@_STATUS_OK) return @p@_plugin_fail(plugin, "it does not connect: ", path);
    for (at = 0; at < plugin->library->len; at++) {
        const @p@_plugin_table *table = &plugin->library->tables[at];
        if (table->id.len != sizeof @P@_ID - 1 || memcmp(table->id.ptr, @P@_ID, table->id.len) != 0) continue;
        if (!@p@_plugin_bind(plugin, table)) return 0;
        context.size = sizeof context;
        context.pairs = pairs;
        context.len = len;
        @p@_plugin_thread = 1;
        switch (plugin->library->create(plugin->library, &context, &out)) {
        case @P@_STATUS_OK:
            plugin->object = out.value;
            return 1;
        case @P@_STATUS_ERROR:
        case @P@_STATUS_PANICKED:
        case @P@_STATUS_PASSED:
            snprintf(plugin->why, sizeof plugin->why, "the constructor said no: %.*s", (int)out.fault.len, out.fault.ptr);
            @p@_drop_string(&out.fault);
            return 0;
        default:
            return @p@_plugin_fail(plugin, "the constructor answers what nobody knows: ", path);
        }
    }
    return @p@_plugin_fail(plugin, "the plugin does not export ", @P@_ID);
}

/* Destroys the object; its code stays. A fault is to be dropped. */
static inline @p@_status @p@_unload(@p@_plugin *plugin, @p@_plugin_destroy_out *out) {
    @p@_plugin_thread = 1;
    return plugin->library->destroy(plugin->object, out);
}

/* Whether a call may be made: not after one that panicked. */
static inline int @p@_plugin_enter(@p@_plugin *plugin) {
    @p@_plugin_thread = 1;
    return __atomic_load_n(&plugin->poisoned, __ATOMIC_RELAXED) == 0;
}

static inline @p@_status @p@_plugin_leave(@p@_plugin *plugin, @p@_status status) {
    if (status == @P@_STATUS_PANICKED) __atomic_store_n(&plugin->poisoned, 1, __ATOMIC_RELEASE);
    return status;
}

@calls@
#endif

