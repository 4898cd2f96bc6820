/* A host whose plugin panics: it hears what was said, goes on, and does not call that object again. */

#define TEST_PANICKY_HOST
#include "test_panicky.h"

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
            return 1; \
        } \
    } while (0)

static int says(test_panicky_string *fault, const char *text) {
    size_t len = strlen(text);
    int same = fault->len >= len && memcmp(fault->ptr, text, len) == 0;
    if (!same) fprintf(stderr, "found: %.*s\n", (int)fault->len, fault->ptr);
    test_panicky_drop_string(fault);
    return same;
}

int main(int argc, char **argv) {
    test_panicky_plugin one, other;
    test_panicky_plugin_destroy_out end;
    test_panicky_bare_out bare;
    test_panicky_refuse_out refused;
    test_panicky_panic_on_own_thread_out own;
    test_panicky_how not, literal;
    CHECK(argc == 2);
    CHECK(test_panicky_load(&one, argv[1], NULL, 0) && test_panicky_load(&other, argv[1], NULL, 0));
    not.tag = TEST_PANICKY_HOW_NOT;
    literal.tag = TEST_PANICKY_HOW_LITERAL;
    CHECK(test_panicky_call_bare(&one, literal, &bare) == TEST_PANICKY_STATUS_PANICKED);
    CHECK(says(&bare.fault, "a literal"));
    CHECK(test_panicky_call_bare(&one, not, &bare) == TEST_PANICKY_STATUS_ERROR);
    CHECK(says(&bare.fault, "it panicked before"));
    CHECK(test_panicky_call_bare(&other, not, &bare) == TEST_PANICKY_STATUS_OK);
    CHECK(test_panicky_call_refuse(&other, test_panicky_lend("no"), &refused) == TEST_PANICKY_STATUS_OK);
    CHECK(refused.value.tag == TEST_PANICKY_ERR && refused.value.as.err.tag == TEST_PANICKY_TROUBLE_REFUSED);
    test_panicky_drop_result_unit_trouble(&refused.value);
    /* Only this one is printed: nobody called on that thread. */
    CHECK(test_panicky_call_panic_on_own_thread(&other, test_panicky_lend("on its own"), &own) == TEST_PANICKY_STATUS_OK);
    CHECK(test_panicky_unload(&one, &end) == TEST_PANICKY_STATUS_OK);
    CHECK(test_panicky_unload(&other, &end) == TEST_PANICKY_STATUS_OK);
    printf("all well\n");
    return 0;
}
