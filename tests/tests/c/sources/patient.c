/* Everything that waits: ready, pending, never, one after the other. */

#define _POSIX_C_SOURCE 200809L
#define FIXTURE_WAITING_WITHOUT_DOUBLED
#include "fixture_waiting.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

typedef fixture_waiting_status status;
typedef const fixture_waiting_waker waker;

#define OK FIXTURE_WAITING_STATUS_OK
#define PENDING FIXTURE_WAITING_STATUS_PENDING

typedef struct patient {
    atomic_ulong running;
    pthread_mutex_t lock;
    waker *parked;
} patient;

static void *patient_open(const fixture_waiting_plugin_context *context, fixture_waiting_string *why) {
    patient *self = (patient *)fixture_waiting_allocate(1, sizeof *self);
    (void)context, (void)why;
    pthread_mutex_init(&self->lock, NULL);
    return self;
}

static void patient_close(void *object) {
    patient *self = (patient *)object;
    fixture_waiting_drop_waker(&self->parked);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

/* A future's own, that has allocated it. */
#define STATE(type) type *of = (type *)state[0]
#define NEW(type) (type *)fixture_waiting_allocate(1, sizeof(type))

static void sleeps(void) {
    struct timespec moment = {0, 1000000};
    nanosleep(&moment, NULL);
}

static void *wakes_later(void *argument) {
    waker *kept = (waker *)argument;
    sleeps();
    fixture_waiting_wake(&kept);
    return NULL;
}

/* A thread wakes. */
static void round_begins(waker *lent) {
    waker *kept = NULL;
    pthread_t thread;
    fixture_waiting_keep_waker(&kept, lent);
    if (pthread_create(&thread, NULL, wakes_later, (void *)kept) != 0) abort();
    pthread_detach(thread);
}

/* Pending once. */
static int round_ends(int *waited, waker *lent) {
    if (*waited) {
        *waited = 0;
        return 1;
    }
    *waited = 1;
    round_begins(lent);
    return 0;
}

/* ---- At once, and after rounds */

static status patient_ready(void *self, fixture_waiting_str name, fixture_waiting_ready_out *out) {
    fixture_waiting_fetch_error nothing;
    (void)self;
    if (name.len > 0)
        return fixture_waiting_ready_ready(out, fixture_waiting_make_result_u64_fetch_error_ok(name.len));
    nothing = fixture_waiting_make_fetch_error_nothing(fixture_waiting_make_string("", 0));
    return fixture_waiting_ready_ready(out, fixture_waiting_make_result_u64_fetch_error_err(nothing));
}

typedef struct rounds {
    fixture_waiting_str name; /* lent for as long as the future is */
    uint32_t left;
    int waited;
    char seen[64];
    size_t len;
} rounds;

static status rounds_poll(void **state, waker *lent, fixture_waiting_future_result_string_fetch_error_out *out) {
    STATE(rounds);
    while (of->left > 0) {
        if (!round_ends(&of->waited, lent)) return PENDING;
        of->left--;
        if (of->len + of->name.len > sizeof of->seen) return fixture_waiting_panicked(out, "too much");
        if (of->name.len > 0) memcpy(of->seen + of->len, of->name.ptr, of->name.len);
        of->len += of->name.len;
    }
    if (of->name.len == 0)
        return fixture_waiting_future_result_string_fetch_error_err(
            out, fixture_waiting_make_fetch_error_nothing(fixture_waiting_make_string("", 0)));
    return fixture_waiting_future_result_string_fetch_error_ok(out, fixture_waiting_make_string(of->seen, of->len));
}

static status patient_rounds(void *self, fixture_waiting_str name, uint32_t number, fixture_waiting_rounds_out *out) {
    rounds *of = NEW(rounds);
    (void)self;
    of->name = name;
    of->left = number;
    return fixture_waiting_rounds_return(
        out, fixture_waiting_make_future_result_string_fetch_error(of, rounds_poll, fixture_waiting_free_state));
}

/* ---- Never */

static status forever_poll(void **state, waker *lent, fixture_waiting_future_unit_out *out) {
    (void)state, (void)lent, (void)out;
    return PENDING;
}

static status running_drop(void **state, fixture_waiting_plugin_destroy_out *out) {
    (void)out;
    ((patient *)state[0])->running--;
    return OK;
}

static status patient_forever(void *self, fixture_waiting_forever_out *out) {
    ((patient *)self)->running++;
    return fixture_waiting_forever_return(out, fixture_waiting_make_future_unit(self, forever_poll, running_drop));
}

static status patient_running(void *self, fixture_waiting_running_out *out) {
    return fixture_waiting_running_return(out, ((patient *)self)->running);
}

static status fails_poll(void **state, waker *lent, fixture_waiting_future_result_u64_fetch_error_out *out) {
    STATE(int);
    if (!round_ends(of, lent)) return PENDING;
    return fixture_waiting_panicked(out, "after a round");
}

static status patient_fails(void *self, fixture_waiting_fails_out *out) {
    (void)self;
    return fixture_waiting_fails_return(
        out, fixture_waiting_make_future_result_u64_fetch_error(NEW(int), fails_poll, fixture_waiting_free_state));
}

/* ---- What others have: objects that wait, closures, futures */

typedef struct sums {
    fixture_waiting_numbers numbers; /* lent for as long as the future is */
    fixture_waiting_future_u64 next;
    int asked;
    uint32_t left;
    uint64_t sum;
} sums;

static status sum_poll(void **state, waker *lent, fixture_waiting_future_u64_out *out) {
    STATE(sums);
    while (of->left > 0) {
        status ended;
        if (!of->asked) {
            fixture_waiting_numbers_next_out begun;
            ended = fixture_waiting_call_numbers_next(&of->numbers, &begun);
            if (ended != OK) return fixture_waiting_failed(ended, &begun, out);
            of->next = begun.value;
            of->asked = 1;
        }
        ended = fixture_waiting_poll_future_u64(&of->next, lent, out);
        if (ended != OK) return ended;
        fixture_waiting_drop_future_u64(&of->next);
        of->sum += out->value;
        of->asked = 0;
        of->left--;
    }
    return fixture_waiting_future_u64_ready(out, of->sum);
}

static status sum_drop(void **state, fixture_waiting_plugin_destroy_out *out) {
    STATE(sums);
    (void)out;
    if (of->asked) fixture_waiting_drop_future_u64(&of->next);
    free(of);
    return OK;
}

static status patient_sum(void *self, fixture_waiting_numbers numbers, uint32_t count, fixture_waiting_sum_out *out) {
    sums *of = NEW(sums);
    (void)self;
    of->numbers = numbers;
    of->left = count;
    return fixture_waiting_sum_return(out, fixture_waiting_make_future_u64(of, sum_poll, sum_drop));
}

typedef struct asks {
    fixture_waiting_fn_u64_bool keep;
    int waited;
} asks;

static status asks_poll(void **state, waker *lent, fixture_waiting_future_vec_u64_out *out) {
    STATE(asks);
    uint64_t kept[10], number;
    size_t len = 0;
    if (!round_ends(&of->waited, lent)) return PENDING;
    for (number = 0; number < 10; number++) {
        fixture_waiting_fn_u64_bool_out said;
        status asked = fixture_waiting_call_fn_u64_bool(&of->keep, number, &said);
        if (asked != OK) return fixture_waiting_failed(asked, &said, out);
        if (said.value) kept[len++] = number;
    }
    return fixture_waiting_future_vec_u64_ready(out, fixture_waiting_make_vec_u64(kept, len));
}

static status asks_drop(void **state, fixture_waiting_plugin_destroy_out *out) {
    STATE(asks);
    (void)out;
    fixture_waiting_drop_fn_u64_bool(&of->keep);
    free(of);
    return OK;
}

static status patient_asks(void *self, fixture_waiting_fn_u64_bool keep, fixture_waiting_asks_out *out) {
    asks *of = NEW(asks);
    (void)self;
    of->keep = keep;
    return fixture_waiting_asks_return(out, fixture_waiting_make_future_vec_u64(of, asks_poll, asks_drop));
}

static status run_poll(void **state, waker *lent, fixture_waiting_future_u64_out *out) {
    STATE(fixture_waiting_future_u64);
    status ended = fixture_waiting_poll_future_u64(of, lent, out);
    if (ended == OK) out->value++;
    return ended;
}

static status run_drop(void **state, fixture_waiting_plugin_destroy_out *out) {
    STATE(fixture_waiting_future_u64);
    (void)out;
    fixture_waiting_drop_future_u64(of);
    free(of);
    return OK;
}

static status patient_run(void *self, fixture_waiting_future_u64 work, fixture_waiting_run_out *out) {
    fixture_waiting_future_u64 *of = NEW(fixture_waiting_future_u64);
    (void)self;
    *of = work;
    return fixture_waiting_run_return(out, fixture_waiting_make_future_u64(of, run_poll, run_drop));
}

typedef struct later {
    uint64_t value;
    int waited;
} later;

static status later_poll(void **state, waker *lent, fixture_waiting_future_u64_out *out) {
    STATE(later);
    if (!round_ends(&of->waited, lent)) return PENDING;
    return fixture_waiting_future_u64_ready(out, of->value);
}

static status patient_later(void *self, uint64_t value, fixture_waiting_later_out *out) {
    later *of = NEW(later);
    (void)self;
    of->value = value;
    return fixture_waiting_later_return(out, fixture_waiting_make_future_u64(of, later_poll, fixture_waiting_free_state));
}

/* ---- Wakers that are kept */

static status parks_poll(void **state, waker *lent, fixture_waiting_future_unit_out *out) {
    STATE(patient);
    (void)out;
    pthread_mutex_lock(&of->lock);
    fixture_waiting_keep_waker(&of->parked, lent);
    pthread_mutex_unlock(&of->lock);
    return PENDING;
}

static status nothing_drop(void **state, fixture_waiting_plugin_destroy_out *out) {
    (void)state, (void)out;
    return OK;
}

static status patient_parks(void *self, fixture_waiting_parks_out *out) {
    return fixture_waiting_parks_return(out, fixture_waiting_make_future_unit(self, parks_poll, nothing_drop));
}

static void *wakes_twice(void *argument) {
    waker *kept = (waker *)argument;
    kept->wake_by_ref(kept);
    fixture_waiting_wake(&kept);
    return NULL;
}

static status patient_wakes(void *self, fixture_waiting_wakes_out *out) {
    patient *of = (patient *)self;
    waker *kept;
    pthread_t thread;
    pthread_mutex_lock(&of->lock);
    kept = of->parked;
    of->parked = NULL;
    pthread_mutex_unlock(&of->lock);
    if (kept != NULL) {
        if (pthread_create(&thread, NULL, wakes_twice, (void *)kept) != 0) abort();
        pthread_join(thread, NULL);
    }
    return fixture_waiting_wakes_return(out);
}

static status title_poll(void **state, waker *lent, fixture_waiting_future_str_out *out) {
    STATE(int);
    if (!round_ends(of, lent)) return PENDING;
    return fixture_waiting_future_str_ready(out, fixture_waiting_lend("patient"));
}

static status patient_title(void *self, fixture_waiting_title_out *out) {
    (void)self;
    return fixture_waiting_title_return(
        out, fixture_waiting_make_future_str(NEW(int), title_poll, fixture_waiting_free_state));
}

/* ---- One after the other */

typedef struct names {
    patient *self;
    fixture_waiting_string end;
    size_t at;
} names;

static status names_next(void **state, fixture_waiting_iterator_string_out *out) {
    static const char *const all[] = {"one", "two", "three"};
    char text[64];
    int len;
    STATE(names);
    if (of->at == 3) return fixture_waiting_iterator_string_end(out);
    len = snprintf(text, sizeof text, "%s-%.*s", all[of->at++], (int)of->end.len, of->end.ptr);
    return fixture_waiting_iterator_string_some(out, fixture_waiting_make_string(text, (size_t)len));
}

static status names_drop(void **state, fixture_waiting_plugin_destroy_out *out) {
    STATE(names);
    (void)out;
    of->self->running--;
    fixture_waiting_drop_string(&of->end);
    free(of);
    return OK;
}

static status patient_names(void *self, fixture_waiting_str end, fixture_waiting_names_out *out) {
    names *of;
    if (end.len == 0)
        return fixture_waiting_names_err(out,
                                         fixture_waiting_make_fetch_error_nothing(fixture_waiting_make_string("", 0)));
    of = NEW(names);
    of->self = (patient *)self;
    of->self->running++;
    of->end = fixture_waiting_make_string(end.ptr, end.len);
    return fixture_waiting_names_ok(out, fixture_waiting_make_iterator_string(of, names_next, names_drop));
}

static status patient_add_up(void *self, fixture_waiting_iterator_u64 items, fixture_waiting_add_up_out *out) {
    fixture_waiting_iterator_u64_out item;
    uint64_t sum = 0;
    status ended;
    (void)self;
    while ((ended = fixture_waiting_next_iterator_u64(&items, &item)) == OK && item.value.tag == FIXTURE_WAITING_SOME) {
        if (item.value.value == 0) break;
        sum += item.value.value;
    }
    fixture_waiting_drop_iterator_u64(&items);
    return ended == OK ? fixture_waiting_add_up_return(out, sum) : fixture_waiting_failed(ended, &item, out);
}

static status ticks_poll(void **state, waker *lent, fixture_waiting_stream_u64_out *out) {
    STATE(later);
    if (of->value == 0) return fixture_waiting_stream_u64_end(out);
    if (!round_ends(&of->waited, lent)) return PENDING;
    return fixture_waiting_stream_u64_some(out, --of->value);
}

static status patient_ticks(void *self, uint64_t count, fixture_waiting_ticks_out *out) {
    later *of = NEW(later);
    (void)self;
    of->value = count;
    return fixture_waiting_ticks_return(out,
                                        fixture_waiting_make_stream_u64(of, ticks_poll, fixture_waiting_free_state));
}

typedef struct drains {
    fixture_waiting_stream_u64 stream;
    uint64_t sum;
} drains;

static status drain_poll(void **state, waker *lent, fixture_waiting_future_u64_out *out) {
    STATE(drains);
    for (;;) {
        fixture_waiting_stream_u64_out item;
        status asked = fixture_waiting_poll_stream_u64(&of->stream, lent, &item);
        if (asked == PENDING) return PENDING;
        if (asked != OK) return fixture_waiting_failed(asked, &item, out);
        if (item.value.tag != FIXTURE_WAITING_SOME) return fixture_waiting_future_u64_ready(out, of->sum);
        of->sum += item.value.value;
    }
}

static status drain_drop(void **state, fixture_waiting_plugin_destroy_out *out) {
    STATE(drains);
    (void)out;
    fixture_waiting_drop_stream_u64(&of->stream);
    free(of);
    return OK;
}

static status patient_drain(void *self, fixture_waiting_stream_u64 stream, fixture_waiting_drain_out *out) {
    drains *of = NEW(drains);
    (void)self;
    of->stream = stream;
    return fixture_waiting_drain_return(out, fixture_waiting_make_future_u64(of, drain_poll, drain_drop));
}

/* ---- The host's runtime: a task that sleeps, and work that blocks */

typedef struct shared {
    atomic_int holders;
    pthread_mutex_t lock;
    fixture_waiting_runtime runtime;
    uint64_t sum;
    int parts;
    waker *waker;
} shared;

static void shared_leave(shared *of) {
    if (--of->holders > 0) return;
    fixture_waiting_drop_waker(&of->waker);
    fixture_waiting_drop_runtime(&of->runtime);
    pthread_mutex_destroy(&of->lock);
    free(of);
}

static void shared_add(shared *of, uint64_t value) {
    pthread_mutex_lock(&of->lock);
    of->sum += value;
    of->parts++;
    fixture_waiting_wake(&of->waker);
    pthread_mutex_unlock(&of->lock);
}

typedef struct task {
    shared *shared;
    fixture_waiting_future_unit sleep;
    int asked;
} task;

static status task_poll(void **state, waker *lent, fixture_waiting_future_unit_out *out) {
    STATE(task);
    status ended;
    if (!of->asked) {
        fixture_waiting_runtime_sleep_out begun;
        fixture_waiting_duration time;
        time.secs = 0;
        time.nanos = 2000000;
        ended = fixture_waiting_call_runtime_sleep(&of->shared->runtime, time, &begun);
        if (ended != OK) return fixture_waiting_failed(ended, &begun, out);
        of->sleep = begun.value;
        of->asked = 1;
    }
    ended = fixture_waiting_poll_future_unit(&of->sleep, lent, out);
    if (ended == OK) shared_add(of->shared, 1);
    return ended;
}

static status task_drop(void **state, fixture_waiting_plugin_destroy_out *out) {
    STATE(task);
    (void)out;
    if (of->asked) fixture_waiting_drop_future_unit(&of->sleep);
    shared_leave(of->shared);
    free(of);
    return OK;
}

static status blocks(void *object, fixture_waiting_fn_once_unit_out *out) {
    sleeps();
    shared_add((shared *)object, 10);
    return fixture_waiting_fn_once_unit_return(out);
}

FIXTURE_WAITING_FN_ONCE_UNIT_CLOSURE(block_call, blocks);

static status block_release(void *object, fixture_waiting_plugin_destroy_out *out) {
    (void)out;
    shared_leave((shared *)object);
    return OK;
}

static status works_poll(void **state, waker *lent, fixture_waiting_future_u64_out *out) {
    STATE(shared);
    int done;
    pthread_mutex_lock(&of->lock);
    done = of->parts == 2;
    if (!done) fixture_waiting_keep_waker(&of->waker, lent);
    pthread_mutex_unlock(&of->lock);
    return done ? fixture_waiting_future_u64_ready(out, of->sum) : PENDING;
}

static status works_drop(void **state, fixture_waiting_plugin_destroy_out *out) {
    (void)out;
    shared_leave((shared *)state[0]);
    return OK;
}

static status patient_works(void *self, fixture_waiting_runtime runtime, fixture_waiting_works_out *out) {
    shared *of = NEW(shared);
    task *sleeper = NEW(task);
    fixture_waiting_runtime_spawn_out spawned;
    fixture_waiting_runtime_spawn_blocking_out blocking;
    status ended;
    (void)self;
    pthread_mutex_init(&of->lock, NULL);
    of->runtime = runtime;
    of->holders = 3;
    sleeper->shared = of;
    ended = fixture_waiting_call_runtime_spawn(&of->runtime, fixture_waiting_make_future_unit(sleeper, task_poll, task_drop),
                                               &spawned);
    if (ended == OK)
        ended = fixture_waiting_call_runtime_spawn_blocking(
            &of->runtime, fixture_waiting_make_fn_once_unit(of, block_call, block_release), &blocking);
    if (ended != OK) return fixture_waiting_panicked(out, "the runtime fails");
    return fixture_waiting_works_return(out, fixture_waiting_make_future_u64(of, works_poll, works_drop));
}

static status here_poll(void **state, waker *lent, fixture_waiting_future_u64_out *out) {
    STATE(later);
    if (!round_ends(&of->waited, lent)) return PENDING;
    return fixture_waiting_future_u64_ready(out, 40 + of->value);
}

static status patient_here(void *self, uint64_t by, fixture_waiting_here_out *out) {
    later *of = NEW(later);
    (void)self;
    of->value = by;
    return fixture_waiting_here_return(out, fixture_waiting_make_future_u64(of, here_poll, fixture_waiting_free_state));
}

FIXTURE_WAITING_PLUGIN(waiting, "1.0.0", patient_open, patient_close, patient);
