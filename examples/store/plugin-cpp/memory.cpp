// The store in C++17: a map behind a lock, which forgets everything at the end.
//
// The class has the methods of the trait; acme_store.h is generated from it, and adapts the class. What it throws arrives
// in the host as a panic. It leaves `count` to the contract's default body.

#define ACME_STORE_WITHOUT_COUNT
#include "acme_store.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace {

/// The limit that the contract's documentation names.
constexpr std::size_t max_key_bytes = 4096;

/// Why this cannot be a key, if it cannot.
std::optional<acme_store_store_error> bad_key(std::string_view key) {
    if (!key.empty() && key.size() <= max_key_bytes) return std::nullopt;
    const std::string reason = key.empty() ? "a key has at least one character"
                                           : "it has " + std::to_string(key.size()) + " bytes, the limit is " +
                                                 std::to_string(max_key_bytes);
    return acme_store_make_store_error_invalid_key(acme_store_make_string(key), acme_store_make_string(reason));
}

/// One call at a time: a lock that lets readers pass first would keep a writer waiting for ever.
class Memory {
    /// `std::string` orders by bytes, as the contract demands.
    std::map<std::string, std::string, std::less<>> map;
    std::mutex lock;

public:
    explicit Memory(const acme_store_plugin_context &) {}

    acme_store_result_bytes_store_error get(acme_store_str lent) {
        const auto key = acme_store_string_view(lent);
        if (const auto error = bad_key(key)) return acme_store_make_result_bytes_store_error_err(*error);
        const std::lock_guard<std::mutex> held(lock);
        const auto found = map.find(key);
        if (found == map.end()) {
            const auto error = acme_store_make_store_error_not_found(acme_store_make_string(key));
            return acme_store_make_result_bytes_store_error_err(error);
        }
        const auto *bytes = reinterpret_cast<const uint8_t *>(found->second.data());
        return acme_store_make_result_bytes_store_error_ok(acme_store_make_bytes(bytes, found->second.size()));
    }

    acme_store_result_unit_store_error put(acme_store_str lent, acme_store_slice_u8 value) {
        const auto key = acme_store_string_view(lent);
        if (const auto error = bad_key(key)) return acme_store_make_result_unit_store_error_err(*error);
        // Copied before the lock is taken: others wait for the map, not for memory.
        std::string copied;
        if (value.len > 0) copied.assign(reinterpret_cast<const char *>(value.ptr), value.len);
        const std::lock_guard<std::mutex> held(lock);
        map.insert_or_assign(std::string(key), std::move(copied));
        return acme_store_make_result_unit_store_error_ok();
    }

    acme_store_result_bool_store_error delete_(acme_store_str lent) {
        const auto key = acme_store_string_view(lent);
        if (const auto error = bad_key(key)) return acme_store_make_result_bool_store_error_err(*error);
        const std::lock_guard<std::mutex> held(lock);
        return acme_store_make_result_bool_store_error_ok(map.erase(std::string(key)) == 1);
    }

    acme_store_result_vec_entry_store_error scan(acme_store_str lent) {
        const auto prefix = acme_store_string_view(lent);
        const std::lock_guard<std::mutex> held(lock);
        const auto first = map.lower_bound(prefix);
        auto last = first;
        std::size_t len = 0;
        for (; last != map.end() && last->first.compare(0, prefix.size(), prefix) == 0; ++last) ++len;
        auto entries = acme_store_make_vec_entry(len);
        auto *entry = entries.ptr;
        for (auto at = first; at != last; ++at) {
            *entry++ = acme_store_make_entry(acme_store_make_string(at->first), at->second.size());
        }
        return acme_store_make_result_vec_entry_store_error_ok(entries);
    }

    acme_store_result_stats_store_error stats() {
        const std::lock_guard<std::mutex> held(lock);
        uint64_t bytes = 0;
        for (const auto &pair : map) bytes += pair.second.size();
        const auto backend = acme_store_make_string("memory in C++");
        return acme_store_make_result_stats_store_error_ok(acme_store_make_stats(map.size(), bytes, backend));
    }
};

} // namespace

ACME_STORE_CLASS_PLUGIN(memory_cpp, "1.0.0", Memory);
