// SPDX-License-Identifier: PostgreSQL
// Random strings that a pattern of digits matches (see text/digit_pattern.hpp), by walking through it as
// written. Expects a pattern of that syntax; '$' is skipped.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace support {

class DigitSampler {
  public:
    DigitSampler(std::string_view pattern, std::mt19937& random) : text_(pattern), random_(random) {}
    std::string sample() {
        at_ = 0;
        return alternatives();
    }

  private:
    bool take(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    std::string alternatives() {
        std::vector<std::string> all{sequence()};
        while (take("|")) all.push_back(sequence());
        return all[random_() % all.size()];
    }
    std::string sequence() {
        std::string out;
        while (at_ < text_.size() && text_[at_] != '|' && text_[at_] != ')') out += repeated();
        return out;
    }
    std::string repeated() {
        const size_t from = at_;
        std::string out = single();
        const size_t to = at_;
        unsigned least = 1;
        unsigned most = 1;
        if (take("?")) {
            least = 0;
        } else if (take("{")) {
            least = most = number();
            if (take(",")) most = number();
            take("}");
        }
        const size_t after = at_;
        const unsigned times = least + static_cast<unsigned>(random_() % (most - least + 1));
        if (times == 0) out.clear();
        for (unsigned n = 1; n < times; ++n) {
            at_ = from;
            out += single();
        }
        at_ = times > 1 ? after : std::max(after, to);
        return out;
    }
    unsigned number() {
        unsigned value = 0;
        while (text_[at_] >= '0' && text_[at_] <= '9') {
            value = value * 10 + static_cast<unsigned>(text_[at_++] - '0');
        }
        return value;
    }
    std::string single() {
        if (take("$")) return {};
        if (take("\\d")) return std::string(1, static_cast<char>('0' + random_() % 10));
        if (take("[")) {
            std::string digits;
            while (!take("]")) {
                if (take("\\d")) {
                    digits = "0123456789";
                } else if (take("-")) {
                    for (char c = digits.back(); c < text_[at_];) digits += ++c;
                } else {
                    digits += text_[at_++];
                }
            }
            return std::string(1, digits[random_() % digits.size()]);
        }
        if (take("(?:") || take("(")) {
            std::string out = alternatives();
            take(")");
            return out;
        }
        return std::string(1, text_[at_++]);
    }

    std::string_view text_;
    std::mt19937& random_;
    size_t at_ = 0;
};

}  // namespace support
