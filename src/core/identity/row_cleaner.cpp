// SPDX-License-Identifier: PostgreSQL
#include "identity/row_cleaner.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "text/address.hpp"
#include "text/code.hpp"
#include "text/country.hpp"
#include "text/date.hpp"
#include "text/email.hpp"
#include "text/fold.hpp"
#include "text/junk.hpp"
#include "text/name.hpp"
#include "text/national_id.hpp"
#include "text/phone.hpp"
#include "text/plain.hpp"

namespace cdp::identity {
namespace {

constexpr std::string_view kFieldNames[] = {"given_name", "family_name", "full_name",   "birth_date",
                                            "email",      "phone",       "street",      "house_number",
                                            "city",       "postal_code", "national_id", "gender",
                                            "country",    "loyalty_id",  "user_id"};

constexpr size_t kRemembered = 1U << 13;

// As btrim() of SQL.
std::string_view trimmed(std::string_view text) {
    const size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return text.substr(text.size());
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool keep_value(text::Cleaned cleaned, std::string& out) {
    if (!cleaned.has_value()) return false;
    out = std::move(cleaned.value);
    return true;
}
bool keep_folded(const text::Cleaned& cleaned, std::string& out) {
    if (!cleaned.has_value()) return false;
    if (!text::fold_latin(cleaned.value, out)) out = text::fold(cleaned.value);
    return true;
}

}  // namespace

RowField parse_row_field(std::string_view name) {
    const auto found = std::find(std::begin(kFieldNames), std::end(kFieldNames), name);
    if (found == std::end(kFieldNames)) {
        throw Error(ErrorCode::kInvalidInput, "unknown field of a record: " + std::string(name),
                    "Fields are given_name, family_name, full_name, birth_date, email, phone, street, "
                    "house_number, city, postal_code, national_id, gender, country, loyalty_id and user_id.");
    }
    return static_cast<RowField>(found - std::begin(kFieldNames));
}

std::string_view comparable_name(std::string_view folded) {
    const size_t space = folded.find(' ');
    if (space == std::string_view::npos) return folded;
    const std::string_view first = folded.substr(0, space);
    for (const std::string_view title : {"mr", "mrs", "ms", "miss", "dr", "prof"}) {
        if (first == title) return folded.substr(space + 1);
    }
    // A space and one character, which may have several bytes.
    size_t last = folded.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(folded[last]) & 0xC0) == 0x80) --last;
    if (last > 0 && folded[last - 1] == ' ') return folded.substr(0, last - 1);
    for (const std::string_view suffix : {" jr", " sr", " ii", " iv", " iii"}) {
        if (folded.ends_with(suffix)) return folded.substr(0, folded.size() - suffix.size());
    }
    return folded;
}

void RawRows::add(std::span<const std::string_view> values, int64_t order_key) {
    size_t bytes = 0;
    for (const std::string_view value : values) bytes += value.size();
    char* at = bytes == 0 ? nullptr : static_cast<char*>(arena_.allocate(bytes, 1));
    for (const std::string_view value : values) {
        if (value.empty()) {
            values_.push_back(value.data() == nullptr ? std::string_view() : std::string_view(""));
            continue;
        }
        std::memcpy(at, value.data(), value.size());
        values_.push_back({at, value.size()});
        at += value.size();
    }
    order_keys_.push_back(order_key);
    bytes_ += bytes;
}

void RawRows::clear() {
    first_number_ += static_cast<int64_t>(order_keys_.size());
    values_.clear();
    order_keys_.clear();
    arena_.release();
    bytes_ = 0;
}

void CleanRows::clear() {
    records_.clear();
    identifiers_.clear();
    arena_.release();
}

