// SPDX-License-Identifier: PostgreSQL
// The records to resolve. Every distinct string is kept once and stands in the records as a number, so that
// equality is an integer compare; a record is two cache lines in one piece, with enough of its strings in it
// that most pairs which differ are told apart without a look at the strings, because pairs are compared at
// random.
// finish() puts the records into canonical order (order_key, then record_id) and renumbers the strings by
// first appearance in it: from then on nothing can depend on the order in which records arrived. About 150
// bytes a record plus its distinct strings (some 200 while it runs).
#pragma once

#include <array>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/memory_budget.hpp"
#include "base/tick.hpp"

namespace cdp::identity {

enum Field : int {
    kGivenName,
    kFamilyName,
    kEmailKey,
    kPhoneKey,
    kStreet,
    kCity,
    kPostalCode,
    kNationalId,
    kGender,
    kTextFields
};

using StringCode = uint32_t;
constexpr StringCode kMissing = 0;
constexpr int32_t kNoDate = INT32_MIN;

// YYYY-MM-DD as days since 1970-01-01; kNoDate for infinity and dates before Christ. Error(kInvalidInput) for
// what is no date.
int32_t days_from_iso(std::string_view text);

// One record as it arrives; an empty string is a missing value. Texts are folded already (lower case, no
// accents).
struct RecordInput {
    int64_t record_id = 0;
    int64_t order_key = 0;
    std::array<std::string_view, kTextFields> text;
    int32_t birth_date = kNoDate;  // days since 1970-01-01
    std::span<const std::string_view> identifiers;
};

// A calendar date that costs nothing to take apart; year 0 is a missing date.
struct Date {
    int16_t year = 0;
    uint8_t month = 0;
    uint8_t day = 0;
    bool known() const { return month != 0; }
    bool operator==(const Date&) const = default;
    friend bool operator<(const Date& a, const Date& b) {
        if (a.year != b.year) return a.year < b.year;
        return a.month != b.month ? a.month < b.month : a.day < b.day;
    }
};

// Of days since 1970-01-01; missing when they are kNoDate or far outside of any life.
Date date_of(int32_t days);

// YYYY-MM-DD; years before 1 have a minus.
struct IsoDate {
    std::array<char, 12> bytes{};
    uint8_t size = 0;
    std::string_view view() const { return {bytes.data(), size}; }
};
IsoDate iso_of(Date date);

// What is known of a string without reading it.
struct Sketch {
    uint32_t characters = 0;         // see StringPool::characters
    uint16_t size = 0;               // bytes
    uint8_t first = 0;               // byte
    bool is_compound : 1 = false;    // several words
    bool has_nicknames : 1 = false;  // its first word is a given name that the lists know
};

// A short string of up to 12 bytes as it stands; size 255: longer, look it up.
struct ShortText {
    std::array<char, 12> bytes{};
    uint8_t size = 0;
};

// Distinct strings, numbered from 1.
class StringPool {
  public:
    explicit StringPool(MemoryBudget& budget);

    StringCode intern(std::string_view text) { return intern(text, quick_hash64(text)); }
    StringCode intern(std::string_view text, uint64_t hash);
    // Ahead of intern(), in this order and some strings apart: they wait for memory together. `hash` is
    // quick_hash64 of the text.
    void prefetch_slot(uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }
    void prefetch_entry(uint64_t hash) const {
        if (const StringCode code = guess(hash); code != kMissing) prefetch(code);
    }
    void prefetch_bytes(uint64_t hash) const {
        if (const StringCode code = guess(hash); code != kMissing) prefetch_text(code);
    }
    std::string_view text(StringCode code) const { return {entries_[code].data, entries_[code].size}; }
    // Which characters a string holds: a bit for each letter, some for digits and others; the top bit: not
    // ASCII.
    uint32_t characters(StringCode code) const { return entries_[code].characters; }
    // hash64 of the text: the same in every store.
    uint64_t hash(StringCode code) const { return hash64(text(code)); }
    size_t size() const { return entries_.size(); }

    void prefetch(StringCode code) const { __builtin_prefetch(&entries_[code]); }
    void prefetch_text(StringCode code) const { __builtin_prefetch(entries_[code].data); }

    // Entry i becomes entry order[i]; entries without a new number (0) are dropped. Afterwards the strings
    // are described (see characters) and no more may come.
    void renumber(std::span<const StringCode> order, size_t count, unsigned workers, Tick& tick);

