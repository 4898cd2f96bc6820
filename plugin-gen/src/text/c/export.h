/* ------------------------------------------------------------------------------------------------------------------
 * What a plugin exports, and what it is told
 */

/* One pair of the configuration. */
typedef struct @p@_plugin_pair {
    @p@_str key;
    @p@_str value;
} @p@_plugin_pair;

/* What the host hands to a constructor, lent for the call. */
typedef struct @p@_plugin_context {
    size_t size;
    const @p@_plugin_pair *pairs;
    size_t len;
} @p@_plugin_context;

/* What a host tells its plugins. */
typedef struct @p@_plugin_services {
    size_t size;
    uint8_t (*is_caller)(void);
    const void *take_hook;
    const void *memory;
} @p@_plugin_services;

/* A function of a type that is not said. */
typedef void (*@p@_plugin_code)(void);

/* One method: its name, its fingerprint, low half first, and its function. */
typedef struct @p@_plugin_row {
    @p@_str name;
    uint64_t fingerprint[2];
    @p@_plugin_code call;
} @p@_plugin_row;

/* One contract of a plugin. */
typedef struct @p@_plugin_table {
    @p@_str id;
    const @p@_plugin_row *rows;
    size_t len;
} @p@_plugin_table;

/* Where `create` writes: an object, or why there is none. */
typedef union @p@_plugin_create_out {
    void *value;
    @p@_string fault;
} @p@_plugin_create_out;

/* Where `destroy` writes: nothing, or how it failed. */
typedef union @p@_plugin_destroy_out {
    @p@_unit value;
    @p@_string fault;
} @p@_plugin_destroy_out;

/* The static behind a plugin's one symbol, `__plugin_` and its name. */
typedef struct @p@_plugin_export {
    uint8_t magic[8];
    uint32_t revision;
    uint32_t size;
    const @p@_plugin_table *tables;
    size_t len;
    @p@_status (*connect)(const @p@_plugin_services *host);
    @p@_status (*create)(const struct @p@_plugin_export *self, const @p@_plugin_context *context, @p@_plugin_create_out *out);
    @p@_status (*destroy)(void *object, @p@_plugin_destroy_out *out);
    const void *constructor;
    @p@_str name; /* of the plugin, for people */
    uint64_t flags;
} @p@_plugin_export;

#define @P@_MAGIC {0x7f, 'P', 'L', 'U', 'G', 'I', 'N', '\n'}
#define @P@_REVISION UINT32_C(@revision@)

