// SPDX-License-Identifier: PostgreSQL
// The values of events: times, keys, and the memory of a batch's texts.
#pragma once

#include "bridge/postgres.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory_budget.hpp"
#include "text/moment.hpp"

namespace cdp::pg {

// Without spaces at the ends, as btrim(x) does.
std::string_view trim_spaces(std::string_view text);
// Without spaces, tabs, line ends, no-break spaces and quotes at the ends: the key of a person.
std::string_view trim_key(std::string_view text);
// Of a clean number.
double number_of(std::string_view clean);
// With the fewest digits that say which number it is.
std::string shortest_text(double number);

// Times of a source, as cdp.normalize_timestamp reads them. Inside a guard.
class TimeReader {
  public:
    TimeReader(std::string time_zone, std::string_view date_order);
    bool read(std::string_view text, int64_t& instant) const;

  private:
    std::string time_zone_;
    text::DateOrder order_;
    bool is_utc_;
};

// Texts that are made, not read; they stay where they are until clear(). Memory that was needed once is kept.
class BatchTexts {
  public:
    std::string_view keep(std::string_view text) { return keep({}, text); }
    std::string_view keep(std::string_view first, std::string_view second);
    std::string_view keep_number(int64_t number);
    // In capitals, as upper(x) makes them.
    std::string_view upper(std::string_view text);
    // A jsonb with its length word, aligned; write(out, base) appends the value, `base` bytes of `out` being
    // before it.
    template <typename Write>
    const char* put_jsonb(Write&& write) {
        scratch_.assign(sizeof(int32), '\0');
        write(scratch_, size_t{0});
        return put_varlena();
    }
    void clear();

  private:
    char* take(size_t size);
    const char* put_varlena();

    static constexpr size_t kPiece = size_t{1} << 20;
    std::vector<std::unique_ptr<char[]>> pieces_;
    std::vector<std::unique_ptr<char[]>> large_;
    size_t piece_ = 0;
    size_t used_ = 0;
    std::string scratch_;
};

// How much is read at a time: what a batch takes stays well below the budget.
struct BatchSize {
    size_t rows;
    size_t bytes;
};
BatchSize batch_size(const MemoryBudget& budget);

}  // namespace cdp::pg
