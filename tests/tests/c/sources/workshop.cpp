// Objects and closures in C++: classes with the methods, and what they throw is a panic of the object's own.

#include "fixture_workshop.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<uint64_t> alive{0};

std::string_view view(const fixture_workshop_string &text) {
    return std::string_view(text.ptr, text.len);
}

fixture_workshop_str lend(std::string_view text) {
    return fixture_workshop_str{text.data(), text.size()};
}

/// What came of a call; what failed there fails here.
template <class Out> auto came(fixture_workshop_status status, Out &out) {
    if (status == FIXTURE_WORKSHOP_STATUS_OK) return out.value;
    if (status == FIXTURE_WORKSHOP_STATUS_UNSUPPORTED) throw std::runtime_error("a method that is not there");
    const std::string said(view(out.fault));
    fixture_workshop_drop_string(&out.fault);
    throw std::runtime_error(said);
}

class Lines {
    std::vector<std::string> all;

public:
    explicit Lines(std::vector<std::string> lines) : all(std::move(lines)) {
        alive++;
    }

    ~Lines() {
        alive--;
    }

    uint64_t add(fixture_workshop_str line) {
        all.emplace_back(fixture_workshop_string_view(line));
        return all.size();
    }

    fixture_workshop_vec_string lines() {
        const auto made = fixture_workshop_make_vec_string(all.size());
        for (size_t at = 0; at < all.size(); at++) made.ptr[at] = fixture_workshop_make_string(all[at]);
        return made;
    }

    fixture_workshop_session fork();

    fixture_workshop_str last() {
        return lend(all.back());
    }

    fixture_workshop_result_u64_work_error explode() {
        throw std::runtime_error("a session exploded");
    }
};

FIXTURE_WORKSHOP_SESSION_CLASS_OBJECT(session, Lines);

fixture_workshop_session Lines::fork() {
    return session_give(new Lines(all));
}

fixture_workshop_session session_of(const char *first) {
    return session_give(new Lines({first}));
}

/// A closure: what is thrown within is a panic.
fixture_workshop_status adds(void *object, uint64_t to, fixture_workshop_fn_u64_u64_out *out) {
    const auto by = *static_cast<uint64_t *>(object);
    if (to > UINT64_MAX - by) throw std::overflow_error("it does not fit");
    return fixture_workshop_fn_u64_u64_return(out, to + by);
}

FIXTURE_WORKSHOP_FN_U64_U64_CLOSURE(call_adds, adds);

/// Nothing may be thrown out of this, which its type says.
fixture_workshop_status release_number(void *object, fixture_workshop_plugin_destroy_out *) noexcept {
    delete static_cast<uint64_t *>(object);
    return FIXTURE_WORKSHOP_STATUS_OK;
}

class Bench {
    fixture_workshop_clock clock{};
    fixture_workshop_fn_str_u64 event{};

public:
    explicit Bench(const fixture_workshop_plugin_context &) {}

    ~Bench() {
        fixture_workshop_drop_clock(&clock);
        fixture_workshop_drop_fn_str_u64(&event);
    }

    fixture_workshop_session open(fixture_workshop_str first) {
        return session_give(new Lines({std::string(fixture_workshop_string_view(first))}));
    }

    fixture_workshop_session shared() {
        return session_of("shared");
    }

    fixture_workshop_option_session perhaps(fixture_workshop_bool is) {
        if (!is) return fixture_workshop_make_option_session_none();
        return fixture_workshop_make_option_session_some(session_of("perhaps"));
    }

    fixture_workshop_vec_string read(fixture_workshop_session session) {
        fixture_workshop_session_lines_out out;
        return came(fixture_workshop_call_session_lines(&session, &out), out);
    }

    uint64_t write(fixture_workshop_session session, fixture_workshop_str line) {
        fixture_workshop_session_add_out out;
        return came(fixture_workshop_call_session_add(&session, line, &out), out);
    }

    void keep(fixture_workshop_clock given) {
        fixture_workshop_drop_clock(&clock);
        clock = given;
    }

