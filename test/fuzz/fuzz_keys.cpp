// SPDX-License-Identifier: PostgreSQL
// The keys that spellings of one mailbox or number share.
#include "fuzz.hpp"
#include "text/email.hpp"
#include "text/phone.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view raw(reinterpret_cast<const char*>(data), size);
    const std::string mailbox = cdp::text::email_key(raw);
    fuzz::check_text(mailbox);
    // 'a+tag@a.example' has the key 'a@a.example', which is a placeholder and has none.
    const std::string again = cdp::text::email_key(mailbox);
    fuzz::check(again == mailbox || again.empty(), "the key of a key is the key", mailbox);
    const std::string number = cdp::text::phone_key(raw);
    fuzz::check(number.find_first_not_of("0123456789") == std::string::npos, "digits only", number);
    return 0;
}
