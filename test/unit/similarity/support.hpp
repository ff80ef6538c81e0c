// SPDX-License-Identifier: PostgreSQL
// Random pairs of texts for the similarity tests.
#pragma once

#include <random>
#include <string>
#include <string_view>

#include "base/utf8.hpp"

namespace support {

// Random text of few letters, so that matches abound.
inline std::u32string random_text(std::mt19937& random, size_t length, std::u32string_view letters) {
    std::u32string text(length, U' ');
    for (char32_t& c : text) c = letters[random() % letters.size()];
    return text;
}

// A few random edits, so that the pair is alike.
inline std::u32string edited(std::mt19937& random, std::u32string text, std::u32string_view letters) {
    for (unsigned n = random() % 6; n > 0 && !text.empty(); --n) {
        const size_t at = random() % text.size();
        switch (random() % 4) {
            case 0:
                text.erase(at, 1);
                break;
            case 1:
                text.insert(at, 1, letters[random() % letters.size()]);
                break;
            case 2:
                text[at] = letters[random() % letters.size()];
                break;
            default:
                if (at + 1 < text.size()) std::swap(text[at], text[at + 1]);
        }
    }
    return text;
}

// Calls f(a, b) with `rounds` pairs of up to `longest` characters, half of them alike.
template <typename F>
void for_random_pairs(std::u32string_view letters, size_t longest, int rounds, unsigned seed, F&& f) {
    std::mt19937 random(seed);
    for (int round = 0; round < rounds; ++round) {
        const std::u32string a = random_text(random, random() % (longest + 1), letters);
        const std::u32string b = random() % 2 == 0 ? edited(random, a, letters)
                                                   : random_text(random, random() % (longest + 1), letters);
        f(a, b);
    }
}

// The alphabets and lengths that take different ways through the code: bytes, one row of characters beyond
// ASCII, any characters; up to 32, 64, 128 and more characters.
template <typename F>
void for_all_kinds_of_pairs(F&& f) {
    for_random_pairs(U"abc ", 12, 3000, 101, f);
    for_random_pairs(U"abcdefghij ", 40, 1000, 102, f);
    for_random_pairs(U"ab ", 70, 400, 103, f);
    for_random_pairs(U"abcdefgh ", 200, 60, 104, f);
    for_random_pairs(U"aéñü ", 12, 2000, 105, f);
    for_random_pairs(U"aбвгдеж ", 70, 400, 106, f);
    for_random_pairs(U"añ漢😀 ", 12, 2000, 107, f);
    for_random_pairs(U"aéíóú漢字仮名😀😁\u3000 ", 70, 400, 108, f);
    for_random_pairs(U"aéíóú漢字仮名😀😁\u00A0 ", 300, 40, 109, f);
    for_random_pairs(U"aé\u00A0\u0085 ", 20, 500, 110, f);
}

}  // namespace support
