/* The contract of everything that crosses: what is given comes back. What is owned moves, and is not looked into. */

#include "test_echo.h"

#include <stdio.h>

#define VALUE(method) __typeof__(((test_echo_##method##_out *)0)->value)

/* An argument that is what is returned. */
#define SAME(method, function) \
    static test_echo_status mirror_##function(void *self, VALUE(method) value, test_echo_##method##_out *out) { \
        (void)self; \
        return test_echo_##method##_return(out, value); \
    }

SAME(u8, u8)
SAME(u16, u16)
SAME(u32, u32)
SAME(u64, u64)
SAME(u128, u128)
SAME(usize, usize)
SAME(i8, i8)
SAME(i16, i16)
SAME(i32, i32)
SAME(i64, i64)
SAME(i128, i128)
SAME(isize, isize)
SAME(f32, f32)
SAME(f64, f64)
SAME(bool, bool_)
SAME(char, char_)
SAME(owned, owned)
SAME(texts, texts)
SAME(maybe, maybe)
SAME(results, results)
SAME(nothings, nothings)
SAME(empty, empty)
SAME(shapes, shapes)
SAME(remarks, remarks)
SAME(chain, chain)
SAME(maybe_boxed, maybe_boxed)
SAME(pairs, pairs)
SAME(twelve, twelve)
SAME(array, array)
SAME(grid, grid)
SAME(duration, duration)
SAME(time, time)
SAME(path, path)
SAME(sockets, sockets)
SAME(moments, moments)
SAME(map, map)
SAME(hash_map, hash_map)
SAME(set, set)
SAME(hash_set, hash_set)
SAME(buf, buf)

static void *mirror_open(const test_echo_plugin_context *context, test_echo_string *why) {
    static char object;
    (void)context, (void)why;
    return &object;
}

static void mirror_close(void *object) {
    (void)object;
}

static test_echo_status mirror_unit(void *self, test_echo_unit_out *out) {
    (void)self;
    return test_echo_unit_return(out);
}

/* More arguments than there are registers. */
static test_echo_status mirror_many(void *self, uint8_t a, uint64_t b, test_echo_bool c, float d, test_echo_i128 e,
                                    test_echo_char f, test_echo_str g, test_echo_slice_u16 h, test_echo_level i,
                                    test_echo_many_out *out) {
    char text[200];
    int len = snprintf(text, sizeof text, "%d %llu %d %g %lld %x %.*s %zu %d %u", a, (unsigned long long)b, c, (double)d,
                       (long long)e, (unsigned)f, (int)g.len, g.ptr, h.len, h.len == 0 ? 0 : h.ptr[h.len - 1], i.tag);
    (void)self;
    return test_echo_many_return(out, test_echo_make_string(text, (size_t)len));
}

static test_echo_status mirror_text(void *self, test_echo_str value, test_echo_text_out *out) {
    (void)self;
    return test_echo_text_return(out, test_echo_make_string(value.ptr, value.len));
}

static test_echo_status mirror_bytes(void *self, test_echo_slice_u8 value, test_echo_bytes_out *out) {
    (void)self;
    return test_echo_bytes_return(out, test_echo_make_bytes(value.ptr, value.len));
}

static test_echo_status mirror_words(void *self, test_echo_slice_i64 value, test_echo_words_out *out) {
    (void)self;
    return test_echo_words_return(out, test_echo_make_vec_i64(value.ptr, value.len));
}

static test_echo_status mirror_wide(void *self, test_echo_slice_u128 value, test_echo_wide_out *out) {
    (void)self;
    return test_echo_wide_return(out, test_echo_make_vec_u128(value.ptr, value.len));
}

/* One part moves on, the others are dropped. */
static test_echo_status mirror_named(void *self, test_echo_named value, test_echo_named_out *out) {
    (void)self;
    if (value.flag) return test_echo_named_ok(out, value);
    test_echo_drop_string(&value.text);
    test_echo_drop_bytes(&value.bytes);
    return test_echo_named_err(out, test_echo_make_shape_line(-1, value.pair));
}

/* Fields move out of one box and into another. */
static test_echo_status mirror_options(void *self, test_echo_options value, test_echo_options_out *out) {
    test_echo_options_fields fields;
    test_echo_pair to;
    (void)self;
    if (value.fields != 4) return test_echo_refused(out, "another number of options");
    if (value.ptr->wide.tag == TEST_ECHO_SOME) return test_echo_options_ok(out, value);
    fields = *value.ptr;
    value.release(value.ptr, 4);
    to = test_echo_make_pair(fields.small, fields.name);
    return test_echo_options_err(out, test_echo_make_remark_reply(to, fields.remarks));
}

static test_echo_status mirror_lent_pair(void *self, test_echo_tuple_str_slice_u16 value,
                                         test_echo_lent_pair_out *out) {
    test_echo_string text = test_echo_make_string(value._0.ptr, value._0.len);
    test_echo_vec_u16 words = test_echo_make_vec_u16(value._1.ptr, value._1.len);
    (void)self;
    return test_echo_lent_pair_return(out, test_echo_make_tuple_string_vec_u16(text, words));
}

static test_echo_status mirror_products(void *self, test_echo_products value, test_echo_products_out *out) {
    test_echo_array_level_2 levels;
    (void)self;
    if (value.boxes._0 || value.maybe._1.tag == TEST_ECHO_OK) return test_echo_products_ok(out, value);
    levels.items[0] = value.maybe._1.as.err;
    levels.items[1].tag = TEST_ECHO_LEVEL_LOW;
    test_echo_drop_products(&value);
    return test_echo_products_err(out, levels);
}

/* The pairs are lent, and the memory that they lie in is not. */
static test_echo_status mirror_lent_map(void *self, test_echo_btree_map_str_slice_u16 value,
                                        test_echo_lent_map_out *out) {
    test_echo_btree_map_string_vec_u16 map = test_echo_make_btree_map_string_vec_u16(value.len);
    size_t at;
    (void)self;
    for (at = 0; at < value.len; at++) {
        map.ptr[at].key = test_echo_make_string(value.ptr[at].key.ptr, value.ptr[at].key.len);
        map.ptr[at].value = test_echo_make_vec_u16(value.ptr[at].value.ptr, value.ptr[at].value.len);
    }
    test_echo_drop_btree_map_str_slice_u16(&value);
    return test_echo_lent_map_return(out, map);
}

static test_echo_status mirror_maps(void *self, test_echo_maps value, test_echo_maps_out *out) {
    test_echo_hash_map_u8_level levels;
    (void)self;
    if (value.maybe.tag == TEST_ECHO_SOME) return test_echo_maps_ok(out, value);
    test_echo_drop_maps(&value);
    levels = test_echo_make_hash_map_u8_level(2);
    levels.ptr[0].key = 1;
    levels.ptr[0].value.tag = TEST_ECHO_LEVEL_LOW;
    levels.ptr[1].key = 2;
    levels.ptr[1].value.tag = TEST_ECHO_LEVEL_HIGH;
    return test_echo_maps_err(out, levels);
}

static test_echo_status mirror_views(void *self, test_echo_hash_map_string_vec_bytes value,
                                     test_echo_views_out *out) {
    (void)self;
    if (value.len) return test_echo_views_ok(out, value);
    test_echo_drop_hash_map_string_vec_bytes(&value);
    return test_echo_views_err(out, test_echo_make_string("nothing to see", 14));
}

TEST_ECHO_PLUGIN(mirror, "1.0.0", mirror_open, mirror_close, mirror);
