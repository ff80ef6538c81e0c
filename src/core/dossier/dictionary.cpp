// SPDX-License-Identifier: PostgreSQL
#include "dossier/dictionary.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "dossier/format.hpp"

namespace cdp::dossier {

Dictionaries::Dictionaries(std::pmr::memory_resource* resource)
    : texts_(resource), entries_(1024, resource), states_(resource), new_(resource), finals_(resource) {}

Dictionaries::State& Dictionaries::state(uint16_t dictionary) {
    if (dictionary >= states_.size()) states_.resize(dictionary + size_t{1});
    return states_[dictionary];
}

Dictionaries::Entry& Dictionaries::find(uint16_t dictionary, std::string_view text, uint64_t hash) {
    const size_t mask = entries_.size() - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        Entry& entry = entries_[at];
        if (entry.text == nullptr) return entry;
        if (entry.hash == hash && entry.dictionary == dictionary && entry.length == text.size() &&
            std::memcmp(entry.text, text.data(), text.size()) == 0)
            return entry;
    }
}

void Dictionaries::grow() {
    std::pmr::vector<Entry> old(entries_.size() * 2, entries_.get_allocator());
    old.swap(entries_);
    const size_t mask = entries_.size() - 1;
    for (const Entry& entry : old) {
        if (entry.text == nullptr) continue;
        size_t at = entry.hash & mask;
        while (entries_[at].text != nullptr) at = (at + 1) & mask;
        entries_[at] = entry;
    }
}

Dictionaries::Entry& Dictionaries::insert(Entry& place, uint16_t dictionary, std::string_view text,
                                          uint64_t hash, int64_t symbol) {
    Entry* to = &place;
    if (++used_ * 2 > entries_.size()) {
        grow();
        to = &find(dictionary, text, hash);
    }
    auto* copy = static_cast<char*>(texts_.allocate(text.size() + 1, 1));
    std::memcpy(copy, text.data(), text.size());
    *to = {hash, copy, static_cast<uint32_t>(text.size()), dictionary, symbol};
    return *to;
}

void Dictionaries::load(uint16_t dictionary, uint32_t symbol, std::string_view text) {
    const uint64_t hash = quick_hash64(text, dictionary);
    Entry& place = find(dictionary, text, hash);
    if (place.text != nullptr) {
        throw Error(ErrorCode::kDataCorrupted, "a dictionary has a text twice", "",
                    "Build it again: SELECT cdp.rebuild_dossiers();");
    }
    insert(place, dictionary, text, hash, symbol);
    State& s = state(dictionary);
    s.next = std::max(s.next, symbol + 1);
    ++s.count;
}

int64_t Dictionaries::symbol(uint16_t dictionary, std::string_view text) {
    const uint64_t hash = quick_hash64(text, dictionary);
    Entry& place = find(dictionary, text, hash);
    if (place.text != nullptr) return place.symbol;
    State& s = state(dictionary);
    if (s.count >= kMaxSymbols || text.size() > kMaxText) {
        s.incomplete = true;
        return kNull;
    }
    ++s.count;
    const Entry& entry = insert(place, dictionary, text, hash, kNew + static_cast<int64_t>(new_.size()));
    new_.push_back({dictionary, {entry.text, entry.length}, 0});
    finals_.push_back(0);
    return entry.symbol;
}

std::span<const Dictionaries::NewText> Dictionaries::number_new() {
    std::pmr::vector<uint32_t> order(new_.size(), new_.get_allocator());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
        if (new_[a].dictionary != new_[b].dictionary) return new_[a].dictionary < new_[b].dictionary;
        return new_[a].text < new_[b].text;
    });
    for (const uint32_t i : order) finals_[i] = new_[i].symbol = state(new_[i].dictionary).next++;
    std::pmr::vector<NewText> sorted(new_.get_allocator());
    sorted.reserve(new_.size());
    for (const uint32_t i : order) sorted.push_back(new_[i]);
    new_.swap(sorted);
    return new_;
}

std::vector<uint16_t> Dictionaries::incomplete() const {
    std::vector<uint16_t> result;
    for (size_t i = 0; i < states_.size(); ++i)
        if (states_[i].incomplete) result.push_back(static_cast<uint16_t>(i));
    return result;
}

}  // namespace cdp::dossier
