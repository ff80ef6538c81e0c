// SPDX-License-Identifier: PostgreSQL
// What people see: colours, numbers, times, the server's messages, and how far a load is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdp::client {

bool is_terminal(int file);
// Whether to colour what goes to `file`: a terminal, and NO_COLOR (no-color.org) is not set.
bool use_colour(int file);
std::string coloured(std::string_view text, std::string_view status, bool colour);  // by ok, warning, error …

std::string thousands(int64_t number);                 // 1,234,567
std::string spoken_bytes(int64_t bytes);               // 12.3 MB
std::string spoken_duration(double seconds);           // 4.2 s, 3 min 5 s
std::string readable(std::string_view text);           // control characters as spaces
std::string pad(std::string_view text, size_t width);  // by characters, not bytes
size_t width_of(std::string_view text);

// To stderr: "cdp: " and the text; lines that the server called DETAIL and HINT below it.
void complain(std::string_view text);
// From the terminal, without echo. Ends with an error where there is none.
std::string ask_password();
// Writes all or throws.
void write_all(int file, std::string_view text);
void print(std::string_view text);  // to stdout

// A line that changes in place on a terminal; elsewhere a line each ten seconds. To stderr.
class Progress {
  public:
    // `total_bytes`: -1 when it is not known.
    Progress(int64_t total_bytes, int64_t bytes_before);
    ~Progress() { clear(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void update(int64_t bytes, int64_t rows, int64_t rejected);
    void clear();
    double seconds() const;

  private:
    std::string line(int64_t bytes, int64_t rows, int64_t rejected) const;

    using Clock = std::chrono::steady_clock;
    int64_t total_;
    int64_t before_;
    bool terminal_;
    bool shown_ = false;
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_ = start_;
};

}  // namespace cdp::client
