// SPDX-License-Identifier: PostgreSQL
// A bound on what one call may allocate. Containers of the core that grow with the data are std::pmr
// containers over a MemoryBudget; going over the bound throws Error(kOutOfMemory) with a hint instead of
// waking the OOM killer. Several threads may allocate from one budget.
//
//     MemoryBudget budget(64 << 20);
//     std::pmr::vector<uint64_t> pairs(&budget);
#pragma once

#include <atomic>
#include <cstddef>
#include <memory_resource>
#include <string>

#include "base/error.hpp"

namespace cdp {

class MemoryBudget final : public std::pmr::memory_resource {
  public:
    // `setting` is the name a user can raise; it appears in the hint.
    explicit MemoryBudget(size_t limit_bytes, const char* setting = "cdp.memory_limit")
        : limit_(limit_bytes), setting_(setting) {}

    size_t used() const noexcept { return used_; }
    size_t peak() const noexcept { return peak_; }
    size_t limit() const noexcept { return limit_; }

  private:
    void* do_allocate(size_t bytes, size_t alignment) override {
        if (bytes > limit_) refuse(bytes);
        const size_t used = used_.fetch_add(bytes) + bytes;
        if (used > limit_) {
            used_ -= bytes;
            refuse(bytes);
        }
        size_t peak = peak_;
        while (used > peak && !peak_.compare_exchange_weak(peak, used)) {
        }
        try {
            return std::pmr::new_delete_resource()->allocate(bytes, alignment);
        } catch (...) {
            used_ -= bytes;
            throw;
        }
    }
    void do_deallocate(void* memory, size_t bytes, size_t alignment) override {
        used_ -= bytes;
        std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
    }
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
        return this == &other;
    }

    [[noreturn]] void refuse(size_t bytes) const {
        throw Error(ErrorCode::kOutOfMemory, "the operation needs more memory than it may use",
                    "The limit is " + std::to_string(limit_ >> 20) + " MB, of which " +
                        std::to_string(used() >> 20) + " MB are in use; " + std::to_string(bytes >> 20) +
                        " MB more were asked for.",
                    std::string("Raise the limit for this session, for example: SET ") + setting_ + " = '" +
                        std::to_string((limit_ >> 20) * 2 + 1) + "MB';");
    }

    size_t limit_;
    std::atomic<size_t> used_{0};
    std::atomic<size_t> peak_{0};
    const char* setting_;
};

}  // namespace cdp
