/* A host that loads a plugin, calls it once, and prints what came of it. */

#define TEST_DRIFT_HOST
#include "test_drift.h"

int main(int argc, char **argv) {
    test_drift_plugin drift;
    test_drift_plugin_destroy_out end;
    test_drift_add_out sum;
    if (argc != 2) return 2;
    if (!test_drift_load(&drift, argv[1], NULL, 0)) {
        printf("%s\n", drift.why);
        return 1;
    }
    if (test_drift_call_add(&drift, 3, 5, &sum) != TEST_DRIFT_STATUS_OK) return 3;
    printf("%d\n", (int)sum.value);
    return test_drift_unload(&drift, &end) == TEST_DRIFT_STATUS_OK ? 0 : 3;
}
