/* A method of an object, by its name: mostly it is where it stands in the contract. Null when the object has none.
 * A host holds it to its signature; what a plugin is given, its host has compared with the plugin's note. */
static inline @p@_plugin_code @p@_plugin_method(const @p@_plugin_object_table *table, size_t likely, const char *name, size_t len, uint64_t low, uint64_t high) {
    const @p@_plugin_row *rows = table->contract.rows;
    size_t at = likely < table->contract.len ? likely : 0;
    if (at >= table->contract.len || rows[at].name.len != len || memcmp(rows[at].name.ptr, name, len) != 0)
        for (at = 0; at < table->contract.len; at++)
            if (rows[at].name.len == len && memcmp(rows[at].name.ptr, name, len) == 0) break;
    if (at == table->contract.len) return NULL;
#ifdef @P@_HOST
    if (rows[at].fingerprint[0] != low || rows[at].fingerprint[1] != high) return NULL;
#else
    (void)low, (void)high;
#endif
    return rows[at].call;
}

