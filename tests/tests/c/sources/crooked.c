/* What gives back what no value is, and whose export is what `crooked_how.h` makes of it. */

#include "test_crooked.h"

#include "crooked_how.h"

static void *crooked_open(const test_crooked_plugin_context *context, test_crooked_string *why) {
    static char object;
    (void)context, (void)why;
    return &object;
}

static void crooked_close(void *object) {
    (void)object;
}

static test_crooked_status crooked_fill(void *self, test_crooked_mut_bytes *bytes, uint32_t how, test_crooked_fill_out *out) {
    (void)self;
    bytes->changed = how == 2 ? 2 : 1;
    bytes->value.ptr = how == 0 ? NULL : bytes->value.ptr;
    bytes->value.len = how == 1 ? bytes->value.cap + 1 : 1;
    return test_crooked_fill_ok(out, 1);
}

TEST_CROOKED_PLUGIN(crooked, "1.0.0", crooked_open, crooked_close, crooked);
