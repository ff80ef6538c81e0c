// SPDX-License-Identifier: PostgreSQL
// From the columns of a table of customers, as they come, to what the engine compares. The same rules as the
// SQL that cdp.link() is made of (extension/install/42_dedupe.sql, cdp._dedupe_query), which a test compares
// with it. Rows are gathered and cleaned many at a time, so that several threads can share the work; short
// values that were met a moment ago (names, towns, dates) are remembered. Cost: some 2 microseconds a row.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory_budget.hpp"
#include "identity/record_store.hpp"
#include "text/moment.hpp"

namespace cdp::identity {

enum class RowField : uint8_t {
    kGivenName,
    kFamilyName,
    kFullName,
    kBirthDate,
    kEmail,
    kPhone,
    kStreet,
    kHouseNumber,
    kCity,
    kPostalCode,
    kNationalId,
    kGender,
    kCountry,
    kLoyaltyId,
    kUserId
};
// By name, as in 'house_number'; an unknown one throws Error(kInvalidInput).
RowField parse_row_field(std::string_view name);

struct RowColumn {
    RowField field;
    text::DateOrder date_order = text::DateOrder::kDmy;  // of a birth date
};

// What the columns mean. Of several with one meaning the first that is filled counts.
struct RowLayout {
    std::vector<RowColumn> columns;
    std::string country;  // of rows that do not say it; empty: unknown
    std::chrono::year_month_day as_of{};
};

// Rows as they came; a value without data is NULL.
class RawRows {
  public:
    RawRows(size_t columns, MemoryBudget& budget)
        : columns_(columns), arena_(&budget), values_(&budget), order_keys_(&budget) {}

    size_t size() const { return order_keys_.size(); }
    size_t bytes() const { return bytes_; }
    void add(std::span<const std::string_view> values, int64_t order_key);
    // Rows are numbered on from those that were here.
    void clear();
    int64_t number(size_t i) const { return first_number_ + static_cast<int64_t>(i); }

    std::span<const std::string_view> row(size_t i) const {
        return std::span(values_).subspan(i * columns_, columns_);
    }
    int64_t order_key(size_t i) const { return order_keys_[i]; }

  private:
    size_t columns_;
    std::pmr::monotonic_buffer_resource arena_;
    std::pmr::vector<std::string_view> values_;
    std::pmr::vector<int64_t> order_keys_;
    size_t bytes_ = 0;
    int64_t first_number_ = 0;
};

// Records that are cleaned, with what their views refer to.
class CleanRows {
  public:
    explicit CleanRows(MemoryBudget& budget) : arena_(&budget), records_(&budget), identifiers_(&budget) {}

    std::span<const RecordInput> records() const { return records_; }
    void clear();

  private:
    friend class RowCleaner;
    std::string_view keep(std::string_view text);

    std::pmr::monotonic_buffer_resource arena_;
    std::pmr::vector<RecordInput> records_;
    std::pmr::vector<std::string_view> identifiers_;
};

// For one thread.
class RowCleaner {
  public:
    // `layout` stays where it is.
    RowCleaner(const RowLayout& layout, MemoryBudget& budget);

    // Of the rows from `from` to below `to`; what `out` held is gone. The record_id of each is the number of
    // its row.
    void clean(const RawRows& rows, size_t from, size_t to, CleanRows& out);

  private:
    // A column that a field is made of.
    struct Source {
        size_t column;
        text::DateOrder date_order;
    };
    struct Remembered {
        static constexpr size_t kBytes = 30;
        std::array<char, kBytes> raw;  // and the option
        std::array<char, kBytes> clean;
        uint8_t raw_size = 0;  // 0: nothing is remembered here
        uint8_t clean_size = 0;
        uint16_t field = 0;  // and the size of the option
    };

    using Values = std::span<const std::string_view>;
    const std::vector<Source>& sources(RowField field) const { return sources_[static_cast<size_t>(field)]; }
    // The first that is not blank, without spaces at its ends; NULL without any.
    std::string_view first_filled(Values values, RowField field) const;
    // The first that can be cleaned; false without any.
    template <typename Clean>
    bool first_clean(Values values, RowField field, std::string_view option, std::string& out, Clean&& clean);
    template <typename Clean>
    bool remembered(RowField field, std::string_view raw, std::string_view option, std::string& out,
                    Clean&& clean);

    void clean_names(Values values, RecordInput& record, CleanRows& out);
    void clean_contacts(Values values, std::string_view country, RecordInput& record, CleanRows& out);
    void clean_place(Values values, std::string_view country, RecordInput& record, CleanRows& out);
    void clean_rest(Values values, std::string_view country, RecordInput& record, CleanRows& out);

    const RowLayout& layout_;
    std::array<std::vector<Source>, 15> sources_;
    std::pmr::vector<Remembered> remembered_;
    std::string value_, other_, country_;
};

// A folded name without title, "Jr." and the like, and a last initial.
std::string_view comparable_name(std::string_view folded);

}  // namespace cdp::identity
