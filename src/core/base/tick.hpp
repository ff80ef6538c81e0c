// SPDX-License-Identifier: PostgreSQL
// Cancellation. Every loop whose length depends on data calls tick(); the host decides what that does (the
// PostgreSQL binding checks for a cancel request and throws, the unit tests count or throw). Cost: one
// increment, and one indirect call in kInterval.
#pragma once

#include <cstdint>

namespace cdp {

class Tick {
  public:
    using Check = void (*)();
    using CheckOf = void (*)(void* context);
    static constexpr uint32_t kInterval = 256;  // calls between two checks; a power of two

    Tick() = default;
    explicit Tick(Check check)
        : check_([](void* function) { reinterpret_cast<Check>(function)(); }),
          context_(reinterpret_cast<void*>(check)) {}
    Tick(CheckOf check, void* context) : check_(check), context_(context) {}

    void operator()() {
        if ((++count_ & (kInterval - 1)) == 0 && check_ != nullptr) check_(context_);
    }

  private:
    CheckOf check_ = nullptr;
    void* context_ = nullptr;
    uint32_t count_ = 0;
};

}  // namespace cdp
