/* The store in C: sorted pairs behind a lock, which forget everything at the end.
 *
 * Calls of the contract come in, owned copies of what the array holds go out. acme_store.h is generated from the trait;
 * a signature that changes there does not compile here.
 */

#define _POSIX_C_SOURCE 200809L

#include "acme_store.h"

#include <pthread.h>
#include <stdio.h>

/* The limit that the contract's documentation names. */
#define MAX_KEY_BYTES 4096

typedef struct pair {
    acme_store_string key;
    acme_store_bytes value;
} pair;

/* One call at a time: a lock that lets readers pass first would keep a writer waiting for ever. */
typedef struct store {
    pthread_mutex_t lock;
    pair *pairs; /* in byte order of their keys */
    size_t len;
    size_t cap;
} store;

static int compare(const char *one, size_t one_len, const char *other, size_t other_len) {
    size_t common = one_len < other_len ? one_len : other_len;
    int order = common == 0 ? 0 : memcmp(one, other, common);
    return order != 0 ? order : (one_len > other_len) - (one_len < other_len);
}

/* Where the key is, or would be. */
static size_t position(const store *self, acme_store_str key) {
    size_t low = 0, high = self->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const acme_store_string *found = &self->pairs[middle].key;
        if (compare(found->ptr, found->len, key.ptr, key.len) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

static int holds(const store *self, size_t at, acme_store_str key) {
    const acme_store_string *found = &self->pairs[at].key;
    return at < self->len && compare(found->ptr, found->len, key.ptr, key.len) == 0;
}

static int begins(const pair *pair, acme_store_str prefix) {
    return pair->key.len >= prefix.len && (prefix.len == 0 || memcmp(pair->key.ptr, prefix.ptr, prefix.len) == 0);
}

static acme_store_string text(const char *text) {
    return acme_store_make_string(text, strlen(text));
}

static acme_store_string copy(acme_store_str text) {
    return acme_store_make_string(text.ptr, text.len);
}

/* Whether this can be a key; if not, why. */
static int is_key(acme_store_str key, acme_store_store_error *error) {
    char reason[80];
    if (key.len >= 1 && key.len <= MAX_KEY_BYTES) return 1;
    if (key.len == 0) snprintf(reason, sizeof reason, "a key has at least one character");
    else snprintf(reason, sizeof reason, "it has %zu bytes, the limit is %d", key.len, MAX_KEY_BYTES);
    *error = acme_store_make_store_error_invalid_key(copy(key), text(reason));
    return 0;
}

static void drop(pair *pair) {
    acme_store_drop_string(&pair->key);
    acme_store_drop_bytes(&pair->value);
}

static void *memory_open(const acme_store_plugin_context *context, acme_store_string *why) {
    store *self = (store *)acme_store_allocate(1, sizeof *self);
    (void)context;
    if (pthread_mutex_init(&self->lock, NULL) != 0) {
        free(self);
        *why = text("there is no lock to be had");
        return NULL;
    }
    return self;
}

static void memory_close(void *object) {
    store *self = (store *)object;
    size_t at;
    for (at = 0; at < self->len; at++) drop(&self->pairs[at]);
    pthread_mutex_destroy(&self->lock);
    free(self->pairs);
    free(self);
}

static acme_store_status memory_get(void *object, acme_store_str key, acme_store_get_out *out) {
    store *self = (store *)object;
    acme_store_store_error error;
    acme_store_bytes value;
    size_t at;
    int found;
    if (!is_key(key, &error)) return acme_store_get_err(out, error);
    pthread_mutex_lock(&self->lock);
    at = position(self, key);
    found = holds(self, at, key);
    if (found) value = acme_store_make_bytes(self->pairs[at].value.ptr, self->pairs[at].value.len);
    pthread_mutex_unlock(&self->lock);
    if (!found) return acme_store_get_err(out, acme_store_make_store_error_not_found(copy(key)));
    return acme_store_get_ok(out, value);
}

static acme_store_status memory_put(void *object, acme_store_str key, acme_store_slice_u8 value,
                                    acme_store_put_out *out) {
    store *self = (store *)object;
    acme_store_store_error error;
    pair made;
    size_t at;
    if (!is_key(key, &error)) return acme_store_put_err(out, error);
    /* Copied before the lock is taken: others wait for the array, not for memory. */
    made.key = copy(key);
    made.value = acme_store_make_bytes(value.ptr, value.len);
    pthread_mutex_lock(&self->lock);
    at = position(self, key);
    if (holds(self, at, key)) {
        pair replaced = self->pairs[at];
        self->pairs[at] = made;
        made = replaced;
    } else {
        if (self->len == self->cap) {
            self->cap = self->cap == 0 ? 16 : 2 * self->cap;
            self->pairs = (pair *)realloc(self->pairs, self->cap * sizeof *self->pairs);
            if (self->pairs == NULL) abort();
        }
        memmove(&self->pairs[at + 1], &self->pairs[at], (self->len - at) * sizeof *self->pairs);
        self->pairs[at] = made;
        self->len++;
        memset(&made, 0, sizeof made);
    }
    pthread_mutex_unlock(&self->lock);
    drop(&made);
    return acme_store_put_ok(out);
}

static acme_store_status memory_delete_(void *object, acme_store_str key, acme_store_delete_out *out) {
    store *self = (store *)object;
    acme_store_store_error error;
    pair removed;
    size_t at;
    int found;
    if (!is_key(key, &error)) return acme_store_delete_err(out, error);
    memset(&removed, 0, sizeof removed);
    pthread_mutex_lock(&self->lock);
    at = position(self, key);
    found = holds(self, at, key);
    if (found) {
        removed = self->pairs[at];
        self->len--;
        memmove(&self->pairs[at], &self->pairs[at + 1], (self->len - at) * sizeof *self->pairs);
    }
    pthread_mutex_unlock(&self->lock);
    drop(&removed);
    return acme_store_delete_ok(out, (acme_store_bool)found);
}

/* The pairs that begin with the prefix are neighbours: from `first` on, so many. */
static size_t beginning_with(const store *self, acme_store_str prefix, size_t *first) {
    size_t end;
    *first = position(self, prefix);
    for (end = *first; end < self->len && begins(&self->pairs[end], prefix);) end++;
    return end - *first;
}

static acme_store_status memory_scan(void *object, acme_store_str prefix, acme_store_scan_out *out) {
    store *self = (store *)object;
    acme_store_vec_entry entries;
    size_t at, first, len;
    pthread_mutex_lock(&self->lock);
    len = beginning_with(self, prefix, &first);
    entries = acme_store_make_vec_entry(len);
    for (at = 0; at < len; at++) {
        const pair *found = &self->pairs[first + at];
        acme_store_string key = acme_store_make_string(found->key.ptr, found->key.len);
        entries.ptr[at] = acme_store_make_entry(key, found->value.len);
    }
    pthread_mutex_unlock(&self->lock);
    return acme_store_scan_ok(out, entries);
}

static acme_store_status memory_stats(void *object, acme_store_stats_out *out) {
    store *self = (store *)object;
    uint64_t bytes = 0, len;
    size_t at;
    pthread_mutex_lock(&self->lock);
    len = self->len;
    for (at = 0; at < self->len; at++) bytes += self->pairs[at].value.len;
    pthread_mutex_unlock(&self->lock);
    return acme_store_stats_ok(out, acme_store_make_stats(len, bytes, text("memory in C")));
}

static acme_store_status memory_count(void *object, acme_store_str prefix, acme_store_count_out *out) {
    store *self = (store *)object;
    size_t first, len;
    pthread_mutex_lock(&self->lock);
    len = beginning_with(self, prefix, &first);
    pthread_mutex_unlock(&self->lock);
    return acme_store_count_ok(out, len);
}

ACME_STORE_PLUGIN(memory_c, "1.0.0", memory_open, memory_close, memory);
