#include "test_drift.h"

class Calculator {
public:
    explicit Calculator(const test_drift_plugin_context &) {}

    int32_t add(int32_t a, int32_t b) {
        return a + b;
    }
};

TEST_DRIFT_CLASS_PLUGIN(drift, "1.0.0", Calculator);
