// SPDX-License-Identifier: PostgreSQL
// Names of persons, two lines: the parts of one, the similarity of both.
#include <cmath>

#include "fuzz.hpp"
#include "similarity/name_similarity.hpp"
#include "text/name.hpp"
#include "text/name_latin.hpp"
#include "text/nickname.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::Input input(data, size);
    const std::string_view a = input.line();
    const std::string_view b = input.rest();
    cdp::Tick tick;
    const double alike = cdp::similarity::name_similarity(a, b, tick);
    fuzz::check(alike >= 0 && alike <= 1, "a share", a);
    fuzz::check(alike == cdp::similarity::name_similarity(b, a, tick), "the same both ways", a);
    const auto parts = cdp::text::parse_name(a);
    for (const std::string& part : {parts.title, parts.given, parts.middle, parts.family, parts.second_family,
                                    parts.suffix, parts.nickname}) {
        fuzz::check_text(part);
    }
    fuzz::check_text(cdp::text::latin_name(a));
    fuzz::check(cdp::text::is_same_given_name(a, b) == cdp::text::is_same_given_name(b, a),
                "the same both ways", a);
    return 0;
}
