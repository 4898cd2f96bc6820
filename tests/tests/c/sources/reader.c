/* Calls an object's method by the name that it has now, and makes an object that leaves a method to the contract. */

#define TEST_READER_WITHOUT_PART_TWICE
#include "test_reader.h"

static char nothing;

static void *reader_open(const test_reader_plugin_context *context, test_reader_string *why) {
    (void)context, (void)why;
    return &nothing;
}

static void reader_close(void *object) {
    (void)object;
}

static test_reader_status reader_read(void *self, test_reader_part part, test_reader_read_out *out) {
    test_reader_part_label_out label;
    test_reader_part_twice_out twice;
    test_reader_status status = test_reader_call_part_label(&part, &label);
    (void)self;
    if (status != TEST_READER_STATUS_OK) return test_reader_failed(status, &label, out);
    /* An object may lack what has a default body, and C has no body for it. */
    if (test_reader_call_part_twice(&part, &twice) == TEST_READER_STATUS_UNSUPPORTED)
        return test_reader_read_return(out, label.value);
    return test_reader_read_return(out, label.value + twice.value);
}

static test_reader_status part_label(void *self, test_reader_part_label_out *out) {
    return test_reader_part_label_return(out, *(uint64_t *)self);
}

TEST_READER_PART_OBJECT(part, free, part);

static test_reader_status reader_make(void *self, uint64_t label, test_reader_make_out *out) {
    uint64_t *made = (uint64_t *)test_reader_allocate(1, sizeof *made);
    (void)self;
    *made = label;
    return test_reader_make_return(out, part_give(made));
}

TEST_READER_PLUGIN(reader, "1.0.0", reader_open, reader_close, reader);
