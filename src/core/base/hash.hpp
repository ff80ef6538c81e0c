// SPDX-License-Identifier: PostgreSQL
// A 64-bit hash that is the same on every machine and in every run: samples and tie-breaks depend on it, so
// it must never be replaced by std::hash. FNV-1a over the bytes, finished with the mixer of MurmurHash3
// (fmix64).
#pragma once

#include <cstdint>
#include <cstring>
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

// Of tables in memory alone, for nothing may depend on it: eight bytes at a time.
inline uint64_t quick_hash64(std::string_view text, uint64_t seed = 0) {
    constexpr uint64_t kFactor = 0x9e3779b97f4a7c15ULL;
    uint64_t hash = (text.size() ^ seed << 32) * kFactor;
    const char* at = text.data();
    size_t left = text.size();
    for (; left >= 8; at += 8, left -= 8) {
        uint64_t bytes;
        std::memcpy(&bytes, at, 8);
        hash = (hash ^ bytes) * kFactor;
        hash ^= hash >> 29;
    }
    uint64_t bytes = 0;
    if (left != 0) std::memcpy(&bytes, at, left);
    return mix64(hash ^ bytes);
}

constexpr uint64_t combine64(uint64_t a, uint64_t b) {
    return mix64(a * 0x9e3779b97f4a7c15ULL + b);
}

}  // namespace cdp
