// SPDX-License-Identifier: PostgreSQL
// Texts and their numbers, per dictionary. A text that has no number yet gets a provisional one, at least
// kNew, until the caller has given out numbers for all new texts at once: numbers depend on what is new,
// never on the order in which rows were read.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

namespace cdp::dossier {

class Dictionaries {
  public:
    static constexpr int64_t kNew = int64_t{1} << 40;
    // A dictionary with this many texts takes no more; what is not in it then reads as kNull. Longer texts
    // never are.
    static constexpr uint32_t kMaxSymbols = 1000000;
    static constexpr size_t kMaxText = 1000;

    explicit Dictionaries(std::pmr::memory_resource* resource);

    // A text that has its number already.
    void load(uint16_t dictionary, uint32_t symbol, std::string_view text);
    // Its number, a provisional one, or kNull if the dictionary cannot hold it: it is then incomplete.
    int64_t symbol(uint16_t dictionary, std::string_view text);

    struct NewText {
        uint16_t dictionary;
        std::string_view text;
        uint32_t symbol;  // given out by number_new()
    };
    // Numbers the new texts of each dictionary in order of their bytes, from the next free number on. The
    // list is in that order; provisional numbers stay valid through final().
    std::span<const NewText> number_new();
    // The number behind one of symbol().
    int64_t final(int64_t symbol) const {
        return symbol < kNew ? symbol : int64_t{finals_[static_cast<size_t>(symbol - kNew)]};
    }
    // Dictionaries that could not take a text, in order.
    std::vector<uint16_t> incomplete() const;

  private:
    struct Entry {
        uint64_t hash = 0;
        const char* text = nullptr;  // null: a free place
        uint32_t length = 0;
        uint16_t dictionary = 0;
        int64_t symbol = 0;
    };
    struct State {
        uint32_t next = 0, count = 0;
        bool incomplete = false;
    };

    Entry& find(uint16_t dictionary, std::string_view text, uint64_t hash);
    Entry& insert(Entry& place, uint16_t dictionary, std::string_view text, uint64_t hash, int64_t symbol);
    State& state(uint16_t dictionary);
    void grow();

    std::pmr::monotonic_buffer_resource texts_;
    std::pmr::vector<Entry> entries_;  // open addressing, a power of two
    size_t used_ = 0;
    std::pmr::vector<State> states_;
    std::pmr::vector<NewText> new_;
    std::pmr::vector<uint32_t> finals_;  // by provisional number
};

}  // namespace cdp::dossier
