/* The host in C: it loads the plugin that it is told, and asks it for a sum. */

#define EXAMPLE_CALCULATOR_HOST
#include "example_calculator.h"

/* A call that did not end well: what was said, if anything. */
static int failed(example_calculator_status status, example_calculator_string *fault) {
    if (status == EXAMPLE_CALCULATOR_STATUS_UNSUPPORTED) {
        fprintf(stderr, "the plugin has no such method\n");
        return 1;
    }
    fprintf(stderr, "the plugin failed: %.*s\n", (int)fault->len, fault->ptr);
    example_calculator_drop_string(fault);
    return 1;
}

int main(int argc, char **argv) {
    example_calculator_plugin calculator;
    example_calculator_add_out sum;
    example_calculator_plugin_destroy_out end;
    example_calculator_status status;
    if (argc != 2) {
        fprintf(stderr, "usage: %s PLUGIN\n", argv[0]);
        return 2;
    }
    if (!example_calculator_load(&calculator, argv[1], NULL, 0)) {
        fprintf(stderr, "%s\n", calculator.why);
        return 1;
    }
    status = example_calculator_call_add(&calculator, 3, 5, &sum);
    if (status != EXAMPLE_CALCULATOR_STATUS_OK) return failed(status, &sum.fault);
    printf("Result: %d\n", (int)sum.value);
    status = example_calculator_unload(&calculator, &end);
    return status == EXAMPLE_CALCULATOR_STATUS_OK ? 0 : failed(status, &end.fault);
}
