/* A host in C whose plugin hands objects and closures to and fro, and is given some. It ends with 0 when all is well. */

#define FIXTURE_WORKSHOP_HOST
#include "fixture_workshop.h"

#define CHECK(what) \
    do { \
        if (!(what)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
            return 1; \
        } \
    } while (0)
#define ENDS_WELL(call) CHECK((call) == FIXTURE_WORKSHOP_STATUS_OK)

static int is(const char *ptr, size_t len, const char *text) {
    return len == strlen(text) && memcmp(ptr, text, len) == 0;
}

/* ---- A clock and a session of this host's */

typedef struct ticks {
    uint64_t next;
    int closed;
} ticks;

static void ticks_close(void *object) {
    ((ticks *)object)->closed++;
}

static fixture_workshop_status ticks_now(void *object, fixture_workshop_clock_now_out *out) {
    return fixture_workshop_clock_now_return(out, ((ticks *)object)->next++);
}

FIXTURE_WORKSHOP_CLOCK_OBJECT(ticks, ticks_close, ticks);

static void mine_close(void *object) {
    (void)object;
}

static fixture_workshop_status mine_add(void *object, fixture_workshop_str line, fixture_workshop_session_add_out *out) {
    *(uint64_t *)object += line.len;
    return fixture_workshop_session_add_return(out, *(uint64_t *)object);
}

static fixture_workshop_status mine_lines(void *object, fixture_workshop_session_lines_out *out) {
    fixture_workshop_vec_string all = fixture_workshop_make_vec_string(1);
    (void)object;
    all.ptr[0] = fixture_workshop_make_string("mine", 4);
    return fixture_workshop_session_lines_return(out, all);
}

static fixture_workshop_status mine_fork(void *object, fixture_workshop_session_fork_out *out) {
    (void)object;
    return fixture_workshop_panicked(out, "no fork");
}

static fixture_workshop_status mine_last(void *object, fixture_workshop_session_last_out *out) {
    (void)object;
    return fixture_workshop_session_last_return(out, fixture_workshop_lend("mine"));
}

static fixture_workshop_status mine_explode(void *object, fixture_workshop_session_explode_out *out) {
    (void)object;
    return fixture_workshop_panicked(out, "the host's own");
}

FIXTURE_WORKSHOP_SESSION_OBJECT(mine, mine_close, mine);

/* ---- Closures of this host's */

static fixture_workshop_status tenfold(void *object, uint64_t number, fixture_workshop_fn_u64_u64_out *out) {
    ++*(int *)object;
    return fixture_workshop_fn_u64_u64_return(out, number * 10);
}

FIXTURE_WORKSHOP_FN_U64_U64_CLOSURE(call_tenfold, tenfold);

static fixture_workshop_status lengths(void *object, fixture_workshop_str text, fixture_workshop_fn_str_u64_out *out) {
    (void)object;
    return fixture_workshop_fn_str_u64_return(out, text.len);
}

FIXTURE_WORKSHOP_FN_STR_U64_CLOSURE(call_lengths, lengths);

static int released;

static fixture_workshop_status counts_release(void *object, fixture_workshop_plugin_destroy_out *out) {
    released++;
    return fixture_workshop_free_object(object, out);
}

/* What is lent a session reads it. */
static fixture_workshop_status reads(void *object, fixture_workshop_session session, fixture_workshop_fn_session_u64_out *out) {
    fixture_workshop_session_last_out last;
    (void)object;
    if (fixture_workshop_call_session_last(&session, &last) != FIXTURE_WORKSHOP_STATUS_OK)
        return fixture_workshop_panicked(out, "there is no last line");
    return fixture_workshop_fn_session_u64_return(out, last.value.len);
}

FIXTURE_WORKSHOP_FN_SESSION_U64_CLOSURE(call_reads, reads);

