/* What writes into its caller's vectors. */

#include "test_pour.h"

static void *pours_open(const test_pour_plugin_context *context, test_pour_string *why) {
    static char object;
    (void)context, (void)why;
    return &object;
}

static void pours_close(void *object) {
    (void)object;
}

static test_pour_status pours_pour(void *self, test_pour_slice_u8 value, size_t pieces, test_pour_sink sink,
                                   test_pour_pour_out *out) {
    size_t piece = (value.len + pieces - 1) / pieces, at;
    (void)self;
    if (piece == 0) piece = 1;
    for (at = 0; at < value.len; at += piece) {
        size_t len = value.len - at < piece ? value.len - at : piece;
        if (!test_pour_sink_write(&sink, value.ptr + at, len)) {
            test_pour_sink_end(&sink);
            return test_pour_panicked(out, "the caller has no memory");
        }
    }
    test_pour_sink_end(&sink);
    return test_pour_pour_return(out, sink.len);
}

static test_pour_status pours_pour_both(void *self, test_pour_sink first, test_pour_str value, test_pour_sink second,
                                        test_pour_pour_both_out *out) {
    int wrote = test_pour_sink_write(&first, value.ptr, value.len) && test_pour_sink_write(&second, first.ptr, first.len);
    (void)self;
    test_pour_sink_end(&first);
    test_pour_sink_end(&second);
    return wrote ? test_pour_pour_both_return(out) : test_pour_panicked(out, "the caller has no memory");
}

TEST_POUR_PLUGIN(pour, "1.0.0", pours_open, pours_close, pours);
