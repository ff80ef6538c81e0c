// SPDX-License-Identifier: PostgreSQL
// The bytes of a file or of stdin, of any length, through a window; what was taken is hashed. Flat memory.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "sha256.hpp"

namespace cdp::client {

inline constexpr size_t kHeadBytes = size_t{64} << 10;

// A beginning of a file, by content.
struct Beginning {
    int64_t bytes = 0;
    std::string hash;
};

class Input {
  public:
    explicit Input(const std::string& path);  // "-": stdin
    ~Input();
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    const std::string& name() const { return name_; }
    int64_t size() const { return size_; }  // -1: not known

    std::string_view window() const { return std::string_view(buffer_).substr(begin_); }
    // Makes the window larger by up to `bytes` more; false when the input has ended. Invalidates the window.
    bool fill(size_t bytes);
    bool at_end() const { return ended_; }
    void take(size_t bytes) { begin_ += bytes; }  // from the front of the window

    int64_t position() const { return taken_before_ + static_cast<int64_t>(begin_); }
    std::string hash();  // of all that was taken

    // The longest of the beginnings that the input has; it is then taken. -1, and nothing taken, when there
    // is none. Before anything was taken. What cannot be read twice is kept in a temporary file meanwhile.
    int take_known_beginning(const std::vector<Beginning>& known);

  private:
    size_t read_some(char* to, size_t bytes);

    std::string name_;
    int file_ = -1;
    bool can_seek_ = false;
    std::FILE* spool_ = nullptr;  // read before file_
    int64_t size_ = -1;
    std::string buffer_;
    size_t begin_ = 0;
    int64_t taken_before_ = 0;  // before buffer_
    bool ended_ = false;
    Sha256 hash_;
    size_t hashed_ = 0;  // of buffer_
};

}  // namespace cdp::client
