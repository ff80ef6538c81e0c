// SPDX-License-Identifier: PostgreSQL
// A C++ object that lives as long as a memory context: caches in fn_extra, aggregate states. Two steps,
// because the server's half may longjmp and the object's half may throw:
//
//     auto* slot = Owned<Cache>::reserve(fcinfo->flinfo->fn_mcxt);      // plain C, no C++ object alive
//     guard([&] { slot->emplace(arguments…); });                        // C++; destroyed with the context
#pragma once

#include <memory>
#include <utility>

#include "bridge/postgres.hpp"

namespace cdp::pg {

template <typename T>
class Owned {
  public:
    static Owned* reserve(MemoryContext context) {
        auto* slot = static_cast<Owned*>(MemoryContextAllocZero(context, sizeof(Owned)));
        slot->callback_.func = destroy;
        slot->callback_.arg = slot;
        MemoryContextRegisterResetCallback(context, &slot->callback_);
        return slot;
    }

    template <typename... Arguments>
    T& emplace(Arguments&&... arguments) {
        auto fresh = std::make_unique<T>(std::forward<Arguments>(arguments)...);
        delete object_;
        object_ = fresh.release();
        return *object_;
    }

    T* get() const noexcept { return object_; }

  private:
    static void destroy(void* slot) noexcept {
        delete static_cast<Owned*>(slot)->object_;
        static_cast<Owned*>(slot)->object_ = nullptr;
    }

    MemoryContextCallback callback_;
    T* object_;
};

}  // namespace cdp::pg
