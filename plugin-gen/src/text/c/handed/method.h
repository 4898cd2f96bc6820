/* A method of an object, by its name: it is mostly where it stands in the contract. Null when the object has none. */
static inline @p@_plugin_code @p@_plugin_method(const @p@_plugin_object_table *table, size_t likely, const char *name, size_t len) {
    const @p@_plugin_row *rows = table->contract.rows;
    size_t at;
    if (likely < table->contract.len && rows[likely].name.len == len && memcmp(rows[likely].name.ptr, name, len) == 0)
        return rows[likely].call;
    for (at = 0; at < table->contract.len; at++)
        if (rows[at].name.len == len && memcmp(rows[at].name.ptr, name, len) == 0) return rows[at].call;
    return NULL;
}