  private:
    struct Entry {
        const char* data;
        uint32_t size;
        uint32_t characters;
        uint64_t hash;
    };
    // The string that has the upper half of the hash, if there is one nearby.
    StringCode guess(uint64_t hash) const {
        constexpr size_t kNearby = 4;
        const size_t mask = slots_.size() - 1;
        for (size_t i = 0; i < kNearby; ++i) {
            const uint64_t slot = slots_[(hash + i) & mask];
            if (slot == 0 || (slot ^ hash) >> 32 == 0) return static_cast<StringCode>(slot);
        }
        return kMissing;
    }
    static uint64_t slot_of(uint64_t hash, StringCode code) { return hash >> 32 << 32 | code; }
    const char* keep(std::string_view text);
    void grow();

    std::pmr::memory_resource* resource_;
    std::pmr::monotonic_buffer_resource arena_;
    std::pmr::vector<Entry> entries_;
    std::pmr::vector<uint64_t> slots_;  // the upper half of the hash, then the code; 0: free
};

class RecordStore {
  public:
    RecordStore(MemoryBudget& budget, Tick& tick);

    void add(const RecordInput& record) { add(std::span(&record, 1)); }
    // Many at once are quicker.
    void add(std::span<const RecordInput> records);

    // Canonical order; once, after the last record. Error(kInvalidInput) when a record_id appears twice. What
    // it makes does not depend on the number of threads.
    void finish(unsigned workers = 1);

    uint32_t size() const { return static_cast<uint32_t>(record_ids_.size()); }
    int64_t record_id(uint32_t i) const { return record_ids_[i]; }
    int64_t order_key(uint32_t i) const { return order_keys_[i]; }
    StringCode code(Field field, uint32_t i) const { return records_[i].text[static_cast<size_t>(field)]; }
    std::string_view text(Field field, uint32_t i) const { return pool_.text(code(field, i)); }
    Date birth_date(uint32_t i) const { return records_[i].birth_date; }
    std::span<const StringCode> identifiers(uint32_t i) const {
        return std::span(identifiers_)
            .subspan(identifier_starts_[i], identifier_starts_[i + 1] - identifier_starts_[i]);
    }
    // Derived from the names and the e-mail by finish().
    StringCode email_local(uint32_t i) const { return records_[i].email_local; }
    uint32_t given_sound(uint32_t i) const { return records_[i].given_sound; }
    uint32_t family_sound(uint32_t i) const { return records_[i].family_sound; }

    struct alignas(64) Record {
        std::array<StringCode, kTextFields> text{};
        Date birth_date;
        StringCode email_local = kMissing;
        uint32_t given_sound = 0;
        uint32_t family_sound = 0;
        Sketch given_name, family_name, local, street;
        ShortText phone, postal_code;
        uint32_t house_number = 0;  // of the street; 0 when it has none
    };
    const Record& record(uint32_t i) const { return records_[i]; }
    void prefetch(uint32_t i) const {
        __builtin_prefetch(&records_[i]);
        __builtin_prefetch(reinterpret_cast<const char*>(&records_[i]) + 64);
    }

    const StringPool& pool() const { return pool_; }
    MemoryBudget& budget() const { return budget_; }

  private:
    // A record until finish(): its texts, then the local part of its e-mail.
    static constexpr size_t kLocal = kTextFields;
    struct Arrived {
        std::array<StringCode, kTextFields + 1> text{};
        Date birth_date;
    };

    // The texts of a record on its way in, with their hashes.
    struct Arriving {
        std::array<std::string_view, kTextFields + 1> text;
        std::array<uint64_t, kTextFields + 1> hash;
    };
    static void take(const RecordInput& record, Arriving& out);
    void add(const RecordInput& record, const Arriving& texts);
    std::pmr::vector<uint32_t> canonical_order(unsigned workers);
    void check_ids() const;
    size_t renumber(std::span<const uint32_t> order, std::span<StringCode> numbers);
    void describe(Record& record, std::span<uint8_t> nicknames) const;

    MemoryBudget& budget_;
    Tick& tick_;
    StringPool pool_;
    std::pmr::vector<int64_t> record_ids_;
    std::pmr::vector<int64_t> order_keys_;
    std::pmr::vector<Arrived> arrived_;  // until finish()
    std::pmr::vector<Record> records_;
    std::pmr::vector<uint64_t> identifier_starts_;
    std::pmr::vector<StringCode> identifiers_;
};

static_assert(sizeof(RecordStore::Record) == 128);

}  // namespace cdp::identity
