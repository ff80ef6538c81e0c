// SPDX-License-Identifier: PostgreSQL
#include "identity/record_store.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <numeric>
#include <string>

#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "base/utf8.hpp"
#include "identity/string_compare.hpp"
#include "text/nickname.hpp"

namespace cdp::identity {
namespace {

constexpr size_t kMaxRecords = 1U << 31;
constexpr size_t kMaxTextBytes = 1024;  // longer values are cut: no name or address is longer

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

bool is_compound(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '-'; });
}

// Work on the numbers below a count, in pieces.
constexpr size_t kPiece = 1U << 14;
template <typename F>
void for_each_number(size_t count, unsigned workers, Tick& tick, F&& f) {
    Pieces((count + kPiece - 1) / kPiece).run(workers, tick, [&](size_t piece, unsigned, Tick& own) {
        const size_t end = std::min(count, (piece + 1) * kPiece);
        for (size_t i = piece * kPiece; i < end; ++i) {
            own();
            f(i);
        }
    });
}

}  // namespace

Date date_of(int32_t days) {
    // Within 3000 BC to 9999 AD; what lies outside (infinity included) is as good as missing.
    if (days == kNoDate || days < -1'815'000 || days > 2'932'896) return {};
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    return {static_cast<int16_t>(static_cast<int>(date.year())),
            static_cast<uint8_t>(static_cast<unsigned>(date.month())),
            static_cast<uint8_t>(static_cast<unsigned>(date.day()))};
}

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
    slots_.resize(1024, 0);
}

const char* StringPool::keep(std::string_view text) {
    auto* copy = static_cast<char*>(arena_.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return copy;
}

void StringPool::grow() {
    std::pmr::vector<uint64_t> larger(slots_.size() * 2, 0, resource_);
    const size_t mask = larger.size() - 1;
    for (StringCode code = 1; code < entries_.size(); ++code) {
        const uint64_t hash = entries_[code].hash;
        size_t slot = hash & mask;
        while (larger[slot] != 0) slot = (slot + 1) & mask;
        larger[slot] = slot_of(hash, code);
    }
    slots_ = std::move(larger);
}

StringCode StringPool::intern(std::string_view text, uint64_t hash) {
    if (text.empty()) return kMissing;
    size_t mask = slots_.size() - 1;
    size_t slot = hash & mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        if ((slots_[slot] ^ hash) >> 32 != 0) continue;
        const auto code = static_cast<StringCode>(slots_[slot]);
        if (text == this->text(code)) return code;
    }
    if (entries_.size() >= UINT32_MAX) {
        throw Error(ErrorCode::kLimitExceeded, "too many distinct values to resolve in one run",
                    "The limit is 4294967294 distinct strings.");
    }
    if (entries_.size() * 2 > slots_.size()) {
        grow();
        mask = slots_.size() - 1;
        slot = hash & mask;
        while (slots_[slot] != 0) slot = (slot + 1) & mask;
    }
    const auto code = static_cast<StringCode>(entries_.size());
    entries_.push_back({keep(text), static_cast<uint32_t>(text.size()), 0, hash});
    slots_[slot] = slot_of(hash, code);
    return code;
}

void StringPool::renumber(std::span<const StringCode> order, size_t count, unsigned workers, Tick& tick) {
    slots_ = std::pmr::vector<uint64_t>(resource_);
    std::pmr::vector<Entry> entries(count + 1, Entry{"", 0, 0, 0}, resource_);
    for_each_number(entries_.size(), workers, tick, [&](size_t old) {
        if (order[old] == kMissing) return;
        Entry& entry = entries[order[old]];
        entry = entries_[old];
        entry.characters = characters_in({entry.data, entry.size});
    });
    entries_ = std::move(entries);
}

RecordStore::RecordStore(MemoryBudget& budget, Tick& tick)
    : budget_(budget),
      tick_(tick),
      pool_(budget),
      record_ids_(&budget),
      order_keys_(&budget),
      arrived_(&budget),
      records_(&budget),
      identifier_starts_(&budget),
      identifiers_(&budget) {
    identifier_starts_.push_back(0);
}

void RecordStore::take(const RecordInput& record, Arriving& out) {
    for (size_t field = 0; field < kTextFields; ++field) {
        out.text[field] = clip_utf8(record.text[field], kMaxTextBytes);
    }
    out.text[kLocal] = out.text[kEmailKey].substr(0, out.text[kEmailKey].find('@'));
    for (size_t i = 0; i < out.text.size(); ++i) {
        out.hash[i] = out.text[i].empty() ? 0 : quick_hash64(out.text[i]);
    }
}

