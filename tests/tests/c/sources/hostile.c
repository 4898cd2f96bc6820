/* Everything that can be wrong with what a plugin returns. What is owned beside it is real: it has to come back. */

#include "test_hostile.h"

#define STATUS(method) static test_hostile_status hostile_##method
#define PLAIN(method) STATUS(method)(void *self, test_hostile_##method##_out *out)
#define HOW(method) STATUS(method)(void *self, uint32_t how, test_hostile_##method##_out *out)

static char nothing;

static void *hostile_open(const test_hostile_plugin_context *context, test_hostile_string *why) {
    (void)context, (void)why;
    return &nothing;
}

static void hostile_close(void *object) {
    (void)object;
}

static test_hostile_string text(const char *text) {
    return test_hostile_make_string(text, strlen(text));
}

PLAIN(flag) {
    (void)self;
    return test_hostile_flag_ok(out, 2);
}

PLAIN(letter) {
    (void)self;
    return test_hostile_letter_ok(out, 0xd800);
}

PLAIN(level) {
    test_hostile_level level;
    (void)self;
    level.tag = 5;
    return test_hostile_level_ok(out, level);
}

PLAIN(shape) {
    test_hostile_shape shape = test_hostile_make_shape_empty();
    (void)self;
    shape.tag = 2;
    return test_hostile_shape_ok(out, shape);
}

PLAIN(maybe) {
    test_hostile_option_u8 maybe = test_hostile_make_option_u8_some(1);
    (void)self;
    maybe.tag = 2;
    return test_hostile_maybe_ok(out, maybe);
}

PLAIN(tag) {
    (void)self;
    test_hostile_tag_ok(out, 1);
    out->value.tag = UINT32_MAX;
    return TEST_HOSTILE_STATUS_OK;
}

/* Called by nobody: where pointer and length make no sense, it cannot be told what is there. */
static void never(void *ptr, size_t cap) {
    (void)ptr, (void)cap;
    abort();
}

HOW(text) {
    test_hostile_string made;
    (void)self;
    if (how == 0) return test_hostile_text_ok(out, text("\xff\xfe"));
    made.ptr = how == 1 ? NULL : &nothing;
    made.len = how == 1 ? 1 : how == 2 ? SIZE_MAX : 2;
    made.cap = how == 1 ? 1 : how == 2 ? SIZE_MAX : 1;
    made.free = never;
    return test_hostile_text_ok(out, made);
}

HOW(words) {
    static uint32_t words[4];
    test_hostile_vec_u32 made;
    (void)self;
    made.ptr = how == 0 ? NULL : how == 1 ? (uint32_t *)(void *)((char *)words + 1) : words;
    /* As many as are more bytes than half of memory, and as wrap around to few. */
    made.len = how == 2 ? SIZE_MAX / 8 + 1 : how == 3 ? SIZE_MAX / 4 + 2 : 1;
    made.cap = made.len;
    made.free = never;
    return test_hostile_words_ok(out, made);
}

PLAIN(texts) {
    test_hostile_vec_string texts = test_hostile_make_vec_string(3);
    (void)self;
    texts.ptr[0] = text("one");
    texts.ptr[1] = text("\x80");
    texts.ptr[2] = text("three");
    return test_hostile_texts_ok(out, texts);
}

PLAIN(map) {
    test_hostile_btree_map_string_u32 map = test_hostile_make_btree_map_string_u32(3);
    size_t at;
    (void)self;
    for (at = 0; at < 3; at++) {
        map.ptr[at].key = text(at == 1 ? "other" : "same");
        map.ptr[at].value = (uint32_t)at;
    }
    return test_hostile_map_ok(out, map);
}

PLAIN(hash_map) {
    test_hostile_hash_map_u8_string map = test_hostile_make_hash_map_u8_string(2);
    (void)self;
    map.ptr[0].key = map.ptr[1].key = 7;
    map.ptr[0].value = text("one");
    map.ptr[1].value = text("other");
    return test_hostile_hash_map_ok(out, map);
}

PLAIN(set) {
    test_hostile_btree_set_string set = test_hostile_make_btree_set_string(2);
    (void)self;
    set.ptr[0] = text("same");
    set.ptr[1] = text("same");
    return test_hostile_set_ok(out, set);
}

/* Gives back what lies a byte before, where the memory begins. */
static void release_shifted(void *ptr, uint32_t taken) {
    if (taken != 0) abort();
    free((char *)ptr - 1);
}

static void release_never(void *ptr, uint32_t taken) {
    (void)ptr, (void)taken;
    abort();
}

HOW(boxed) {
    static uint64_t number;
    test_hostile_box_u64 made;
    (void)self;
    made.ptr = how == 1 ? (uint64_t *)(void *)((char *)test_hostile_allocate(1, 16) + 1) : how == 2 ? &number : NULL;
    made.release = how == 1 ? release_shifted : how == 2 ? NULL : release_never;
    return test_hostile_boxed_ok(out, made);
}

HOW(remark) {
    test_hostile_remark made;
    (void)self;
    if (how == 0) {
        /* More fields than the variant has, in a box that goes back untouched. */
        made = test_hostile_make_remark_text(text("text"));
        made.fields = 2;
        return test_hostile_remark_ok(out, made);
    }
    made.tag = TEST_HOSTILE_REMARK_TEXT;
    made.fields = how == 3 ? 0 : 1;
    made.ptr = how == 2 ? &nothing : NULL;
    made.release = how == 1 ? release_never : NULL;
    return test_hostile_remark_ok(out, made);
}

HOW(options) {
    test_hostile_options made;
    static test_hostile_options_fields fields;
    (void)self;
    if (how == 0) {
        made = test_hostile_make_options(text("name"), 5);
        made.fields = 1;
        return test_hostile_options_ok(out, made);
    }
    made.fields = 2;
    made.ptr = how == 2 ? &fields : NULL;
    made.release = how == 1 ? release_never : NULL;
    return test_hostile_options_ok(out, made);
}

PLAIN(duration) {
    test_hostile_duration made;
    (void)self;
    made.secs = 1;
    made.nanos = 1000000000;
    return test_hostile_duration_ok(out, made);
}

PLAIN(time) {
    test_hostile_system_time made;
    (void)self;
    made.secs = 1;
    made.nanos = UINT32_MAX;
    return test_hostile_time_ok(out, made);
}

PLAIN(address) {
    test_hostile_ip_addr made;
    (void)self;
    memset(&made, 0, sizeof made);
    made.version = 5;
    return test_hostile_address_ok(out, made);
}

HOW(ended) {
    (void)self;
    if (how == TEST_HOSTILE_STATUS_ERROR) return test_hostile_refused(out, "it said no");
    if (how == TEST_HOSTILE_STATUS_PANICKED) return test_hostile_panicked(out, "\xff");
    return how;
}

TEST_HOSTILE_PLUGIN(hostile, "1.0.0", hostile_open, hostile_close, hostile);
