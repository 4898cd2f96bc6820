/* Objects and closures, handed to and fro. */

#include "fixture_workshop.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_ulong alive;

/* ---- Sessions that this plugin hands out */

typedef struct lines {
    fixture_workshop_string *ptr;
    size_t len;
} lines;

static lines *lines_of(const char *first, size_t len) {
    lines *made = (lines *)fixture_workshop_allocate(1, sizeof *made);
    made->ptr = (fixture_workshop_string *)fixture_workshop_allocate(1, sizeof *made->ptr);
    made->ptr[0] = fixture_workshop_make_string(first, len);
    made->len = 1;
    alive++;
    return made;
}

static void lines_close(void *object) {
    lines *self = (lines *)object;
    size_t at;
    for (at = 0; at < self->len; at++) fixture_workshop_drop_string(&self->ptr[at]);
    free(self->ptr);
    free(self);
    alive--;
}

static fixture_workshop_status lines_add(void *object, fixture_workshop_str line, fixture_workshop_session_add_out *out) {
    lines *self = (lines *)object;
    void *ptr = realloc(self->ptr, (self->len + 1) * sizeof *self->ptr);
    if (ptr == NULL) return fixture_workshop_panicked(out, "no memory");
    self->ptr = (fixture_workshop_string *)ptr;
    self->ptr[self->len++] = fixture_workshop_make_string(line.ptr, line.len);
    return fixture_workshop_session_add_return(out, self->len);
}

static fixture_workshop_status lines_lines(void *object, fixture_workshop_session_lines_out *out) {
    lines *self = (lines *)object;
    fixture_workshop_vec_string all = fixture_workshop_make_vec_string(self->len);
    size_t at;
    for (at = 0; at < self->len; at++) all.ptr[at] = fixture_workshop_make_string(self->ptr[at].ptr, self->ptr[at].len);
    return fixture_workshop_session_lines_return(out, all);
}

static fixture_workshop_status lines_fork(void *object, fixture_workshop_session_fork_out *out);

/* Lent for as long as the object is. */
static fixture_workshop_status lines_last(void *object, fixture_workshop_session_last_out *out) {
    lines *self = (lines *)object;
    fixture_workshop_str last;
    last.ptr = self->ptr[self->len - 1].ptr;
    last.len = self->ptr[self->len - 1].len;
    return fixture_workshop_session_last_return(out, last);
}

static fixture_workshop_status lines_explode(void *object, fixture_workshop_session_explode_out *out) {
    (void)object;
    return fixture_workshop_panicked(out, "a session exploded");
}

FIXTURE_WORKSHOP_SESSION_OBJECT(session, lines_close, lines);

static fixture_workshop_status lines_fork(void *object, fixture_workshop_session_fork_out *out) {
    lines *self = (lines *)object;
    lines *fork = lines_of(self->ptr[0].ptr, self->ptr[0].len);
    fixture_workshop_session_add_out added;
    size_t at;
    for (at = 1; at < self->len; at++) {
        fixture_workshop_str line;
        line.ptr = self->ptr[at].ptr;
        line.len = self->ptr[at].len;
        if (lines_add(fork, line, &added) != FIXTURE_WORKSHOP_STATUS_OK) abort();
    }
    return fixture_workshop_session_fork_return(out, session_give(fork));
}

/* ---- The plugin */

typedef struct bench {
    fixture_workshop_clock clock;     /* null when none was given */
    fixture_workshop_fn_str_u64 event; /* as well */
} bench;

static void *bench_open(const fixture_workshop_plugin_context *context, fixture_workshop_string *why) {
    (void)context, (void)why;
    return fixture_workshop_allocate(1, sizeof(bench));
}

static void bench_close(void *object) {
    bench *self = (bench *)object;
    fixture_workshop_drop_clock(&self->clock);
    fixture_workshop_drop_fn_str_u64(&self->event);
    free(self);
}

static fixture_workshop_status bench_shop_open(void *object, fixture_workshop_str first, fixture_workshop_open_out *out) {
    (void)object;
    return fixture_workshop_open_return(out, session_give(lines_of(first.ptr, first.len)));
}

static fixture_workshop_status bench_shop_shared(void *object, fixture_workshop_shared_out *out) {
    (void)object;
    return fixture_workshop_shared_return(out, session_give(lines_of("shared", 6)));
}

static fixture_workshop_status bench_shop_perhaps(void *object, fixture_workshop_bool is,
                                                  fixture_workshop_perhaps_out *out) {
    (void)object;
    if (!is) return fixture_workshop_perhaps_return(out, fixture_workshop_make_option_session_none());
    return fixture_workshop_perhaps_return(
        out, fixture_workshop_make_option_session_some(session_give(lines_of("perhaps", 7))));
}

static fixture_workshop_status bench_shop_read(void *object, fixture_workshop_session session,
                                               fixture_workshop_read_out *out) {
    fixture_workshop_session_lines_out read;
    fixture_workshop_status status = fixture_workshop_call_session_lines(&session, &read);
    (void)object;
    if (status != FIXTURE_WORKSHOP_STATUS_OK) return fixture_workshop_failed(status, &read, out);
    return fixture_workshop_read_return(out, read.value);
}