void RecordStore::add(std::span<const RecordInput> records) {
    // A record's strings are looked up when what three steps touch has had time to arrive.
    constexpr size_t kStep = 4;
    std::array<Arriving, 4 * kStep> window;
    const size_t count = records.size();
    const auto at = [&](size_t i) -> Arriving& { return window[i % window.size()]; };
    const auto each = [](const Arriving& texts, auto&& f) {
        for (size_t i = 0; i < texts.text.size(); ++i) {
            if (!texts.text[i].empty()) f(texts.hash[i]);
        }
    };
    for (size_t i = 0; i < count + 3 * kStep; ++i) {
        if (i < count) {
            take(records[i], at(i));
            each(at(i), [&](uint64_t hash) { pool_.prefetch_slot(hash); });
        }
        if (i >= kStep && i - kStep < count) {
            each(at(i - kStep), [&](uint64_t hash) { pool_.prefetch_entry(hash); });
        }
        if (i >= 2 * kStep && i - 2 * kStep < count) {
            each(at(i - 2 * kStep), [&](uint64_t hash) { pool_.prefetch_bytes(hash); });
        }
        if (i >= 3 * kStep) add(records[i - 3 * kStep], at(i - 3 * kStep));
    }
}

void RecordStore::add(const RecordInput& record, const Arriving& texts) {
    tick_();
    if (record_ids_.size() >= kMaxRecords) {
        throw Error(ErrorCode::kLimitExceeded, "too many records to resolve in one run",
                    "The limit is 2147483648 records.");
    }
    Arrived kept;
    for (size_t i = 0; i < kept.text.size(); ++i) kept.text[i] = pool_.intern(texts.text[i], texts.hash[i]);
    kept.birth_date = date_of(record.birth_date);
    arrived_.push_back(kept);
    for (const std::string_view identifier : record.identifiers) {
        tick_();
        const StringCode code = pool_.intern(clip_utf8(identifier, kMaxTextBytes));
        if (code != kMissing) identifiers_.push_back(code);
    }
    identifier_starts_.push_back(identifiers_.size());
    order_keys_.push_back(record.order_key);
    record_ids_.push_back(record.record_id);
}

// By order_key, then record_id.
std::pmr::vector<uint32_t> RecordStore::canonical_order(unsigned workers) {
    // Keys are hashes as a rule: their first byte divides them well.
    constexpr size_t kParts = 256;
    struct Place {
        int64_t key;
        uint32_t record;
    };
    const auto part_of = [](int64_t key) {
        return static_cast<size_t>(static_cast<uint64_t>(key) >> 56 ^ 0x80);
    };
    std::array<size_t, kParts + 1> starts{};
    for (const int64_t key : order_keys_) ++starts[part_of(key) + 1];
    for (size_t part = 0; part < kParts; ++part) starts[part + 1] += starts[part];
    std::pmr::vector<Place> places(order_keys_.size(), Place{0, 0}, &budget_);
    {
        std::array<size_t, kParts + 1> at = starts;
        for (uint32_t i = 0; i < order_keys_.size(); ++i) {
            tick_();
            places[at[part_of(order_keys_[i])]++] = {order_keys_[i], i};
        }
    }
    std::pmr::vector<uint32_t> order(order_keys_.size(), 0, &budget_);
    Pieces(kParts).run(workers, tick_, [&](size_t part, unsigned, Tick& tick) {
        const auto begin = places.begin() + static_cast<std::ptrdiff_t>(starts[part]);
        const auto end = places.begin() + static_cast<std::ptrdiff_t>(starts[part + 1]);
        std::sort(begin, end, [&](const Place& a, const Place& b) {
            tick();
            if (a.key != b.key) return a.key < b.key;
            return record_ids_[a.record] < record_ids_[b.record];
        });
        for (size_t i = starts[part]; i < starts[part + 1]; ++i) order[i] = places[i].record;
    });
    return order;
}

