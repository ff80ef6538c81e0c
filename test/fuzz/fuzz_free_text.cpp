// SPDX-License-Identifier: PostgreSQL
// What runs over whole texts: repair, masking of card numbers, the verdict on junk.
#include <vector>

#include "fuzz.hpp"
#include "text/bank_code.hpp"
#include "text/junk.hpp"
#include "text/repair.hpp"
#include "text/value.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace cdp::text;
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    cdp::Tick tick;
    const std::string repaired = repair_text(raw, tick);
    fuzz::check_text(repaired);
    fuzz::check(repair_text(repaired, tick) == repaired, "repairing twice changes nothing", repaired);
    std::vector<char> text(raw.begin(), raw.end());
    const size_t masked = mask_payment_cards(text, tick);
    fuzz::check(masked <= size, "masking makes nothing longer", raw);
    std::vector<char> again(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(masked));
    fuzz::check(mask_payment_cards(again, tick) == masked, "masking twice changes nothing", raw);
    for (const SemanticType type : {SemanticType::kText, SemanticType::kName, SemanticType::kPhone}) {
        junk_reason(raw, type);
    }
    return 0;
}
