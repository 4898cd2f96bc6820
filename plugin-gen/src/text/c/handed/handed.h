/* What gives back what was moved, called once: objects and closures, and futures, iterators and streams. */
union @p@_plugin_destroy_out;
struct @p@_plugin_object_table;
typedef @p@_status @p@_plugin_release_fn(void *object, union @p@_plugin_destroy_out *out) @P@_NOEXCEPT;
typedef @p@_status @p@_plugin_drop_fn(void **state, union @p@_plugin_destroy_out *out) @P@_NOEXCEPT;

