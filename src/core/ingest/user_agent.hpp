// SPDX-License-Identifier: PostgreSQL
// What a User-Agent header says: browser, operating system, class of device, and whether a program sent it.
// Compact rules of our own over the tokens that browsers send (MDN, "User-Agent header"; RFC 9110
// section 10.1.5), not a list of devices. Since 2023 browsers freeze parts of it: Windows 11 says "NT 10.0",
// macOS 10.15.7 for ever, Android phones "10; K".
//
// Cost: some 1 to 2 us; only the first 1,024 bytes count.
#pragma once

#include <string>
#include <string_view>

namespace cdp::ingest {

struct UserAgent {
    std::string_view kind;          // browser, app, tool (a library or command), bot; empty: nothing is known
    std::string name;               // Chrome, Safari, Googlebot, curl …
    std::string version;            // the major version, digits only
    std::string_view os;            // Windows, macOS, iOS, iPadOS, Android, Linux, ChromeOS …
    std::string os_version;         // 10, 17.1 …
    std::string_view device_class;  // desktop, mobile, tablet, tv, console, bot, other
};

UserAgent parse_user_agent(std::string_view header);

}  // namespace cdp::ingest
