/* Everything that can be wrong with what a plugin hands over. What is owned beside it is real: it has to come back. */

#include "test_liar.h"

typedef test_liar_status status;
typedef const test_liar_waker waker;

#define OK TEST_LIAR_STATUS_OK
#define PENDING TEST_LIAR_STATUS_PENDING
/* What no side knows. */
#define NOBODY_KNOWS 99

static char nothing;
/* How often something was given back since the host asked. */
static uint32_t gone;

static void *liar_open(const test_liar_plugin_context *context, test_liar_string *why) {
    (void)context, (void)why;
    return &nothing;
}

static void liar_close(void *object) {
    (void)object;
}

static status liar_gone(void *self, test_liar_gone_out *out) {
    uint32_t since = gone;
    (void)self;
    gone = 0;
    return test_liar_gone_return(out, since);
}

/* ---- Iterators */

static status counts_drop(void **state, test_liar_plugin_destroy_out *out) {
    gone++;
    return test_liar_free_state(state, out);
}

static status fails_drop(void **state, test_liar_plugin_destroy_out *out) {
    test_liar_free_state(state, out);
    return test_liar_panicked(out, "it will not go");
}

static status never_ends(void **state, test_liar_iterator_string_out *out) {
    (void)state;
    return test_liar_iterator_string_some(out, test_liar_make_string("again", 5));
}

/* None, and then some after all. */
static status comes_back(void **state, test_liar_iterator_string_out *out) {
    char *asked = (char *)state[0];
    if ((*asked)++ == 0) return test_liar_iterator_string_end(out);
    abort();
}

static status bad_tag(void **state, test_liar_iterator_string_out *out) {
    (void)state;
    out->value.tag = 2;
    return OK;
}

static status bad_text(void **state, test_liar_iterator_string_out *out) {
    (void)state;
    return test_liar_iterator_string_some(out, test_liar_make_string("\xff", 1));
}

static status bad_status(void **state, test_liar_iterator_string_out *out) {
    (void)state, (void)out;
    return NOBODY_KNOWS;
}

static status not_yet(void **state, test_liar_iterator_string_out *out) {
    (void)state, (void)out;
    return PENDING;
}

static status fails(void **state, test_liar_iterator_string_out *out) {
    (void)state;
    return test_liar_panicked(out, "out of items");
}

static status liar_items(void *self, uint32_t how, test_liar_items_out *out) {
    static test_liar_iterator_string_next_fn *const all[] = {never_ends, comes_back, bad_tag, bad_text, bad_status,
                                                             not_yet,    fails,      NULL,    fails};
    test_liar_plugin_drop_fn *drop = how == 8 ? NULL : how == 1 ? fails_drop : counts_drop;
    (void)self;
    /* What nobody drops is nobody's: it is not allocated. */
    return test_liar_items_ok(
        out, test_liar_make_iterator_string(how == 8 ? (void *)&nothing : test_liar_allocate(1, 1), all[how], drop));
}

/* ---- Closures */

static status answers(void *object, uint8_t with, test_liar_fn_u8_bool_out *out) {
    (void)object;
    return with == NOBODY_KNOWS ? NOBODY_KNOWS : test_liar_fn_u8_bool_return(out, with);
}

TEST_LIAR_FN_U8_BOOL_CLOSURE(call_answers, answers);

static status counts_release(void *object, test_liar_plugin_destroy_out *out) {
    gone++;
    return test_liar_free_object(object, out);
}

static status liar_closure(void *self, uint32_t how, test_liar_closure_out *out) {
    test_liar_fn_u8_bool made;
    (void)self;
    made = test_liar_make_fn_u8_bool(how == 1 ? NULL : test_liar_allocate(1, 1), call_answers, counts_release);
    if (how == 0) made.call = NULL;
    return test_liar_closure_return(out, made);
}

/* What can be called once, twice: what is said the second time. */
static status liar_calls_twice(void *self, test_liar_fn_once_u8_u8 once, test_liar_calls_twice_out *out) {
    test_liar_fn_once_u8_u8_out said;
    test_liar_string text;
    status second;
    (void)self;
    if (test_liar_call_fn_once_u8_u8(&once, 1, &said) != OK) return test_liar_panicked(out, "not even once");
    second = test_liar_call_fn_once_u8_u8(&once, 2, &said);
    test_liar_drop_fn_once_u8_u8(&once);
    if (second != TEST_LIAR_STATUS_ERROR) return test_liar_panicked(out, "twice");
    text = said.fault;
    return test_liar_calls_twice_err(out, test_liar_make_fault_said(text));
}

/* ---- Objects */

static status part_flag(void *object, test_liar_part_flag_out *out) {
    (void)object;
    return test_liar_part_flag_return(out, 2);
}

static status part_name(void *object, test_liar_part_name_out *out) {
    (void)object;
    return test_liar_part_name_return(out, test_liar_lend("part"));
}

static void part_close(void *object) {
    gone++;
    free(object);
}

TEST_LIAR_PART_OBJECT(part, part_close, part);