std::string_view CleanRows::keep(std::string_view text) {
    if (text.empty()) return {};
    auto* copy = static_cast<char*>(arena_.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

RowCleaner::RowCleaner(const RowLayout& layout, MemoryBudget& budget)
    : layout_(layout), remembered_(kRemembered, Remembered{}, &budget) {
    for (size_t i = 0; i < layout.columns.size(); ++i) {
        sources_[static_cast<size_t>(layout.columns[i].field)].push_back({i, layout.columns[i].date_order});
    }
}

std::string_view RowCleaner::first_filled(Values values, RowField field) const {
    for (const Source& source : sources(field)) {
        const std::string_view value = trimmed(values[source.column]);
        if (!value.empty()) return value;
    }
    return {};
}

// `clean` fills `out`, false when there is no value. `option` is what else its answer depends on.
template <typename Clean>
bool RowCleaner::remembered(RowField field, std::string_view raw, std::string_view option, std::string& out,
                            Clean&& clean) {
    constexpr uint8_t kNothing = 255;
    if (raw.empty() || raw.size() + option.size() > Remembered::kBytes) return clean(raw, out);
    const auto seed = static_cast<uint16_t>(static_cast<unsigned>(field) << 8 | option.size());
    const uint64_t hash = quick_hash64(raw, seed) ^ (option.empty() ? 0 : quick_hash64(option, seed));
    Remembered& known = remembered_[hash & (kRemembered - 1)];
    const auto size = static_cast<uint8_t>(raw.size());
    if (known.field == seed && known.raw_size == size &&
        std::memcmp(known.raw.data(), raw.data(), size) == 0 &&
        std::memcmp(known.raw.data() + size, option.data(), option.size()) == 0) {
        if (known.clean_size == kNothing) return false;
        out.assign(known.clean.data(), known.clean_size);
        return true;
    }
    const bool has_value = clean(raw, out);
    if (has_value && out.size() > Remembered::kBytes) return true;
    known.field = seed;
    known.raw_size = size;
    std::memcpy(known.raw.data(), raw.data(), size);
    std::memcpy(known.raw.data() + size, option.data(), option.size());
    known.clean_size = has_value ? static_cast<uint8_t>(out.size()) : kNothing;
    if (has_value) std::memcpy(known.clean.data(), out.data(), out.size());
    return has_value;
}

template <typename Clean>
bool RowCleaner::first_clean(Values values, RowField field, std::string_view option, std::string& out,
                             Clean&& clean) {
    for (const Source& source : sources(field)) {
        const std::string_view raw = values[source.column];
        if (raw.data() != nullptr && remembered(field, raw, option, out, clean)) return true;
    }
    return false;
}

void RowCleaner::clean_names(Values values, RecordInput& record, CleanRows& out) {
    const auto clean = [](std::string_view raw, std::string& value) {
        return keep_folded(text::clean_name(raw), value);
    };
    bool has_given = first_clean(values, RowField::kGivenName, {}, value_, clean);
    bool has_family = first_clean(values, RowField::kFamilyName, {}, other_, clean);
    if (!has_given || !has_family) {
        std::string full;
        const auto tidy = [](std::string_view raw, std::string& value) {
            return keep_value(text::clean_text(raw), value);
        };
        bool has_full = false;
        for (const Source& source : sources(RowField::kFullName)) {
            const std::string_view raw = values[source.column];
            has_full = raw.data() != nullptr && tidy(raw, full);
            if (has_full) break;
        }
        if (has_full) {
            const text::SplitName split = text::split_name(full);
            if (!has_given && !split.given.empty()) {
                value_ = text::fold(split.given);
                has_given = true;
            }
            if (!has_family && !split.family.empty()) {
                other_ = text::fold(split.family);
                has_family = true;
            }
        }
    }
    if (has_given) record.text[kGivenName] = out.keep(comparable_name(value_));
    if (has_family) record.text[kFamilyName] = out.keep(comparable_name(other_));
}

void RowCleaner::clean_contacts(Values values, std::string_view country, RecordInput& record,
                                CleanRows& out) {
    if (const std::string_view email = first_filled(values, RowField::kEmail); !email.empty()) {
        value_ = text::email_key(email);
        // What is no address for lack of a sign is still the same on two records.
        if (value_.empty() && email.find('@') != std::string_view::npos &&
            text::junk_reason(email, text::SemanticType::kEmail).empty()) {
            value_ = text::fold(email);
        }
        record.text[kEmailKey] = out.keep(value_);
    }
    if (const std::string_view phone = first_filled(values, RowField::kPhone); !phone.empty()) {
        const text::Cleaned cleaned = text::clean_phone(phone, country);
        if (cleaned.has_value()) {
            record.text[kPhoneKey] = out.keep(text::phone_key(cleaned.value));
        } else if (text::junk_reason(phone, text::SemanticType::kPhone).empty()) {
            record.text[kPhoneKey] = out.keep(text::phone_key(phone));
        }
    }
}

void RowCleaner::clean_place(Values values, std::string_view country, RecordInput& record, CleanRows& out) {
    std::string_view street = first_filled(values, RowField::kStreet);
    if (!sources(RowField::kHouseNumber).empty() &&
        street.find_first_of("0123456789") == std::string_view::npos) {
        // A number is not repeated where the street has one.
        const std::string_view number = values[sources(RowField::kHouseNumber).front().column];
        other_.assign(street);
        if (!street.empty() && number.data() != nullptr) other_ += ' ';
        other_ += number;
        street = other_;
    }
    if (!street.empty()) record.text[kStreet] = out.keep(text::address_key(street, country));
    const bool has_city = first_clean(
        values, RowField::kCity, {}, value_,
        [](std::string_view raw, std::string& value) { return keep_folded(text::clean_text(raw), value); });
    if (has_city) record.text[kCity] = out.keep(value_);
    const std::string_view postal_code = first_filled(values, RowField::kPostalCode);
    if (!postal_code.empty() && remembered(RowField::kPostalCode, postal_code, country, value_,
                                           [&](std::string_view raw, std::string& value) {
                                               return keep_folded(text::clean_postal_code(raw, country),
                                                                  value);
                                           })) {
        record.text[kPostalCode] = out.keep(value_);
    }
}

void RowCleaner::clean_rest(Values values, std::string_view country, RecordInput& record, CleanRows& out) {
    for (const Source& source : sources(RowField::kBirthDate)) {
        const std::string_view raw = values[source.column];
        if (raw.empty()) continue;
        const text::Cleaned date = text::clean_birth_date(raw, source.date_order, layout_.as_of);
        if (!date.has_value()) continue;
        record.birth_date = days_from_iso(date.value);
        break;
    }
    if (const std::string_view id = first_filled(values, RowField::kNationalId); !id.empty()) {
        const bool has_id = (!country.empty() && keep_folded(text::clean_national_id(id, country), value_)) ||
                            keep_folded(text::clean_identifier(id), value_);
        if (has_id) record.text[kNationalId] = out.keep(value_);
    }
    if (const std::string_view gender = first_filled(values, RowField::kGender); !gender.empty()) {
        const bool has_gender =
            remembered(RowField::kGender, gender, {}, value_, [](std::string_view raw, std::string& value) {
                return keep_value(text::clean_gender(raw), value);
            });
        if (has_gender) record.text[kGender] = out.keep(value_);
    }
    const size_t first = out.identifiers_.size();
    for (const auto& [field, kind] : {std::pair{RowField::kLoyaltyId, std::string_view("loyalty_id:")},
                                      std::pair{RowField::kUserId, std::string_view("user_id:")}}) {
        for (const Source& source : sources(field)) {
            const std::string_view raw = values[source.column];
            if (raw.data() == nullptr) continue;
            const text::Cleaned id = text::clean_identifier(raw);
            if (!id.has_value()) continue;
            value_.assign(kind);
            value_ += id.value;
            out.identifiers_.push_back(out.keep(value_));
        }
    }
    record.identifiers = std::span(out.identifiers_).subspan(first);
}

void RowCleaner::clean(const RawRows& rows, size_t from, size_t to, CleanRows& out) {
    out.clear();
    out.records_.reserve(to - from);
    // Views into it must stay.
    out.identifiers_.reserve((to - from) *
                             (sources(RowField::kLoyaltyId).size() + sources(RowField::kUserId).size()));
    for (size_t i = from; i < to; ++i) {
        const Values values = rows.row(i);
        std::string_view country = layout_.country;
        const bool has_country = !sources(RowField::kCountry).empty();
        if (has_country) {
            const Source& source = sources(RowField::kCountry).front();
            const std::string_view raw = values[source.column];
            if (raw.data() != nullptr &&
                remembered(RowField::kCountry, raw, {}, country_, [](std::string_view r, std::string& value) {
                    return keep_value(text::clean_country(r), value);
                })) {
                country = country_;
            }
        }
        RecordInput& record = out.records_.emplace_back();
        record.record_id = rows.number(i);
        record.order_key = rows.order_key(i);
        clean_names(values, record, out);
        clean_contacts(values, country, record, out);
        clean_place(values, country, record, out);
        clean_rest(values, country, record, out);
    }
}

}  // namespace cdp::identity
