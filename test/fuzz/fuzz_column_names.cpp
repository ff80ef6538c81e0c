// SPDX-License-Identifier: PostgreSQL
#include <algorithm>

#include "fuzz.hpp"
#include "ingest/column_names.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto guess = cdp::ingest::guess_attribute({reinterpret_cast<const char*>(data), size});
    const auto known = cdp::ingest::known_attributes();
    fuzz::check(
        guess.attribute.empty() || std::find(known.begin(), known.end(), guess.attribute) != known.end(),
        "a known attribute", guess.attribute);
    fuzz::check(guess.confidence >= 0 && guess.confidence <= 1, "a confidence");
    return 0;
}