static fixture_workshop_status bench_shop_write(void *object, fixture_workshop_session session, fixture_workshop_str line,
                                                fixture_workshop_write_out *out) {
    fixture_workshop_session_add_out added;
    fixture_workshop_status status = fixture_workshop_call_session_add(&session, line, &added);
    (void)object;
    if (status != FIXTURE_WORKSHOP_STATUS_OK) return fixture_workshop_failed(status, &added, out);
    return fixture_workshop_write_return(out, added.value);
}

static fixture_workshop_status bench_shop_keep(void *object, fixture_workshop_clock clock, fixture_workshop_keep_out *out) {
    bench *self = (bench *)object;
    fixture_workshop_drop_clock(&self->clock);
    self->clock = clock;
    return fixture_workshop_keep_return(out);
}

static fixture_workshop_status bench_shop_ask(void *object, fixture_workshop_ask_out *out) {
    bench *self = (bench *)object;
    fixture_workshop_clock_now_out now;
    fixture_workshop_status status;
    if (self->clock.table == NULL) return fixture_workshop_ask_return(out, fixture_workshop_make_option_u64_none());
    status = fixture_workshop_call_clock_now(&self->clock, &now);
    if (status != FIXTURE_WORKSHOP_STATUS_OK) return fixture_workshop_failed(status, &now, out);
    return fixture_workshop_ask_return(out, fixture_workshop_make_option_u64_some(now.value));
}

/* What fails in the session is an error of this method, in the words of who calls. */
static fixture_workshop_status bench_shop_consume(void *object, fixture_workshop_session session,
                                                  fixture_workshop_consume_out *out) {
    char text[512];
    fixture_workshop_session_explode_out exploded;
    fixture_workshop_session_lines_out read;
    fixture_workshop_status status = fixture_workshop_call_session_explode(&session, &exploded);
    (void)object;
    if (status == FIXTURE_WORKSHOP_STATUS_PANICKED) {
        int len = snprintf(text, sizeof text, "plugin host: `fixture.session` explode panicked: %.*s",
                           (int)exploded.fault.len, exploded.fault.ptr);
        fixture_workshop_drop_string(&exploded.fault);
        fixture_workshop_drop_session(&session);
        return fixture_workshop_consume_err(out, fixture_workshop_make_work_error_fault(
                                                         fixture_workshop_make_string(text, (size_t)len)));
    }
    if (status == FIXTURE_WORKSHOP_STATUS_OK && exploded.value.tag == FIXTURE_WORKSHOP_ERR) {
        fixture_workshop_drop_session(&session);
        return fixture_workshop_consume_err(out, exploded.value.as.err);
    }
    if (status == FIXTURE_WORKSHOP_STATUS_OK) status = fixture_workshop_call_session_lines(&session, &read);
    fixture_workshop_drop_session(&session);
    if (status != FIXTURE_WORKSHOP_STATUS_OK) return fixture_workshop_failed(status, &read, out);
    return fixture_workshop_consume_ok(out, read.value);
}

static fixture_workshop_status bench_shop_each(void *object, uint64_t end, fixture_workshop_fn_u64_u64 visit,
                                               fixture_workshop_each_out *out) {
    uint64_t at, sum = 0;
    (void)object;
    for (at = 0; at < end; at++) {
        fixture_workshop_fn_u64_u64_out visited;
        fixture_workshop_status status = fixture_workshop_call_fn_u64_u64(&visit, at, &visited);
        if (status != FIXTURE_WORKSHOP_STATUS_OK) return fixture_workshop_failed(status, &visited, out);
        sum += visited.value;
    }
    return fixture_workshop_each_return(out, sum);
}

static fixture_workshop_status bench_shop_until(void *object, fixture_workshop_vec_string texts,
                                                fixture_workshop_fn_mut_str_bool visit, fixture_workshop_until_out *out) {
    fixture_workshop_status status = FIXTURE_WORKSHOP_STATUS_OK;
    fixture_workshop_fn_mut_str_bool_out visited;
    size_t at;
    (void)object;
    for (at = 0; at < texts.len; at++) {
        fixture_workshop_str text;
        text.ptr = texts.ptr[at].ptr;
        text.len = texts.ptr[at].len;
        status = fixture_workshop_call_fn_mut_str_bool(&visit, text, &visited);
        if (status != FIXTURE_WORKSHOP_STATUS_OK || !visited.value) break;
    }
    fixture_workshop_drop_vec_string(&texts);
    if (status != FIXTURE_WORKSHOP_STATUS_OK) return fixture_workshop_failed(status, &visited, out);
    return fixture_workshop_until_return(out, at);
}

static fixture_workshop_status bench_shop_subscribe(void *object, fixture_workshop_fn_str_u64 event,
                                                    fixture_workshop_subscribe_out *out) {
    bench *self = (bench *)object;
    fixture_workshop_drop_fn_str_u64(&self->event);
    self->event = event;
    return fixture_workshop_subscribe_return(out);
}