    fixture_workshop_option_u64 ask() {
        fixture_workshop_clock_now_out out;
        if (clock.table == nullptr) return fixture_workshop_make_option_u64_none();
        return fixture_workshop_make_option_u64_some(came(fixture_workshop_call_clock_now(&clock, &out), out));
    }

    fixture_workshop_result_vec_string_work_error consume(fixture_workshop_session session) {
        fixture_workshop_session_explode_out out;
        std::string said = "plugin host: `fixture.session` explode panicked: ";
        try {
            came(fixture_workshop_call_session_explode(&session, &out), out);
        } catch (const std::exception &error) {
            said += error.what();
        }
        fixture_workshop_drop_session(&session);
        const auto error = fixture_workshop_make_work_error_fault(fixture_workshop_make_string(said));
        return fixture_workshop_make_result_vec_string_work_error_err(error);
    }

    uint64_t each(uint64_t end, fixture_workshop_fn_u64_u64 visit) {
        uint64_t sum = 0;
        for (uint64_t at = 0; at < end; at++) {
            fixture_workshop_fn_u64_u64_out out;
            sum += came(fixture_workshop_call_fn_u64_u64(&visit, at, &out), out);
        }
        return sum;
    }

    uint64_t until(fixture_workshop_vec_string texts, fixture_workshop_fn_mut_str_bool visit) {
        size_t at = 0;
        for (; at < texts.len; at++) {
            fixture_workshop_fn_mut_str_bool_out out;
            const auto status = fixture_workshop_call_fn_mut_str_bool(&visit, ::lend(view(texts.ptr[at])), &out);
            if (!came(status, out)) break;
        }
        fixture_workshop_drop_vec_string(&texts);
        return at;
    }

    void subscribe(fixture_workshop_fn_str_u64 given) {
        fixture_workshop_drop_fn_str_u64(&event);
        event = given;
    }

    uint64_t publish(fixture_workshop_str text) {
        if (event.call == nullptr) return 0;
        fixture_workshop_fn_str_u64_out out;
        fixture_workshop_status status = FIXTURE_WORKSHOP_STATUS_UNSUPPORTED;
        std::thread([&] { status = fixture_workshop_call_fn_str_u64(&event, text, &out); }).join();
        return came(status, out);
    }

    uint64_t once(fixture_workshop_fn_once_string_u64 done) {
        fixture_workshop_fn_once_string_u64_out out;
        const auto status =
            fixture_workshop_call_fn_once_string_u64(&done, fixture_workshop_make_string("once"), &out);
        fixture_workshop_drop_fn_once_string_u64(&done);
        return came(status, out);
    }

    fixture_workshop_option_u64 maybe(fixture_workshop_option_fn_mut_u64_u64 hook) {
        if (hook.tag == FIXTURE_WORKSHOP_NONE) return fixture_workshop_make_option_u64_none();
        uint64_t sum = 0;
        for (uint64_t at = 1; at <= 2; at++) {
            fixture_workshop_fn_mut_u64_u64_out out;
            sum += came(fixture_workshop_call_fn_mut_u64_u64(&hook.value, at, &out), out);
        }
        fixture_workshop_drop_option_fn_mut_u64_u64(&hook);
        return fixture_workshop_make_option_u64_some(sum);
    }

    fixture_workshop_fn_u64_u64 adder(uint64_t by) {
        return fixture_workshop_make_fn_u64_u64(new uint64_t(by), call_adds, release_number);
    }

    uint64_t lend(fixture_workshop_fn_session_u64 to) {
        Lines lent({"lent"});
        fixture_workshop_fn_session_u64_out out;
        return came(fixture_workshop_call_fn_session_u64(&to, session_lend(&lent), &out), out);
    }

    fixture_workshop_path_buf under(fixture_workshop_path path) {
        const auto joined = "/srv/" + std::string(path.ptr, path.len);
        return fixture_workshop_make_path_buf(joined.data(), joined.size());
    }

    fixture_workshop_path root() {
        return fixture_workshop_make_path("/srv", 4);
    }

    uint64_t alive() {
        return ::alive;
    }
};

} // namespace

FIXTURE_WORKSHOP_CLASS_PLUGIN(objects, "1.0.0", Bench);
