/* A host in C that waits for its plugin, and gives it what there is to wait for. It ends with 0 when all is well. */

#define _POSIX_C_SOURCE 200809L
#define FIXTURE_WAITING_HOST
#include "fixture_waiting.h"

#include <pthread.h>

#define CHECK(what) \
    do { \
        if (!(what)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
            return 1; \
        } \
    } while (0)
#define ENDS_WELL(call) CHECK((call) == FIXTURE_WAITING_STATUS_OK)

/* ---- A waker of this host's: it ends a wait. It lives as long as the program, and counts who keeps it. */

typedef struct bell {
    fixture_waiting_waker waker;
    pthread_mutex_t lock;
    pthread_cond_t rings;
    int rung;
    int kept;
} bell;

static void change(const fixture_waiting_waker *waker, int kept, int rings) {
    bell *self = (bell *)(uintptr_t)waker;
    pthread_mutex_lock(&self->lock);
    self->kept += kept;
    self->rung |= rings;
    pthread_cond_signal(&self->rings);
    pthread_mutex_unlock(&self->lock);
}

static const fixture_waiting_waker *bell_clone(const fixture_waiting_waker *waker) {
    change(waker, 1, 0);
    return waker;
}

static void bell_wake(const fixture_waiting_waker *waker) {
    change(waker, -1, 1);
}

static void bell_wake_by_ref(const fixture_waiting_waker *waker) {
    change(waker, 0, 1);
}

static void bell_drop(const fixture_waiting_waker *waker) {
    change(waker, -1, 0);
}

static bell the_bell = {{bell_clone, bell_wake, bell_wake_by_ref, bell_drop}, PTHREAD_MUTEX_INITIALIZER,
                        PTHREAD_COND_INITIALIZER, 0, 0};

static void wait_for_it(void) {
    pthread_mutex_lock(&the_bell.lock);
    while (!the_bell.rung) pthread_cond_wait(&the_bell.rings, &the_bell.lock);
    the_bell.rung = 0;
    pthread_mutex_unlock(&the_bell.lock);
}

