/* What can be done with an object: its methods, former names included. `size` says how far it goes: it may grow. */
typedef struct @p@_plugin_object_table {
    size_t size;
    @p@_plugin_table contract;
    @p@_str (*origin)(void); /* who made it; may be null */
    @p@_plugin_release_fn *release; /* null when it is lent */
} @p@_plugin_object_table;

