// SPDX-License-Identifier: PostgreSQL
#include "event_values.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "ingest/instant.hpp"
#include "text/date.hpp"

extern "C" {
#include "catalog/pg_collation.h"
#include "utils/fmgrprotos.h"
}
#undef Abs
#undef Max
#undef Min

namespace cdp::pg {

std::string_view trim_spaces(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::string_view trim_key(std::string_view text) {
    const auto is_blank = [](char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\'' || c == '"';
    };
    constexpr std::string_view kNoBreak = "\xC2\xA0";
    for (;;) {
        if (!text.empty() && is_blank(text.front()))
            text.remove_prefix(1);
        else if (text.substr(0, 2) == kNoBreak)
            text.remove_prefix(2);
        else
            break;
    }
    for (;;) {
        if (!text.empty() && is_blank(text.back()))
            text.remove_suffix(1);
        else if (text.size() >= 2 && text.substr(text.size() - 2) == kNoBreak)
            text.remove_suffix(2);
        else
            break;
    }
    return text;
}

double number_of(std::string_view clean) {
    double value = 0;
    std::from_chars(clean.data(), clean.data() + clean.size(), value);
    return value;
}

std::string shortest_text(double number) {
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, number);
    return std::string(digits, static_cast<size_t>(end.ptr - digits));
}

TimeReader::TimeReader(std::string time_zone, std::string_view date_order)
    : time_zone_(time_zone.empty() ? "UTC" : std::move(time_zone)),
      order_(text::parse_date_order(date_order.empty() ? "dmy" : date_order)),
      is_utc_(time_zone_ == "UTC") {}

bool TimeReader::read(std::string_view text, int64_t& instant) const {
    if (ingest::parse_plain_instant(text, is_utc_, instant)) return true;
    const text::Cleaned cleaned = text::clean_timestamp(text, order_);
    if (!cleaned.has_value() || cleaned.value.size() > 60) return false;
    char local[64];
    const bool utc = cleaned.value.back() == 'Z';
    const size_t size = cleaned.value.size() - (utc ? 1 : 0);
    std::memcpy(local, cleaned.value.data(), size);
    local[size] = '\0';
    const char* zone = time_zone_.c_str();
    // The server's own rules of the zone.
    instant = pg_call([&] {
        const Datum stamp = DirectFunctionCall3(timestamp_in, CStringGetDatum(local),
                                                ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
        if (utc) return static_cast<int64_t>(DatumGetTimestamp(stamp));
        Datum name = PointerGetDatum(cstring_to_text(zone));
        const int64_t result = DatumGetTimestampTz(DirectFunctionCall2(timestamp_zone, name, stamp));
        pfree(DatumGetPointer(name));
        return result;
    });
    return true;
}

char* BatchTexts::take(size_t size) {
    size = (size + 7) & ~size_t{7};
    if (size > kPiece / 4) {
        large_.push_back(std::make_unique<char[]>(size));
        return large_.back().get();
    }
    if (pieces_.empty() || used_ + size > kPiece) {
        if (!pieces_.empty()) ++piece_;
        if (piece_ >= pieces_.size()) pieces_.push_back(std::unique_ptr<char[]>(new char[kPiece]));
        used_ = 0;
    }
    char* result = pieces_[piece_].get() + used_;
    used_ += size;
    return result;
}

void BatchTexts::clear() {
    large_.clear();
    piece_ = 0;
    used_ = 0;
}

std::string_view BatchTexts::keep(std::string_view first, std::string_view second) {
    char* copy = take(first.size() + second.size());
    std::memcpy(copy, first.data(), first.size());
    std::memcpy(copy + first.size(), second.data(), second.size());
    return {copy, first.size() + second.size()};
}

std::string_view BatchTexts::keep_number(int64_t number) {
    char* copy = take(24);
    const auto end = std::to_chars(copy, copy + 24, number);
    return {copy, static_cast<size_t>(end.ptr - copy)};
}

std::string_view BatchTexts::upper(std::string_view text) {
    bool ascii = true;
    bool small = false;
    for (const char c : text) {
        ascii = ascii && static_cast<unsigned char>(c) < 0x80;
        small = small || (c >= 'a' && c <= 'z');
    }
    if (ascii && !small) return text;
    if (!ascii) {
        const PallocText made = pg_call([&] {
            const std::string_view result =
                text_view(DirectFunctionCall1Coll(::upper, DEFAULT_COLLATION_OID, make_text(text)));
            return PallocText{result.data(), result.size()};
        });
        return keep(made.view());
    }
    const std::string_view copy = keep(text);
    char* at = const_cast<char*>(copy.data());
    for (size_t i = 0; i < copy.size(); ++i) {
        if (at[i] >= 'a' && at[i] <= 'z') at[i] = static_cast<char>(at[i] - 'a' + 'A');
    }
    return copy;
}

const char* BatchTexts::put_varlena() {
    SET_VARSIZE(scratch_.data(), scratch_.size());
    char* copy = take(scratch_.size());
    std::memcpy(copy, scratch_.data(), scratch_.size());
    return copy;
}

BatchSize batch_size(const MemoryBudget& budget) {
    // A row takes some 400 bytes beside its values.
    return {std::clamp<size_t>(budget.limit() / 2048, 4096, 131072),
            std::clamp<size_t>(budget.limit() / 8, size_t{1} << 20, size_t{256} << 20)};
}

}  // namespace cdp::pg
