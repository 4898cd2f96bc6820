/* What is lent and what is changed, by a plugin that keeps no books of its own. What it is lent may be whoever's, so it drops
 * everything that it is given: of what Rust lends nothing comes with memory, and nothing happens. */

#include "test_ledger.h"

static void *ledger_open(const test_ledger_plugin_context *context, test_ledger_string *why) {
    static char object;
    (void)context, (void)why;
    return &object;
}

static void ledger_close(void *object) {
    (void)object;
}

static uint64_t sum_of(const test_ledger_entry *entry) {
    uint64_t sum = 0;
    size_t at;
    for (at = 0; at < entry->amounts.len; at++) sum += entry->amounts.ptr[at];
    return sum;
}

static size_t words_of(const test_ledger_entry *entry) {
    size_t words = 0, at;
    for (at = 0; at < entry->notes.len; at++)
        if (entry->notes.ptr[at].tag == TEST_LEDGER_NOTE_WORDS) words += entry->notes.ptr[at].as.words.len;
    return words;
}

static test_ledger_status ledger_total(void *self, const test_ledger_entry *entry, test_ledger_total_out *out) {
    uint64_t sum = sum_of(entry);
    (void)self;
    test_ledger_drop_ref_entry(&entry);
    return test_ledger_total_return(out, sum);
}

static test_ledger_status ledger_wordiest(void *self, test_ledger_slice_entry entries, test_ledger_wordiest_out *out) {
    const test_ledger_entry *best = NULL;
    test_ledger_option_string name = test_ledger_make_option_string_none();
    size_t at;
    (void)self;
    for (at = 0; at < entries.len; at++)
        if (best == NULL || words_of(&entries.ptr[at]) >= words_of(best)) best = &entries.ptr[at];
    if (best != NULL)
        name = test_ledger_make_option_string_some(test_ledger_make_string(best->name.ptr, best->name.len));
    test_ledger_drop_slice_entry(&entries);
    return test_ledger_wordiest_return(out, name);
}

static test_ledger_status ledger_label(void *self, test_ledger_option_ref_entry entry, test_ledger_label_out *out) {
    test_ledger_string label;
    (void)self;
    label = entry.tag == TEST_LEDGER_SOME ? test_ledger_make_string(entry.value->name.ptr, entry.value->name.len)
                                          : test_ledger_make_string("nothing", 7);
    test_ledger_drop_option_ref_entry(&entry);
    return test_ledger_label_return(out, label);
}

static test_ledger_status ledger_join(void *self, test_ledger_slice_string words, test_ledger_slice_str between,
                                      test_ledger_join_out *out) {
    size_t at, len = 0;
    test_ledger_string joined;
    (void)self;
    for (at = 0; at < words.len; at++) len += words.ptr[at].len + (at < between.len ? between.ptr[at].len : 0);
    joined = test_ledger_make_string("", 0);
    joined.ptr = (char *)test_ledger_allocate(len, 1);
    joined.cap = len;
    for (at = 0; at < words.len; at++) {
        memcpy(joined.ptr + joined.len, words.ptr[at].ptr, words.ptr[at].len);
        joined.len += words.ptr[at].len;
        if (at >= between.len) continue;
        memcpy(joined.ptr + joined.len, between.ptr[at].ptr, between.ptr[at].len);
        joined.len += between.ptr[at].len;
    }
    test_ledger_drop_slice_string(&words);
    return test_ledger_join_return(out, joined);
}

static test_ledger_status ledger_append(void *self, test_ledger_mut_string *text, test_ledger_str with,
                                        test_ledger_append_out *out) {
    size_t len = text->value.len + with.len;
    test_ledger_string longer = test_ledger_make_string("", 0);
    (void)self;
    longer.ptr = (char *)test_ledger_allocate(len, 1);
    longer.len = longer.cap = len;
    if (text->value.len > 0) memcpy(longer.ptr, text->value.ptr, text->value.len);
    if (with.len > 0) memcpy(longer.ptr + text->value.len, with.ptr, with.len);
    test_ledger_change_mut_string(text, longer);
    return test_ledger_append_return(out, len);
}

static test_ledger_status ledger_add(void *self, const test_ledger_entry *entry, test_ledger_mut_u64 *sum,
                                     test_ledger_add_out *out) {
    (void)self;
    if (entry->amounts.len > 0) test_ledger_change_mut_u64(sum, sum->value + sum_of(entry));
    test_ledger_drop_ref_entry(&entry);
    return test_ledger_add_return(out);
}

/* In place: what else the entry has stays where it is. */
static test_ledger_status ledger_rename(void *self, test_ledger_mut_entry *entry, test_ledger_string name,
                                        test_ledger_rename_out *out) {
    test_ledger_string old = test_ledger_make_string(entry->value.name.ptr, entry->value.name.len);
    (void)self;
    test_ledger_drop_string(&entry->value.name);
    entry->value.name = name;
    entry->changed = 1;
    return test_ledger_rename_return(out, old);
}

static test_ledger_status ledger_spoil(void *self, test_ledger_mut_entry *entry, test_ledger_spoil_out *out) {
    (void)self;
    test_ledger_drop_string(&entry->value.name);
    entry->value.name = test_ledger_make_string("spoilt", 6);
    entry->changed = 1;
    return test_ledger_panicked(out, "it is spoilt");
}

/* Each is lent to somebody else: a copy of the form, whose memory stays where it is. */
static test_ledger_status ledger_count(void *self, test_ledger_slice_entry entries, test_ledger_fn_ref_entry_bool likes,
                                       test_ledger_count_out *out) {
    test_ledger_fn_ref_entry_bool_out liked;
    test_ledger_status status = TEST_LEDGER_STATUS_OK;
    uint64_t count = 0;
    size_t at;
    (void)self;
    for (at = 0; at < entries.len && status == TEST_LEDGER_STATUS_OK; at++) {
        status = test_ledger_call_fn_ref_entry_bool(&likes, &entries.ptr[at], &liked);
        if (status == TEST_LEDGER_STATUS_OK) count += liked.value;
    }
    if (status != TEST_LEDGER_STATUS_OK) {
        memcpy(out, &liked, sizeof(test_ledger_string));
        return status;
    }
    return test_ledger_count_return(out, count);
}

static test_ledger_status ledger_edit(void *self, test_ledger_entry entry, test_ledger_fn_mut_mut_entry_unit edit,
                                      test_ledger_edit_out *out) {
    test_ledger_fn_mut_mut_entry_unit_out edited;
    test_ledger_mut_entry lent = test_ledger_make_mut_entry(entry);
    test_ledger_status status = test_ledger_call_fn_mut_mut_entry_unit(&edit, &lent, &edited);
    (void)self;
    if (status != TEST_LEDGER_STATUS_OK) {
        if (lent.changed != 0) test_ledger_drop_entry(&lent.value);
        memcpy(out, &edited, sizeof(test_ledger_string));
        return status;
    }
    if (lent.changed == 0) return test_ledger_panicked(out, "nobody gave the entry back");
    return test_ledger_edit_return(out, lent.value);
}

TEST_LEDGER_PLUGIN(ledger, "1.0.0", ledger_open, ledger_close, ledger);
