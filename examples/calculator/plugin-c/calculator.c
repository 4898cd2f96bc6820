/* The plugin in C. It holds nothing, so its object is any address but null. */

#include "example_calculator.h"

static void *calculator_open(const example_calculator_plugin_context *context, example_calculator_string *why) {
    static char object;
    (void)context, (void)why;
    return &object;
}

static void calculator_close(void *object) {
    (void)object;
}

static example_calculator_status calculator_add(void *object, int32_t a, int32_t b, example_calculator_add_out *out) {
    (void)object;
    return example_calculator_add_return(out, (int32_t)((uint32_t)a + (uint32_t)b));
}

EXAMPLE_CALCULATOR_PLUGIN(calculator_c, "1.0.0", calculator_open, calculator_close, calculator);
