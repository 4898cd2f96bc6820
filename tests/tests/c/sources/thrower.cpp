#include "test_thrower.h"

#include <stdexcept>
#include <string>

class Thrower {
    std::string how;

public:
    explicit Thrower(const test_thrower_plugin_context &context) {
        test_thrower_str configured;
        if (test_thrower_configured(&context, "how", &configured)) how = test_thrower_string_view(configured);
        if (how == "badly") throw std::invalid_argument("it was configured badly");
        if (how == "worse") throw 5;
    }

    ~Thrower() noexcept(false) {
        if (how == "at the end") throw std::runtime_error("it ends badly");
    }

    test_thrower_result_u32_said throw_(uint32_t which) {
        if (which == 1) throw std::runtime_error("it was asked to");
        if (which > 1) throw which;
        return test_thrower_make_result_u32_said_ok(which);
    }

    void delete_() noexcept {
        how.clear();
    }
};

TEST_THROWER_CLASS_PLUGIN(thrower, "1.0.0", Thrower);
