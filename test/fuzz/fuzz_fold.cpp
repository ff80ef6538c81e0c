// SPDX-License-Identifier: PostgreSQL
// prepare() and fold(): what every comparison stands on.
#include "fuzz.hpp"
#include "text/fold.hpp"
#include "text/prepare.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const std::string tidy = cdp::text::prepare(raw);
    fuzz::check_text(tidy);
    fuzz::check(cdp::text::prepare(tidy) == tidy, "preparing twice changes nothing", tidy);
    const std::string key = cdp::text::fold(raw);
    fuzz::check(fuzz::is_valid_utf8(key), "valid UTF-8", key);
    fuzz::check(cdp::text::fold(key) == key, "folding twice changes nothing", key);
    fuzz::check(key == cdp::text::fold_by_icu(raw), "the table and ICU agree", key);
    return 0;
}
