// SPDX-License-Identifier: PostgreSQL
// The bytes of a file as UTF-8, whatever wrote them: UTF-8 with or without a byte order mark, UTF-16 with
// one or recognisable without, and else Windows-1252, which contains Latin-1.
//
// Detection: a byte order mark; zero bytes in every second place (UTF-16); text that is UTF-8 but for fewer
// stray bytes than there are good sequences; else Windows-1252. A stray byte in UTF-8 is read as
// Windows-1252. Zero characters, which the server cannot store, and halves of pairs become U+FFFD.
// Cost: two passes.
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

#include "base/tick.hpp"

namespace cdp::ingest {

enum class TextEncoding { kUtf8, kWindows1252, kLatin1, kUtf16Le, kUtf16Be };

TextEncoding detect_text_encoding(std::string_view bytes, Tick& tick);

// As detected ("utf-8"), for people and for parse_text_encoding.
std::string_view text_encoding_name(TextEncoding encoding);

// Reads such a name, also "cp1252", "iso-8859-1" or "utf16le"; anything else is an Error(kInvalidInput).
TextEncoding parse_text_encoding(std::string_view name);

// A byte order mark at the beginning is left out.
std::pmr::string decode_text(std::string_view bytes, TextEncoding encoding, std::pmr::memory_resource* memory,
                             Tick& tick);

}  // namespace cdp::ingest
