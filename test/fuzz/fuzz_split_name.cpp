// SPDX-License-Identifier: PostgreSQL
#include "fuzz.hpp"
#include "text/name.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const cdp::text::SplitName name = cdp::text::split_name({reinterpret_cast<const char*>(data), size});
    fuzz::check_text(name.given);
    fuzz::check_text(name.family);
    return 0;
}