static status liar_object(void *self, uint32_t how, test_liar_object_out *out) {
    /* Tables of their own, because those of the header are true; they live as long as the code does. */
    static test_liar_plugin_object_table tables[9];
    static test_liar_plugin_row rows[2];
    test_liar_part made = part_give(how < 5 ? (void *)&nothing : test_liar_allocate(1, 1));
    test_liar_plugin_object_table *table = &tables[how < 9 ? how : 0];
    (void)self;
    if (how >= 9) return test_liar_object_ok(out, made);
    *table = *made.table;
    memcpy(rows, table->contract.rows, sizeof rows);
    made.table = table;
    switch (how) {
    case 0: made.object = NULL; break;
    case 1: made.table = NULL; break;
    case 2: made.table = (const test_liar_plugin_object_table *)(const void *)((const char *)table + 1); break;
    case 3: table->size = sizeof table->size; break;
    /* From here on there is a table, and the object comes back. */
    case 4: table->release = NULL, table->contract.id = test_liar_lend("test.other"); break;
    case 5: table->contract.id.ptr = NULL; break;
    case 6: table->contract.rows = NULL; break;
    case 7: table->contract.rows = (const test_liar_plugin_row *)(const void *)((const char *)rows + 1); break;
    default: rows[1].call = NULL, table->contract.rows = rows; break;
    }
    return test_liar_object_ok(out, made);
}

static status liar_short_object(void *self, test_liar_short_object_out *out) {
    static test_liar_plugin_object_table table;
    test_liar_part made = part_give(test_liar_allocate(1, 1));
    (void)self;
    table = *made.table;
    table.contract.len = 1;
    made.table = &table;
    return test_liar_short_object_ok(out, made);
}

/* ---- What borrows */

static status liar_text(void *self, uint32_t how, test_liar_text_out *out) {
    test_liar_str text = test_liar_lend("\xff");
    (void)self;
    if (how == 1) text.ptr = NULL;
    if (how == 2) text.len = SIZE_MAX;
    return test_liar_text_ok(out, text);
}

static status liar_words(void *self, uint32_t how, test_liar_words_out *out) {
    static test_liar_word words[2];
    const char *crooked = (const char *)words + 1;
    (void)self;
    if (how == 0) return test_liar_words_ok(out, test_liar_make_slice_word(NULL, 1));
    if (how == 1) return test_liar_words_ok(out, test_liar_make_slice_word((const test_liar_word *)(const void *)crooked, 1));
    return test_liar_words_ok(out, test_liar_make_slice_word(words, SIZE_MAX / 4));
}

static status liar_path(void *self, test_liar_path_out *out) {
    (void)self;
    return test_liar_path_ok(out, test_liar_make_path(NULL, 1));
}

/* ---- Futures */

typedef struct later {
    uint32_t how;
    waker *kept;
} later;

static status later_poll(void **state, waker *lent, test_liar_future_result_u8_fault_out *out) {
    later *of = (later *)state[0];
    switch (of->how) {
    case 0: out->value.tag = 7; return OK;
    case 1: return NOBODY_KNOWS;
    case 2:
        /* Given back twice, while the future is there. */
        of->kept = lent->clone(lent);
        of->kept->wake(of->kept);
        of->kept->wake(of->kept);
        return PENDING;
    case 3:
        of->kept = lent->clone(lent);
        of->kept->drop(of->kept);
        of->kept->drop(of->kept);
        return PENDING;
    case 4:
        /* As often as it likes: this one is lent. */
        lent->wake_by_ref(lent);
        lent->wake(lent);
        lent->drop(lent);
        of->how = 5;
        return PENDING;
    default: return test_liar_future_result_u8_fault_ok(out, 5);
    }
}

static status liar_later(void *self, uint32_t how, test_liar_later_out *out) {
    later *of = (later *)test_liar_allocate(1, sizeof *of);
    test_liar_future_result_u8_fault made = test_liar_make_future_result_u8_fault(of, later_poll, counts_drop);
    (void)self;
    of->how = how;
    if (how == 10) made.poll = NULL;
    if (how == 11) free(of), made.drop = NULL;
    if (how == 12) made.drop = fails_drop;
    return test_liar_later_return(out, made);
}

static status stream_poll(void **state, waker *lent, test_liar_stream_u8_out *out) {
    char *asked = (char *)state[0];
    (void)lent;
    if (*asked == 2) {
        out->value.tag = 2;
        return OK;
    }
    if (*asked == 3) return NOBODY_KNOWS;
    if ((*asked)++ == 0) return test_liar_stream_u8_end(out);
    abort();
}

static status liar_stream(void *self, uint32_t how, test_liar_stream_out *out) {
    char *asked = (char *)test_liar_allocate(1, 1);
    test_liar_stream_u8 made = test_liar_make_stream_u8(asked, how == 1 ? NULL : stream_poll, counts_drop);
    (void)self;
    *asked = (char)how;
    return test_liar_stream_ok(out, made);
}

/* ---- Sinks: what cannot be is not believed, and the vector stays what it was */

static status liar_sink(void *self, test_liar_sink sink, uint32_t how, test_liar_sink_out *out) {
    size_t len = how == 0 ? sink.cap + 1 : sink.len, more = how == 1 ? SIZE_MAX : how == 2 ? SIZE_MAX / 2 : 0;
    test_liar_room room = sink.grow(sink.context, len, more);
    (void)self;
    return test_liar_sink_return(out, room.ptr != NULL);
}

/* ---- What is returned twice: it is read and given back twice, and never after that */

static uint8_t bytes[3];

static void poisons(void *ptr, size_t cap) {
    gone++;
    memset(ptr, 0xdd, cap);
}

static status liar_twice(void *self, test_liar_twice_out *out) {
    test_liar_bytes made;
    (void)self;
    if (bytes[0] == 0) memset(bytes, 7, sizeof bytes);
    made.ptr = bytes;
    made.len = made.cap = sizeof bytes;
    made.free = poisons;
    return test_liar_twice_ok(out, made);
}

TEST_LIAR_PLUGIN(liar, "1.0.0", liar_open, liar_close, liar);
