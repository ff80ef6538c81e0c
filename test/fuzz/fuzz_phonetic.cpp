// SPDX-License-Identifier: PostgreSQL
// Codes of sounds: letters and digits, bounded, the same for capitals.
#include <algorithm>

#include "fuzz.hpp"
#include "similarity/cologne.hpp"
#include "similarity/daitch_mokotoff.hpp"
#include "similarity/double_metaphone.hpp"
#include "similarity/metaphone.hpp"
#include "similarity/nysiis.hpp"
#include "similarity/soundex.hpp"
#include "similarity/spanish_metaphone.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    namespace sim = cdp::similarity;
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const auto code = [](std::string_view made) {
        fuzz::check(
            std::all_of(made.begin(), made.end(),
                        [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == ' '; }),
            "capitals and digits", made);
        fuzz::check(made.size() <= 1024, "a bounded code", made);
    };
    code(sim::soundex(raw).view());
    code(sim::refined_soundex(raw).view());
    code(sim::metaphone(raw).view());
    code(sim::spanish_metaphone(raw).view());
    code(sim::cologne_phonetic(raw).view());
    code(sim::nysiis(raw).view());
    code(sim::modified_nysiis(raw).view());
    const auto both = sim::double_metaphone(raw);
    code(both.primary.view());
    code(both.alternate.view());
    const auto codes = sim::daitch_mokotoff(raw);
    fuzz::check(codes.size() <= 64, "a bounded number of codes");
    return 0;
}