void RecordStore::check_ids() const {
    // Numbers of arrival are what many callers give.
    if (std::adjacent_find(record_ids_.begin(), record_ids_.end(), std::greater_equal<>()) ==
        record_ids_.end()) {
        return;
    }
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

// Makes the records, with strings numbered by first appearance: texts, identifiers, local parts of e-mails.
// The number of strings.
size_t RecordStore::renumber(std::span<const uint32_t> order, std::span<StringCode> numbers) {
    StringCode next = 0;
    const auto number = [&](StringCode code) -> StringCode {
        if (code == kMissing) return kMissing;
        if (numbers[code] == kMissing) numbers[code] = ++next;
        return numbers[code];
    };
    constexpr size_t kAhead = 8;
    records_.resize(order.size());
    for (size_t i = 0; i < order.size(); ++i) {
        tick_();
        if (i + 2 * kAhead < order.size()) __builtin_prefetch(&arrived_[order[i + 2 * kAhead]]);
        if (i + kAhead < order.size()) {
            for (const StringCode code : arrived_[order[i + kAhead]].text) __builtin_prefetch(&numbers[code]);
        }
        const Arrived& arrived = arrived_[order[i]];
        for (size_t field = 0; field < kTextFields; ++field) {
            records_[i].text[field] = number(arrived.text[field]);
        }
        records_[i].email_local = arrived.text[kLocal];
        records_[i].birth_date = arrived.birth_date;
    }
    arrived_ = std::pmr::vector<Arrived>(&budget_);
    std::pmr::vector<uint64_t> starts(&budget_);
    std::pmr::vector<StringCode> sorted(&budget_);
    starts.reserve(order.size() + 1);
    sorted.reserve(identifiers_.size());
    starts.push_back(0);
    for (const uint32_t i : order) {
        for (uint64_t at = identifier_starts_[i]; at < identifier_starts_[i + 1]; ++at) {
            tick_();
            sorted.push_back(number(identifiers_[at]));
        }
        // The order inside one record's list is the caller's accident, too.
        std::sort(sorted.begin() + static_cast<std::ptrdiff_t>(starts.back()), sorted.end());
        starts.push_back(sorted.size());
    }
    identifier_starts_ = std::move(starts);
    identifiers_ = std::move(sorted);
    for (size_t i = 0; i < records_.size(); ++i) {
        tick_();
        if (i + kAhead < records_.size()) __builtin_prefetch(&numbers[records_[i + kAhead].email_local]);
        records_[i].email_local = number(records_[i].email_local);
    }
    return next;
}

// What is derived from the strings. `nicknames` remembers for the code of a given name: 0 not looked up, 1
// no, 2 yes; threads that look one up at the same time find the same.
void RecordStore::describe(Record& record, std::span<uint8_t> nicknames) const {
    const auto sketch = [&](StringCode code) {
        const std::string_view text = pool_.text(code);
        Sketch kept;
        kept.characters = pool_.characters(code);
        kept.size = static_cast<uint16_t>(text.size());
        kept.first = static_cast<uint8_t>(text.empty() ? 0 : text[0]);
        kept.is_compound = is_compound(text);
        return kept;
    };
    const auto short_text = [&](StringCode code) {
        const std::string_view text = pool_.text(code);
        ShortText kept;
        kept.size = static_cast<uint8_t>(text.size() <= kept.bytes.size() ? text.size() : 255);
        std::memcpy(kept.bytes.data(), text.data(), std::min(text.size(), kept.bytes.size()));
        return kept;
    };
    const auto has_nicknames = [&](StringCode code) {
        const std::atomic_ref<uint8_t> known(nicknames[code]);
        uint8_t answer = known.load(std::memory_order_relaxed);
        if (answer == 0) {
            const std::string_view name = pool_.text(code);
            answer = text::knows_nicknames(name.substr(0, name.find_first_of(" -"))) ? 2 : 1;
            known.store(answer, std::memory_order_relaxed);
        }
        return answer == 2;
    };
    record.given_sound = soundex(pool_.text(record.text[kGivenName]));
    record.family_sound = soundex(pool_.text(record.text[kFamilyName]));
    record.given_name = sketch(record.text[kGivenName]);
    record.given_name.has_nicknames = has_nicknames(record.text[kGivenName]);
    record.family_name = sketch(record.text[kFamilyName]);
    record.local = sketch(record.email_local);
    record.street = sketch(record.text[kStreet]);
    record.phone = short_text(record.text[kPhoneKey]);
    record.postal_code = short_text(record.text[kPostalCode]);
    const std::string_view number = house_number(pool_.text(record.text[kStreet]));
    record.house_number = number.empty() ? 0 : static_cast<uint32_t>(hash64(number)) | 1U;
}

void RecordStore::finish(unsigned workers) {
    check_ids();
    {
        const std::pmr::vector<uint32_t> order = canonical_order(workers);
        std::pmr::vector<StringCode> numbers(pool_.size(), kMissing, &budget_);
        const size_t strings = renumber(order, numbers);
        pool_.renumber(numbers, strings, workers, tick_);
        std::pmr::vector<int64_t> ids(record_ids_.size(), 0, &budget_);
        for (size_t i = 0; i < order.size(); ++i) ids[i] = record_ids_[order[i]];
        record_ids_.swap(ids);
        for (size_t i = 0; i < order.size(); ++i) ids[i] = order_keys_[order[i]];
        order_keys_.swap(ids);
    }
    std::pmr::vector<uint8_t> nicknames(pool_.size(), 0, &budget_);
    constexpr size_t kAhead = 4;
    const auto used = [](const Record& record) {
        return std::array{record.text[kGivenName], record.text[kFamilyName], record.email_local,
                          record.text[kStreet],    record.text[kPhoneKey],   record.text[kPostalCode]};
    };
    for_each_number(records_.size(), workers, tick_, [&](size_t i) {
        if (i + 2 * kAhead < records_.size()) {
            for (const StringCode code : used(records_[i + 2 * kAhead])) pool_.prefetch(code);
        }
        if (i + kAhead < records_.size()) {
            for (const StringCode code : used(records_[i + kAhead])) pool_.prefetch_text(code);
        }
        describe(records_[i], nicknames);
    });
}

}  // namespace cdp::identity
