// SPDX-License-Identifier: PostgreSQL
// A 64-bit hash that is the same on every machine and in every run: samples and tie-breaks depend on it, so
// it must never be replaced by std::hash. FNV-1a over the bytes, finished with the mixer of MurmurHash3
// (fmix64).
#pragma once

#include <cstdint>
#include <string_view>

namespace cdp {

constexpr uint64_t mix64(uint64_t h) {
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ULL;
    h ^= h >> 33;
    return h;
}

constexpr uint64_t hash64(std::string_view text, uint64_t seed = 0) {
    uint64_t h = 0xcbf29ce484222325ULL ^ mix64(seed);
    for (const char c : text) {
        h ^= static_cast<unsigned char>(c);
        h *= 0x100000001b3ULL;
    }
    return mix64(h);
}

constexpr uint64_t combine64(uint64_t a, uint64_t b) {
    return mix64(a * 0x9e3779b97f4a7c15ULL + b);
}

}  // namespace cdp