static int objects(fixture_workshop_plugin *shop) {
    ticks clock = {7, 0};
    uint64_t held = 0;
    fixture_workshop_open_out open;
    fixture_workshop_session_add_out added;
    fixture_workshop_session_fork_out fork;
    fixture_workshop_session_last_out last;
    fixture_workshop_session_explode_out exploded;
    fixture_workshop_alive_out alive;
    fixture_workshop_keep_out kept;
    fixture_workshop_ask_out asked;
    fixture_workshop_read_out read;
    fixture_workshop_write_out wrote;
    fixture_workshop_consume_out consumed;

    ENDS_WELL(fixture_workshop_call_open(shop, fixture_workshop_lend("first"), &open));
    ENDS_WELL(fixture_workshop_call_session_add(&open.value, fixture_workshop_lend("second"), &added));
    CHECK(added.value == 2);
    ENDS_WELL(fixture_workshop_call_session_fork(&open.value, &fork));
    ENDS_WELL(fixture_workshop_call_alive(shop, &alive));
    CHECK(alive.value == 2);
    fixture_workshop_drop_session(&open.value);
    fixture_workshop_drop_session(&open.value); /* nothing is left of it */
    ENDS_WELL(fixture_workshop_call_session_last(&fork.value, &last));
    CHECK(is(last.value.ptr, last.value.len, "second"));
    CHECK(fixture_workshop_call_session_explode(&fork.value, &exploded) == FIXTURE_WORKSHOP_STATUS_PANICKED);
    CHECK(exploded.fault.len >= 18 && is(exploded.fault.ptr, 18, "a session exploded"));
    fixture_workshop_drop_string(&exploded.fault);
    fixture_workshop_drop_session(&fork.value);
    ENDS_WELL(fixture_workshop_call_alive(shop, &alive));
    CHECK(alive.value == 0);

    ENDS_WELL(fixture_workshop_call_keep(shop, ticks_give(&clock), &kept));
    ENDS_WELL(fixture_workshop_call_ask(shop, &asked));
    ENDS_WELL(fixture_workshop_call_ask(shop, &asked));
    CHECK(asked.value.tag == FIXTURE_WORKSHOP_SOME && asked.value.value == 8 && clock.closed == 0);
    {
        ticks other = {1, 0};
        ENDS_WELL(fixture_workshop_call_keep(shop, ticks_give(&other), &kept));
        CHECK(clock.closed == 1 && other.closed == 0);
        ENDS_WELL(fixture_workshop_call_keep(shop, ticks_give(&clock), &kept));
        CHECK(other.closed == 1);
    }
    ENDS_WELL(fixture_workshop_call_read(shop, mine_lend(&held), &read));
    CHECK(read.value.len == 1 && is(read.value.ptr[0].ptr, read.value.ptr[0].len, "mine"));
    fixture_workshop_drop_vec_string(&read.value);
    ENDS_WELL(fixture_workshop_call_write(shop, mine_lend(&held), fixture_workshop_lend("four"), &wrote));
    CHECK(wrote.value == 4 && held == 4);
    ENDS_WELL(fixture_workshop_call_consume(shop, mine_give(&held), &consumed));
    CHECK(consumed.value.tag == FIXTURE_WORKSHOP_ERR);
    CHECK(is(consumed.value.as.err.as.fault.ptr, consumed.value.as.err.as.fault.len,
             "plugin host: `fixture.session` explode panicked: the host's own"));
    fixture_workshop_drop_result_vec_string_work_error(&consumed.value);
    /* The plugin keeps the clock of this frame: it is given another, which outlives it. */
    {
        static ticks last_clock;
        ENDS_WELL(fixture_workshop_call_keep(shop, ticks_give(&last_clock), &kept));
        CHECK(clock.closed == 2);
    }
    return 0;
}

static int closures(fixture_workshop_plugin *shop) {
    int calls = 0;
    fixture_workshop_each_out each;
    fixture_workshop_subscribe_out subscribed;
    fixture_workshop_publish_out published;
    fixture_workshop_maybe_out maybe;
    fixture_workshop_adder_out adder;
    fixture_workshop_fn_u64_u64_out sum;
    fixture_workshop_lend_out lent;

    ENDS_WELL(fixture_workshop_call_each(shop, 4, fixture_workshop_make_fn_u64_u64(&calls, call_tenfold, NULL), &each));
    CHECK(each.value == 60 && calls == 4);
    ENDS_WELL(fixture_workshop_call_subscribe(
        shop, fixture_workshop_make_fn_str_u64(fixture_workshop_allocate(1, 1), call_lengths, counts_release), &subscribed));
    ENDS_WELL(fixture_workshop_call_publish(shop, fixture_workshop_lend("four"), &published));
    CHECK(published.value == 4 && released == 0);
    ENDS_WELL(fixture_workshop_call_subscribe(
        shop, fixture_workshop_make_fn_str_u64(fixture_workshop_allocate(1, 1), call_lengths, counts_release), &subscribed));
    CHECK(released == 1);
    ENDS_WELL(fixture_workshop_call_maybe(shop, fixture_workshop_make_option_fn_mut_u64_u64_none(), &maybe));
    CHECK(maybe.value.tag == FIXTURE_WORKSHOP_NONE);
    ENDS_WELL(fixture_workshop_call_adder(shop, 5, &adder));
    ENDS_WELL(fixture_workshop_call_fn_u64_u64(&adder.value, 1, &sum));
    CHECK(sum.value == 6);
    fixture_workshop_drop_fn_u64_u64(&adder.value);
    ENDS_WELL(fixture_workshop_call_lend(shop, fixture_workshop_make_fn_session_u64(&calls, call_reads, NULL), &lent));
    CHECK(lent.value == 4);
    return 0;
}

/* What was moved into a call that is not made is given back all the same. */
static int refused(fixture_workshop_plugin *shop) {
    fixture_workshop_subscribe_out out;
    int before = released;
    shop->poisoned = 1;
    CHECK(fixture_workshop_call_subscribe(
        shop, fixture_workshop_make_fn_str_u64(fixture_workshop_allocate(1, 1), call_lengths, counts_release), &out)
        == FIXTURE_WORKSHOP_STATUS_ERROR);
    CHECK(is(out.fault.ptr, out.fault.len, "it panicked before"));
    fixture_workshop_drop_string(&out.fault);
    CHECK(released == before + 1);
    shop->poisoned = 0;
    shop->methods.subscribe = NULL;
    CHECK(fixture_workshop_call_subscribe(
        shop, fixture_workshop_make_fn_str_u64(fixture_workshop_allocate(1, 1), call_lengths, counts_release), &out)
        == FIXTURE_WORKSHOP_STATUS_UNSUPPORTED);
    CHECK(released == before + 2);
    return 0;
}

int main(int argc, char **argv) {
    fixture_workshop_plugin shop;
    fixture_workshop_plugin_destroy_out end;
    CHECK(argc == 2);
    if (!fixture_workshop_load(&shop, argv[1], NULL, 0)) {
        fprintf(stderr, "%s\n", shop.why);
        return 1;
    }
    if (objects(&shop) != 0 || closures(&shop) != 0 || refused(&shop) != 0) return 1;
    ENDS_WELL(fixture_workshop_unload(&shop, &end));
    CHECK(released == 4);
    printf("all well\n");
    return 0;
}
