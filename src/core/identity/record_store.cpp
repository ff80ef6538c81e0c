// SPDX-License-Identifier: PostgreSQL
#include "identity/record_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <string>

#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "identity/string_compare.hpp"
#include "text/nickname.hpp"

namespace cdp::identity {
namespace {

constexpr size_t kMaxRecords = 1U << 31;
constexpr size_t kMaxTextBytes = 1024;  // longer values are cut: no name or address is longer

Date to_date(int32_t days) {
    // Within 3000 BC to 9999 AD; what lies outside (infinity included) is as good as missing.
    if (days == kNoDate || days < -1'815'000 || days > 2'932'896) return {};
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    return {static_cast<int16_t>(static_cast<int>(date.year())),
            static_cast<uint8_t>(static_cast<unsigned>(date.month())),
            static_cast<uint8_t>(static_cast<unsigned>(date.day()))};
}

uint32_t characters_in(std::string_view text) {
    uint32_t set = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c >= 'a' && c <= 'z') {
            set |= 1U << (c - 'a');
        } else if (byte >= 0x80) {
            set |= 1U << 31;
        } else {
            set |= 1U << (26 + byte % 5);
        }
    }
    return set;
}

std::string_view house_number(std::string_view street) {
    const size_t first = street.find_first_of("0123456789");
    if (first == std::string_view::npos) return {};
    const size_t last = street.find_first_not_of("0123456789", first);
    return street.substr(first, last == std::string_view::npos ? last : last - first);
}

template <typename T>
void permute(std::pmr::vector<T>& column, std::span<const uint32_t> order) {
    std::pmr::vector<T> sorted(column.get_allocator());
    sorted.reserve(column.size());
    for (const uint32_t i : order) sorted.push_back(column[i]);
    column = std::move(sorted);
}

}  // namespace