/* Polls until it is there. */
#define AWAIT(kind, future, out) \
    while ((status = fixture_waiting_poll_##kind(&(future), &the_bell.waker, &(out))) == FIXTURE_WAITING_STATUS_PENDING) \
        wait_for_it()

/* ---- What the plugin is given */

static void counts_close(void *object) {
    (void)object;
}

static fixture_waiting_status counts_next(void *object, fixture_waiting_numbers_next_out *out) {
    return fixture_waiting_numbers_next_ready(out, ++*(uint64_t *)object);
}

FIXTURE_WAITING_NUMBERS_OBJECT(counts, counts_close, counts);

/* Pending once, and woken on the spot. */
static fixture_waiting_status slow_poll(void **state, const fixture_waiting_waker *waker, fixture_waiting_future_u64_out *out) {
    uint64_t *value = (uint64_t *)state[0];
    if (*value != 41) {
        *value = 41;
        waker->wake_by_ref(waker);
        return FIXTURE_WAITING_STATUS_PENDING;
    }
    return fixture_waiting_future_u64_ready(out, *value);
}

static fixture_waiting_status downwards_next(void **state, fixture_waiting_iterator_u64_out *out) {
    uint64_t *left = (uint64_t *)state[0];
    if (*left == 0) return fixture_waiting_iterator_u64_end(out);
    return fixture_waiting_iterator_u64_some(out, (*left)--);
}

static fixture_waiting_status downwards_poll(void **state, const fixture_waiting_waker *waker,
                                             fixture_waiting_stream_u64_out *out) {
    uint64_t *left = (uint64_t *)state[0];
    (void)waker;
    if (*left == 0) return fixture_waiting_stream_u64_end(out);
    return fixture_waiting_stream_u64_some(out, (*left)--);
}

static uint64_t *number(uint64_t value) {
    uint64_t *made = (uint64_t *)fixture_waiting_allocate(1, sizeof *made);
    *made = value;
    return made;
}

static int waits(fixture_waiting_plugin *plugin) {
    fixture_waiting_status status;
    fixture_waiting_rounds_out rounds;
    fixture_waiting_future_result_string_fetch_error_out seen;
    fixture_waiting_ready_out ready;
    fixture_waiting_future_result_u64_fetch_error_out length;
    fixture_waiting_sum_out sum;
    fixture_waiting_run_out run;
    fixture_waiting_future_u64_out value;
    fixture_waiting_forever_out forever;
    fixture_waiting_future_unit_out never;
    fixture_waiting_running_out running;
    uint64_t count = 0;

    ENDS_WELL(fixture_waiting_call_rounds(plugin, fixture_waiting_lend("ab"), 3, &rounds));
    AWAIT(future_result_string_fetch_error, rounds.value, seen);
    CHECK(status == FIXTURE_WAITING_STATUS_OK && seen.value.tag == FIXTURE_WAITING_OK && seen.value.as.ok.len == 6);
    fixture_waiting_drop_result_string_fetch_error(&seen.value);
    /* It is not asked again. */
    CHECK(fixture_waiting_poll_future_result_string_fetch_error(&rounds.value, &the_bell.waker, &seen) ==
          FIXTURE_WAITING_STATUS_ERROR);
    fixture_waiting_drop_string(&seen.fault);
    fixture_waiting_drop_future_result_string_fetch_error(&rounds.value);

    ENDS_WELL(fixture_waiting_call_ready(plugin, fixture_waiting_lend(""), &ready));
    AWAIT(future_result_u64_fetch_error, ready.value, length);
    CHECK(status == FIXTURE_WAITING_STATUS_OK && length.value.tag == FIXTURE_WAITING_ERR);
    fixture_waiting_drop_result_u64_fetch_error(&length.value);
    fixture_waiting_drop_future_result_u64_fetch_error(&ready.value);

    ENDS_WELL(fixture_waiting_call_sum(plugin, counts_lend(&count), 4, &sum));
    AWAIT(future_u64, sum.value, value);
    CHECK(status == FIXTURE_WAITING_STATUS_OK && value.value == 10);
    fixture_waiting_drop_future_u64(&sum.value);

    ENDS_WELL(fixture_waiting_call_run(
        plugin, fixture_waiting_make_future_u64(number(0), slow_poll, fixture_waiting_free_state), &run));
    AWAIT(future_u64, run.value, value);
    CHECK(status == FIXTURE_WAITING_STATUS_OK && value.value == 42);
    fixture_waiting_drop_future_u64(&run.value);

    ENDS_WELL(fixture_waiting_call_forever(plugin, &forever));
    CHECK(fixture_waiting_poll_future_unit(&forever.value, &the_bell.waker, &never) == FIXTURE_WAITING_STATUS_PENDING);
    ENDS_WELL(fixture_waiting_call_running(plugin, &running));
    CHECK(running.value == 1);
    fixture_waiting_drop_future_unit(&forever.value);
    ENDS_WELL(fixture_waiting_call_running(plugin, &running));
    CHECK(running.value == 0);
    return 0;
}

static int yields(fixture_waiting_plugin *plugin) {
    fixture_waiting_status status;
    fixture_waiting_names_out names;
    fixture_waiting_iterator_string_out name;
    fixture_waiting_add_up_out added;
    fixture_waiting_ticks_out ticks;
    fixture_waiting_stream_u64_out tick;
    fixture_waiting_drain_out drain;
    fixture_waiting_future_u64_out drained;
    int count = 0;

    ENDS_WELL(fixture_waiting_call_names(plugin, fixture_waiting_lend("x"), &names));
    CHECK(names.value.tag == FIXTURE_WAITING_OK);
    for (;;) {
        ENDS_WELL(fixture_waiting_next_iterator_string(&names.value.as.ok, &name));
        if (name.value.tag == FIXTURE_WAITING_NONE) break;
        count++;
        fixture_waiting_drop_string(&name.value.value);
    }
    CHECK(count == 3);
    ENDS_WELL(fixture_waiting_next_iterator_string(&names.value.as.ok, &name));
    CHECK(name.value.tag == FIXTURE_WAITING_NONE);
    fixture_waiting_drop_iterator_string(&names.value.as.ok);

    ENDS_WELL(fixture_waiting_call_add_up(
        plugin, fixture_waiting_make_iterator_u64(number(3), downwards_next, fixture_waiting_free_state), &added));
    CHECK(added.value == 6);

    ENDS_WELL(fixture_waiting_call_ticks(plugin, 3, &ticks));
    for (count = 3;; count--) {
        AWAIT(stream_u64, ticks.value, tick);
        CHECK(status == FIXTURE_WAITING_STATUS_OK);
        if (tick.value.tag == FIXTURE_WAITING_NONE) break;
        CHECK(tick.value.value == (uint64_t)count - 1);
    }
    CHECK(count == 0);
    fixture_waiting_drop_stream_u64(&ticks.value);

    ENDS_WELL(fixture_waiting_call_drain(
        plugin, fixture_waiting_make_stream_u64(number(4), downwards_poll, fixture_waiting_free_state), &drain));
    AWAIT(future_u64, drain.value, drained);
    CHECK(status == FIXTURE_WAITING_STATUS_OK && drained.value == 10);
    fixture_waiting_drop_future_u64(&drain.value);
    return 0;
}

int main(int argc, char **argv) {
    fixture_waiting_plugin plugin;
    fixture_waiting_plugin_destroy_out end;
    CHECK(argc == 2);
    if (!fixture_waiting_load(&plugin, argv[1], NULL, 0)) {
        fprintf(stderr, "%s\n", plugin.why);
        return 1;
    }
    if (waits(&plugin) != 0 || yields(&plugin) != 0) return 1;
    ENDS_WELL(fixture_waiting_unload(&plugin, &end));
    pthread_mutex_lock(&the_bell.lock);
    CHECK(the_bell.kept == 0);
    pthread_mutex_unlock(&the_bell.lock);
    printf("all well\n");
    return 0;
}
