/* A host in C that lends entries to a plugin, and has some changed. It ends with 0 when all is well. */

#define TEST_LEDGER_HOST
#include "test_ledger.h"

#define CHECK(what) \
    do { \
        if (!(what)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
            return 1; \
        } \
    } while (0)
#define ENDS_WELL(call) CHECK((call) == TEST_LEDGER_STATUS_OK)

static int is(test_ledger_string text, const char *expected) {
    return text.len == strlen(expected) && memcmp(text.ptr, expected, text.len) == 0;
}

/* An entry of memory that stays this host's: it is lent as often as one likes, and never dropped. */
static test_ledger_entry tea(void) {
    static uint32_t amounts[2] = {3, 4};
    static test_ledger_note notes[1];
    test_ledger_entry entry;
    memset(&entry, 0, sizeof entry);
    notes[0].tag = TEST_LEDGER_NOTE_WORDS;
    notes[0].as.words = test_ledger_lend_string("green", 5);
    entry.name = test_ledger_lend_string("tea", 3);
    entry.amounts.ptr = amounts;
    entry.amounts.len = entry.amounts.cap = 2;
    entry.notes.ptr = notes;
    entry.notes.len = entry.notes.cap = 1;
    return entry;
}

/* An entry of memory that goes to whoever is given it. */
static test_ledger_entry bread(void) {
    uint32_t amounts[3] = {1, 1, 2};
    return test_ledger_make_entry(test_ledger_make_string("bread", 5), test_ledger_make_vec_u32(amounts, 3),
                                  test_ledger_make_vec_note(0));
}

static int lends(test_ledger_plugin *plugin) {
    test_ledger_entry lent = tea(), given = bread(), both[2];
    test_ledger_total_out total;
    test_ledger_wordiest_out wordiest;
    test_ledger_label_out label;
    int time;
    for (time = 0; time < 2; time++) {
        ENDS_WELL(test_ledger_call_total(plugin, &lent, &total));
        CHECK(total.value == 7);
    }
    ENDS_WELL(test_ledger_call_total(plugin, &given, &total)); /* and it is gone */
    CHECK(total.value == 4);
    both[0] = bread();
    both[1] = lent;
    ENDS_WELL(test_ledger_call_wordiest(plugin, test_ledger_make_slice_entry(both, 2), &wordiest));
    CHECK(wordiest.value.tag == TEST_LEDGER_SOME && is(wordiest.value.value, "tea"));
    test_ledger_drop_option_string(&wordiest.value);
    ENDS_WELL(test_ledger_call_label(plugin, test_ledger_make_option_ref_entry_some(&lent), &label));
    CHECK(is(label.value, "tea"));
    test_ledger_drop_string(&label.value);
    ENDS_WELL(test_ledger_call_label(plugin, test_ledger_make_option_ref_entry_none(), &label));
    CHECK(is(label.value, "nothing"));
    test_ledger_drop_string(&label.value);
    return 0;
}

static int refuses(test_ledger_plugin *plugin) {
    test_ledger_entry bad = tea();
    test_ledger_total_out total;
    test_ledger_append_out append;
    test_ledger_mut_string text;
    bad.name = test_ledger_lend_string("\xff", 1);
    CHECK(test_ledger_call_total(plugin, &bad, &total) == TEST_LEDGER_STATUS_ERROR);
    CHECK(is(total.fault, "argument `entry`: the text is not UTF-8"));
    test_ledger_drop_string(&total.fault);
    CHECK(test_ledger_call_total(plugin, NULL, &total) == TEST_LEDGER_STATUS_ERROR);
    test_ledger_drop_string(&total.fault);
    text = test_ledger_make_mut_string(test_ledger_lend_string("\xff", 1));
    CHECK(test_ledger_call_append(plugin, &text, test_ledger_lend("more"), &append) == TEST_LEDGER_STATUS_ERROR);
    CHECK(text.changed == 0);
    test_ledger_drop_string(&append.fault);
    return 0;
}

static int changes(test_ledger_plugin *plugin) {
    test_ledger_entry lent = tea();
    test_ledger_mut_string text = test_ledger_make_mut_string(test_ledger_make_string("milk", 4));
    test_ledger_mut_u64 sum = test_ledger_make_mut_u64(1);
    test_ledger_mut_entry entry = test_ledger_make_mut_entry(tea());
    test_ledger_append_out append;
    test_ledger_add_out add;
    test_ledger_rename_out rename;
    ENDS_WELL(test_ledger_call_append(plugin, &text, test_ledger_lend(" and tea"), &append));
    CHECK(append.value == 12 && text.changed == 1 && is(text.value, "milk and tea"));
    test_ledger_drop_string(&text.value);
    ENDS_WELL(test_ledger_call_add(plugin, &lent, &sum, &add));
    CHECK(sum.changed == 1 && sum.value == 8);
    ENDS_WELL(test_ledger_call_rename(plugin, &entry, test_ledger_make_string("coffee", 6), &rename));
    CHECK(entry.changed == 1 && is(entry.value.name, "coffee") && entry.value.amounts.len == 2);
    CHECK(is(rename.value, "tea"));
    test_ledger_drop_entry(&entry.value);
    test_ledger_drop_string(&rename.value);
    return 0;
}

static test_ledger_status likes(void *object, const test_ledger_entry *entry, test_ledger_fn_ref_entry_bool_out *out) {
    size_t amounts = entry->amounts.len;
    ++*(int *)object;
    test_ledger_drop_ref_entry(&entry);
    return test_ledger_fn_ref_entry_bool_return(out, amounts > 2);
}

TEST_LEDGER_FN_REF_ENTRY_BOOL_CLOSURE(call_likes, likes);

static test_ledger_status edits(void *object, test_ledger_mut_entry *entry, test_ledger_fn_mut_mut_entry_unit_out *out) {
    ++*(int *)object;
    test_ledger_change_mut_entry(entry, bread());
    return test_ledger_fn_mut_mut_entry_unit_return(out);
}

TEST_LEDGER_FN_MUT_MUT_ENTRY_UNIT_CLOSURE(call_edits, edits);

static int is_lent(test_ledger_plugin *plugin) {
    test_ledger_entry both[2];
    test_ledger_count_out count;
    test_ledger_edit_out edit;
    int asked = 0;
    both[0] = tea();
    both[1] = bread();
    ENDS_WELL(test_ledger_call_count(plugin, test_ledger_make_slice_entry(both, 2),
                                     test_ledger_make_fn_ref_entry_bool(&asked, call_likes, NULL), &count));
    CHECK(count.value == 1 && asked == 2);
    ENDS_WELL(test_ledger_call_edit(plugin, tea(), test_ledger_make_fn_mut_mut_entry_unit(&asked, call_edits, NULL), &edit));
    CHECK(asked == 3 && is(edit.value.name, "bread"));
    test_ledger_drop_entry(&edit.value);
    return 0;
}

int main(int argc, char **argv) {
    test_ledger_plugin books;
    test_ledger_plugin_destroy_out end;
    CHECK(argc == 2);
    if (!test_ledger_load(&books, argv[1], NULL, 0)) {
        fprintf(stderr, "%s\n", books.why);
        return 1;
    }
    if (lends(&books) != 0 || refuses(&books) != 0 || changes(&books) != 0 || is_lent(&books) != 0) return 1;
    ENDS_WELL(test_ledger_unload(&books, &end));
    printf("all well\n");
    return 0;
}