typedef struct published {
    const fixture_workshop_fn_str_u64 *event;
    fixture_workshop_str text;
    fixture_workshop_fn_str_u64_out out;
    fixture_workshop_status status;
} published;

static void *publishes(void *argument) {
    published *one = (published *)argument;
    one->status = fixture_workshop_call_fn_str_u64(one->event, one->text, &one->out);
    return NULL;
}

static fixture_workshop_status bench_shop_publish(void *object, fixture_workshop_str text,
                                                  fixture_workshop_publish_out *out) {
    bench *self = (bench *)object;
    published one;
    pthread_t thread;
    if (self->event.call == NULL) return fixture_workshop_publish_return(out, 0);
    one.event = &self->event;
    one.text = text;
    if (pthread_create(&thread, NULL, publishes, &one) != 0) return fixture_workshop_panicked(out, "no thread");
    pthread_join(thread, NULL);
    if (one.status != FIXTURE_WORKSHOP_STATUS_OK) return fixture_workshop_failed(one.status, &one.out, out);
    return fixture_workshop_publish_return(out, one.out.value);
}

static fixture_workshop_status bench_shop_once(void *object, fixture_workshop_fn_once_string_u64 done,
                                               fixture_workshop_once_out *out) {
    fixture_workshop_fn_once_string_u64_out said;
    fixture_workshop_string once = fixture_workshop_make_string("once", 4);
    fixture_workshop_status status = fixture_workshop_call_fn_once_string_u64(&done, once, &said);
    (void)object;
    fixture_workshop_drop_fn_once_string_u64(&done);
    if (status != FIXTURE_WORKSHOP_STATUS_OK) return fixture_workshop_failed(status, &said, out);
    return fixture_workshop_once_return(out, said.value);
}

static fixture_workshop_status bench_shop_maybe(void *object, fixture_workshop_option_fn_mut_u64_u64 hook,
                                                fixture_workshop_maybe_out *out) {
    uint64_t at, sum = 0;
    (void)object;
    if (hook.tag == FIXTURE_WORKSHOP_NONE) return fixture_workshop_maybe_return(out, fixture_workshop_make_option_u64_none());
    for (at = 1; at <= 2; at++) {
        fixture_workshop_fn_mut_u64_u64_out said;
        fixture_workshop_status status = fixture_workshop_call_fn_mut_u64_u64(&hook.value, at, &said);
        if (status != FIXTURE_WORKSHOP_STATUS_OK) {
            fixture_workshop_drop_option_fn_mut_u64_u64(&hook);
            return fixture_workshop_failed(status, &said, out);
        }
        sum += said.value;
    }
    fixture_workshop_drop_option_fn_mut_u64_u64(&hook);
    return fixture_workshop_maybe_return(out, fixture_workshop_make_option_u64_some(sum));
}

static fixture_workshop_status adds(void *object, uint64_t to, fixture_workshop_fn_u64_u64_out *out) {
    return fixture_workshop_fn_u64_u64_return(out, to + *(uint64_t *)object);
}

FIXTURE_WORKSHOP_FN_U64_U64_CLOSURE(call_adds, adds);

static fixture_workshop_status bench_shop_adder(void *object, uint64_t by, fixture_workshop_adder_out *out) {
    uint64_t *kept = (uint64_t *)fixture_workshop_allocate(1, sizeof *kept);
    (void)object;
    *kept = by;
    return fixture_workshop_adder_return(
        out, fixture_workshop_make_fn_u64_u64(kept, call_adds, fixture_workshop_free_object));
}

static fixture_workshop_status bench_shop_lend(void *object, fixture_workshop_fn_session_u64 to,
                                               fixture_workshop_lend_out *out) {
    lines *lent = lines_of("lent", 4);
    fixture_workshop_fn_session_u64_out said;
    fixture_workshop_status status = fixture_workshop_call_fn_session_u64(&to, session_lend(lent), &said);
    (void)object;
    lines_close(lent);
    if (status != FIXTURE_WORKSHOP_STATUS_OK) return fixture_workshop_failed(status, &said, out);
    return fixture_workshop_lend_return(out, said.value);
}

static const char root[] = "/srv";

static fixture_workshop_status bench_shop_under(void *object, fixture_workshop_path path, fixture_workshop_under_out *out) {
    char joined[256];
    (void)object;
    if (path.len > sizeof joined - sizeof root) return fixture_workshop_panicked(out, "the path is too long");
    memcpy(joined, root, sizeof root - 1);
    joined[sizeof root - 1] = '/';
    memcpy(joined + sizeof root, path.ptr, path.len);
    return fixture_workshop_under_return(out, fixture_workshop_make_path_buf(joined, sizeof root + path.len));
}

static fixture_workshop_status bench_shop_root(void *object, fixture_workshop_root_out *out) {
    (void)object;
    return fixture_workshop_root_return(out, fixture_workshop_make_path(root, sizeof root - 1));
}

static fixture_workshop_status bench_shop_alive(void *object, fixture_workshop_alive_out *out) {
    (void)object;
    return fixture_workshop_alive_return(out, alive);
}

FIXTURE_WORKSHOP_PLUGIN(objects, "1.0.0", bench_open, bench_close, bench_shop);
