// SPDX-License-Identifier: PostgreSQL
#include "input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <stdexcept>

#include "interrupt.hpp"

namespace cdp::client {
namespace {

constexpr size_t kPiece = size_t{1} << 20;

[[noreturn]] void fail(const std::string& name, const char* what) {
    throw std::runtime_error(name + " cannot be " + what + ": " + std::strerror(errno));
}

}  // namespace

Input::Input(const std::string& path) : name_(path == "-" ? "stdin" : path) {
    file_ = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (file_ < 0 || fstat(file_, &about) != 0) fail(name_, "opened");
    if (S_ISDIR(about.st_mode)) throw std::runtime_error(name_ + " is a folder");
    if (S_ISREG(about.st_mode) && lseek(file_, 0, SEEK_CUR) == 0) {
        can_seek_ = true;
        size_ = about.st_size;
        posix_fadvise(file_, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
}

Input::~Input() {
    if (spool_ != nullptr) std::fclose(spool_);
    if (file_ > STDIN_FILENO) close(file_);
}

// 0 at the end.
size_t Input::read_some(char* to, size_t bytes) {
    check_interrupt();
    if (spool_ != nullptr) {
        const size_t got = std::fread(to, 1, bytes, spool_);
        if (got > 0) return got;
        std::fclose(spool_);
        spool_ = nullptr;
    }
    while (true) {
        if (!can_seek_) wait_for_input(file_);
        const ssize_t got = read(file_, to, bytes);
        if (got >= 0) return static_cast<size_t>(got);
        if (errno != EINTR && errno != EAGAIN) fail(name_, "read");
    }
}

bool Input::fill(size_t bytes) {
    if (ended_) return false;
    hash();
    buffer_.erase(0, begin_);
    taken_before_ += static_cast<int64_t>(begin_);
    begin_ = hashed_ = 0;
    const size_t before = buffer_.size();
    buffer_.resize(before + bytes);
    size_t filled = before;
    while (filled < buffer_.size()) {
        const size_t got = read_some(buffer_.data() + filled, buffer_.size() - filled);
        if (got == 0) {
            ended_ = true;
            break;
        }
        filled += got;
    }
    buffer_.resize(filled);
    return filled > before;
}

std::string Input::hash() {
    if (hashed_ < begin_) hash_.add(std::string_view(buffer_).substr(hashed_, begin_ - hashed_));
    hashed_ = begin_;
    return hash_.hex();
}

int Input::take_known_beginning(const std::vector<Beginning>& known) {
    std::vector<size_t> order(known.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(),
              [&](size_t a, size_t b) { return known[a].bytes < known[b].bytes; });
    while (!order.empty() && size_ >= 0 && known[order.back()].bytes > size_) order.pop_back();
    if (order.empty()) return -1;

    std::FILE* copy = nullptr;
    if (can_seek_) {
        if (lseek(file_, 0, SEEK_SET) != 0) fail(name_, "read again");
    } else {
        copy = std::tmpfile();
        if (copy == nullptr) fail("a temporary file", "made");
        std::fwrite(buffer_.data(), 1, buffer_.size(), copy);
        // From here on the beginning comes from the copy.
    }
    std::string piece;
    int64_t position = 0;  // of what was hashed
    size_t in_hand = 0;    // of buffer_, for what cannot be read again
    // Reads on; false at the end.
    const auto next_piece = [&](size_t most) {
        if (!can_seek_ && in_hand < buffer_.size()) {
            piece = buffer_.substr(in_hand, most);
            in_hand += piece.size();
            return true;
        }
        piece.resize(std::min(most, kPiece));
        piece.resize(read_some(piece.data(), piece.size()));
        if (copy != nullptr && std::fwrite(piece.data(), 1, piece.size(), copy) != piece.size())
            fail("the temporary file", "written");
        return !piece.empty();
    };
    Sha256 hash, best_hash;
    int best = -1;
    int unended = -1;  // matched, but its last row ended with the file: only good if this one ends there too
    char last = '\n';
    bool more = true;
    for (const size_t candidate : order) {
        while (more && position < known[candidate].bytes) {
            more = next_piece(static_cast<size_t>(known[candidate].bytes - position));
            if (!more) break;
            unended = -1;
            hash.add(piece);
            position += static_cast<int64_t>(piece.size());
            last = piece.back();
        }
        if (position != known[candidate].bytes) break;
        if (hash.hex() != known[candidate].hash) continue;
        if (last == '\n' || last == '\r') {
            best = static_cast<int>(candidate);
            best_hash = hash;
        } else {
            unended = static_cast<int>(candidate);
        }
    }
    if (unended >= 0 && !next_piece(1)) {
        best = unended;
        best_hash = hash;
    }
    const int64_t go_on = best < 0 ? 0 : known[static_cast<size_t>(best)].bytes;
    if (can_seek_) {
        if (lseek(file_, go_on, SEEK_SET) != go_on) fail(name_, "read again");
    } else {
        std::fseek(copy, static_cast<long>(go_on), SEEK_SET);
        spool_ = copy;
    }
    buffer_.clear();
    begin_ = hashed_ = 0;
    taken_before_ = go_on;
    ended_ = false;
    if (best >= 0) hash_ = best_hash;
    return best;
}

}  // namespace cdp::client