int32_t days_from_iso(std::string_view text) {
    if (text == "infinity" || text == "-infinity" || text.ends_with(" BC")) return kNoDate;
    int parts[3] = {0, 0, 0};
    int part = 0;
    bool valid = text.size() >= 8 && text.size() <= 12;
    for (const char c : text) {
        if (c == '-') {
            valid = valid && ++part < 3;
        } else {
            valid = valid && c >= '0' && c <= '9';
        }
        if (!valid) break;
        if (c != '-') parts[part] = parts[part] * 10 + (c - '0');
    }
    if (valid && part == 2 && parts[0] > 9999) return kNoDate;
    const std::chrono::year_month_day date{std::chrono::year(parts[0]),
                                           std::chrono::month(static_cast<unsigned>(parts[1])),
                                           std::chrono::day(static_cast<unsigned>(parts[2]))};
    if (!valid || part != 2 || parts[1] > 12 || parts[2] > 31 || !date.ok()) {
        throw Error(ErrorCode::kInvalidInput, "a birth date is no date",
                    "Got \"" + std::string(clip_utf8(text, 40)) + "\".", "Write it as YYYY-MM-DD.");
    }
    return static_cast<int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

IsoDate iso_of(Date date) {
    IsoDate text;
    const int size = std::snprintf(text.bytes.data(), text.bytes.size(), "%04d-%02u-%02u", date.year,
                                   static_cast<unsigned>(date.month), static_cast<unsigned>(date.day));
    text.size = static_cast<uint8_t>(std::clamp(size, 0, static_cast<int>(text.bytes.size()) - 1));
    return text;
}

StringPool::StringPool(MemoryBudget& budget)
    : resource_(&budget), arena_(&budget), entries_(&budget), slots_(&budget) {
    entries_.push_back({"", 0, 0, 0});
    slots_.resize(1024, kMissing);
}

const char* StringPool::keep(std::string_view text) {
    auto* copy = static_cast<char*>(arena_.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return copy;
}

void StringPool::grow() {
    std::pmr::vector<StringCode> larger(slots_.size() * 2, kMissing, resource_);
    const size_t mask = larger.size() - 1;
    for (StringCode code = 1; code < entries_.size(); ++code) {
        size_t slot = entries_[code].hash & mask;
        while (larger[slot] != kMissing) slot = (slot + 1) & mask;
        larger[slot] = code;
    }
    slots_ = std::move(larger);
}

StringCode StringPool::intern(std::string_view text) {
    if (text.empty()) return kMissing;
    const uint64_t hash = hash64(text);
    size_t mask = slots_.size() - 1;
    size_t slot = hash & mask;
    while (slots_[slot] != kMissing) {
        const Entry& entry = entries_[slots_[slot]];
        if (entry.hash == hash && text == std::string_view(entry.data, entry.size)) return slots_[slot];
        slot = (slot + 1) & mask;
    }
    if (entries_.size() >= UINT32_MAX) {
        throw Error(ErrorCode::kLimitExceeded, "too many distinct values to resolve in one run",
                    "The limit is 4294967294 distinct strings.");
    }
    if (entries_.size() * 2 > slots_.size()) {
        grow();
        mask = slots_.size() - 1;
        slot = hash & mask;
        while (slots_[slot] != kMissing) slot = (slot + 1) & mask;
    }
    entries_.push_back({keep(text), static_cast<uint32_t>(text.size()), characters_in(text), hash});
    slots_[slot] = static_cast<StringCode>(entries_.size() - 1);
    return slots_[slot];
}

void StringPool::renumber(std::span<const StringCode> order, size_t count) {
    std::pmr::vector<Entry> entries(count + 1, Entry{"", 0, 0, 0}, resource_);
    for (size_t old = 1; old < entries_.size(); ++old) {
        if (order[old] != kMissing) entries[order[old]] = entries_[old];
    }
    entries_ = std::move(entries);
    std::fill(slots_.begin(), slots_.end(), kMissing);
    const size_t mask = slots_.size() - 1;
    for (StringCode code = 1; code < entries_.size(); ++code) {
        size_t slot = entries_[code].hash & mask;
        while (slots_[slot] != kMissing) slot = (slot + 1) & mask;
        slots_[slot] = code;
    }
}

RecordStore::RecordStore(MemoryBudget& budget, Tick& tick)
    : budget_(budget),
      tick_(tick),
      pool_(budget),
      record_ids_(&budget),
      order_keys_(&budget),
      records_(&budget),
      identifier_starts_(&budget),
      identifiers_(&budget) {
    identifier_starts_.push_back(0);
}

void RecordStore::add(const RecordInput& record) {
    tick_();
    if (record_ids_.size() >= kMaxRecords) {
        throw Error(ErrorCode::kLimitExceeded, "too many records to resolve in one run",
                    "The limit is 2147483648 records.");
    }
    Record kept{};
    for (size_t field = 0; field < kTextFields; ++field) {
        kept.text[field] = pool_.intern(clip_utf8(record.text[field], kMaxTextBytes));
    }
    kept.birth_date = to_date(record.birth_date);
    records_.push_back(kept);
    for (const std::string_view identifier : record.identifiers) {
        tick_();
        const StringCode code = pool_.intern(clip_utf8(identifier, kMaxTextBytes));
        if (code != kMissing) identifiers_.push_back(code);
    }
    identifier_starts_.push_back(identifiers_.size());
    order_keys_.push_back(record.order_key);
    record_ids_.push_back(record.record_id);
}

void RecordStore::finish() {
    std::pmr::vector<uint32_t> order(record_ids_.size(), &budget_);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
        tick_();
        if (order_keys_[a] != order_keys_[b]) return order_keys_[a] < order_keys_[b];
        return record_ids_[a] < record_ids_[b];
    });
    {
        std::pmr::vector<int64_t> ids(record_ids_, &budget_);
        std::sort(ids.begin(), ids.end(), [&](int64_t a, int64_t b) {
            tick_();
            return a < b;
        });
        const auto twice = std::adjacent_find(ids.begin(), ids.end());
        if (twice != ids.end()) {
            throw Error(ErrorCode::kInvalidInput, "a record appears twice",
                        "record_id " + std::to_string(*twice) + " was returned more than once.",
                        "Make the query return each record_id once.");
        }
    }
    std::pmr::vector<StringCode> renumbered(pool_.size(), kMissing, &budget_);
    StringCode next = 0;
    const auto renumber = [&](StringCode& code) {
        if (code == kMissing) return;
        if (renumbered[code] == kMissing) renumbered[code] = ++next;
        code = renumbered[code];
    };
    permute(records_, order);
    for (Record& record : records_) {
        tick_();
        for (StringCode& code : record.text) renumber(code);
    }
    permute(order_keys_, order);
    permute(record_ids_, order);
    {
        std::pmr::vector<uint64_t> starts(&budget_);
        std::pmr::vector<StringCode> sorted(&budget_);
        starts.reserve(order.size() + 1);
        sorted.reserve(identifiers_.size());
        starts.push_back(0);
        for (const uint32_t i : order) {
            for (uint64_t at = identifier_starts_[i]; at < identifier_starts_[i + 1]; ++at) {
                tick_();
                renumber(identifiers_[at]);
                sorted.push_back(identifiers_[at]);
            }
            // The order inside one record's list is the caller's accident, too.
            std::sort(sorted.begin() + static_cast<std::ptrdiff_t>(starts.back()), sorted.end());
            starts.push_back(sorted.size());
        }
        identifier_starts_ = std::move(starts);
        identifiers_ = std::move(sorted);
    }
    pool_.renumber(renumbered, next);

    const auto sketch = [&](StringCode code) {
        const std::string_view text = pool_.text(code);
        Sketch kept;
        kept.characters = pool_.characters(code);
        kept.size = static_cast<uint16_t>(text.size());
        kept.first = static_cast<uint8_t>(text.empty() ? 0 : text[0]);
        kept.is_compound = text.find_first_of(" -") != std::string_view::npos;
        return kept;
    };
    const auto short_text = [&](StringCode code) {
        const std::string_view text = pool_.text(code);
        ShortText kept;
        kept.size = static_cast<uint8_t>(text.size() <= kept.bytes.size() ? text.size() : 255);
        std::memcpy(kept.bytes.data(), text.data(), std::min(text.size(), kept.bytes.size()));
        return kept;
    };
    for (Record& record : records_) {
        tick_();
        const std::string_view email = pool_.text(record.text[kEmailKey]);
        record.email_local = pool_.intern(email.substr(0, email.find('@')));
        record.given_sound = soundex(pool_.text(record.text[kGivenName]));
        record.family_sound = soundex(pool_.text(record.text[kFamilyName]));
        record.given_name = sketch(record.text[kGivenName]);
        const std::string_view given = pool_.text(record.text[kGivenName]);
        record.given_name.has_nicknames = text::knows_nicknames(given.substr(0, given.find_first_of(" -")));
        record.family_name = sketch(record.text[kFamilyName]);
        record.local = sketch(record.email_local);
        record.street = sketch(record.text[kStreet]);
        record.phone = short_text(record.text[kPhoneKey]);
        record.postal_code = short_text(record.text[kPostalCode]);
        const std::string_view number = house_number(pool_.text(record.text[kStreet]));
        record.house_number = number.empty() ? 0 : static_cast<uint32_t>(hash64(number)) | 1U;
    }
}

}  // namespace cdp::identity
