#include "test_drift.h"

static void *calculator_open(const test_drift_plugin_context *context, test_drift_string *why) {
    static char object;
    (void)context, (void)why;
    return &object;
}

static void calculator_close(void *object) {
    (void)object;
}

static test_drift_status calculator_add(void *object, int32_t a, int32_t b, test_drift_add_out *out) {
    (void)object;
    return test_drift_add_return(out, a + b);
}

TEST_DRIFT_PLUGIN(drift, "1.0.0", calculator_open, calculator_close, calculator);
