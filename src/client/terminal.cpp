// SPDX-License-Identifier: PostgreSQL
#include "terminal.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "interrupt.hpp"

namespace cdp::client {
namespace {

std::string formatted(const char* format, double number) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, number);
    return buffer.data();
}

}  // namespace

bool is_terminal(int file) {
    return isatty(file) != 0;
}

bool use_colour(int file) {
    const char* no_colour = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    return is_terminal(file) && (no_colour == nullptr || *no_colour == '\0') &&
           (term == nullptr || std::strcmp(term, "dumb") != 0);
}

std::string coloured(std::string_view text, std::string_view status, bool colour) {
    if (!colour) return std::string(text);
    const char* code = "36";
    if (status == "ok") code = "32";
    if (status == "warning" || status == "interrupted") code = "33";
    if (status == "error" || status == "failed") code = "31;1";
    std::string out = "\033[";
    out.append(code).append("m").append(text).append("\033[0m");
    return out;
}

std::string thousands(int64_t number) {
    const std::string digits = std::to_string(number);
    const size_t first = number < 0 ? 1 : 0;
    std::string out;
    for (size_t i = 0; i < digits.size(); ++i) {
        if (i > first && (digits.size() - i) % 3 == 0) out += ',';
        out += digits[i];
    }
    return out;
}

std::string spoken_bytes(int64_t bytes) {
    const auto amount = static_cast<double>(bytes);
    if (amount < 1e3) return std::to_string(bytes) + " bytes";
    if (amount < 1e6) return formatted("%.1f kB", amount / 1e3);
    if (amount < 1e9) return formatted("%.1f MB", amount / 1e6);
    return formatted("%.1f GB", amount / 1e9);
}

std::string spoken_duration(double seconds) {
    if (seconds < 60) return formatted("%.1f s", seconds);
    const auto whole = static_cast<int64_t>(seconds);
    if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string readable(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
        ' ');
    return out;
}

size_t width_of(std::string_view text) {
    return static_cast<size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string pad(std::string_view text, size_t width) {
    const size_t has = width_of(text);
    std::string out(text);
    out.append(width > has ? width - has : 0, ' ');
    return out;
}

void write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            throw std::runtime_error(std::string("the output cannot be written: ") + std::strerror(errno));
        text.remove_prefix(static_cast<size_t>(written));
    }
}

void print(std::string_view text) {
    write_all(STDOUT_FILENO, text);
}

void complain(std::string_view text) {
    std::string out = "cdp: ";
    // "ERROR:  " says nothing more than "cdp: " does.
    for (const std::string_view severity : {"ERROR:  ", "FATAL:  "}) {
        if (text.starts_with(severity)) text.remove_prefix(severity.size());
    }
    out += text;
    while (out.ends_with('\n')) out.pop_back();
    try {
        write_all(STDERR_FILENO, out + "\n");
    } catch (const std::exception&) {  // nobody listens
    }
}

std::string ask_password() {
    const int file = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (file < 0) {
        throw std::runtime_error(
            "the server wants a password, and there is no terminal to ask on\n"
            "HINT:  Put it into ~/.pgpass or PGPASSFILE.");
    }
    termios before{};
    tcgetattr(file, &before);
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    std::string password;
    const auto restore = [&] {
        tcsetattr(file, TCSAFLUSH, &before);
        [[maybe_unused]] const ssize_t written = write(file, "\n", 1);
        close(file);
    };
    try {
        tcsetattr(file, TCSAFLUSH, &quiet);
        write_all(file, "Password: ");
        char c = 0;
        while (wait_for_input(file) && read(file, &c, 1) == 1 && c != '\n') password += c;
    } catch (...) {
        restore();
        throw;
    }
    restore();
    return password;
}

Progress::Progress(int64_t total_bytes, int64_t bytes_before)
    : total_(total_bytes), before_(bytes_before), terminal_(is_terminal(STDERR_FILENO)) {}

double Progress::seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
}

std::string Progress::line(int64_t bytes, int64_t rows, int64_t rejected) const {
    const double passed = std::max(seconds(), 1e-3);
    std::string out;
    if (total_ > 0) {
        const double share = std::min(1.0, static_cast<double>(bytes) / static_cast<double>(total_));
        constexpr int kWidth = 24;
        const auto full = static_cast<int>(share * kWidth);
        if (terminal_)
            out += "[" + std::string(static_cast<size_t>(full), '#') +
                   std::string(static_cast<size_t>(kWidth - full), '.') + "] ";
        out += formatted("%3.0f %%  ", share * 100);
    }
    out += spoken_bytes(bytes) + "  " + thousands(rows) + " rows  " +
           thousands(static_cast<int64_t>(static_cast<double>(rows) / passed)) + " rows/s";
    if (rejected > 0) out += "  " + thousands(rejected) + " rejected";
    const int64_t done = bytes - before_;
    if (total_ > 0 && done > 0)
        out += "  " +
               spoken_duration(passed * static_cast<double>(total_ - bytes) / static_cast<double>(done)) +
               " left";
    return out;
}

void Progress::update(int64_t bytes, int64_t rows, int64_t rejected) {
    const auto now = Clock::now();
    if (now - last_ < std::chrono::milliseconds(terminal_ ? 200 : 10000)) return;
    last_ = now;
    const std::string text = line(bytes, rows, rejected);
    write_all(STDERR_FILENO, terminal_ ? "\r\033[K" + text : text + "\n");
    shown_ = terminal_;
}

void Progress::clear() {
    if (!shown_) return;
    shown_ = false;
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, "\r\033[K", 4);
}

}  // namespace cdp::client
