// SPDX-License-Identifier: PostgreSQL
// An object that tells whether its destructor ran. Test module only.
#pragma once

#include <cstdint>
#include <memory>

namespace cdp::bridge_test {

inline int64_t live_objects = 0;

class Counted {
  public:
    Counted() : heap_(std::make_unique<char[]>(4096)) { ++live_objects; }
    ~Counted() { --live_objects; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

    int64_t sum = 0;

  private:
    std::unique_ptr<char[]> heap_;  // so that a destructor that is jumped over shows as a leak
};

}  // namespace cdp::bridge_test
