// SPDX-License-Identifier: PostgreSQL
#include "json_line.hpp"

#include "base/utf8.hpp"

namespace cdp::client {
namespace {

constexpr int kMaxDepth = 100;

// Ends at the first fault, with what is wrong in `problem`.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool object(std::vector<JsonMember>* members, int depth) {
        ++position_;  // {
        space();
        if (take('}')) return true;
        do {
            space();
            std::string name;
            if (peek() != '"') return fault("a name in quotes is missing");
            if (!string(name)) return false;
            space();
            if (!take(':')) return fault("a colon is missing");
            space();
            const size_t begin = position_;
            if (members == nullptr) {
                if (!value(depth + 1, nullptr)) return false;
            } else {
                JsonMember member{std::move(name), std::nullopt};
                std::string content;
                const char first = peek();
                if (!value(depth + 1, &content)) return false;
                if (first == '"') {
                    member.value = std::move(content);
                } else if (first != 'n') {
                    member.value = std::string(text_.substr(begin, position_ - begin));
                }
                members->push_back(std::move(member));
            }
            space();
        } while (take(','));
        return take('}') || fault("a comma or } is missing");
    }

    void space() {
        while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\t' ||
                                            text_[position_] == '\r' || text_[position_] == '\n')) {
            ++position_;
        }
    }
    char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
    bool at_end() const { return position_ == text_.size(); }
    const std::string& problem() const { return problem_; }

  private:
    bool fault(const char* what) {
        problem_ = std::string("no JSON object: ") + what + " at character " + std::to_string(position_ + 1);
        return false;
    }
    bool take(char c) {
        if (peek() != c || at_end()) return false;
        ++position_;
        return true;
    }

    bool value(int depth, std::string* content) {
        if (depth > kMaxDepth) return fault("too many levels");
        switch (peek()) {
            case '{':
                return object(nullptr, depth);
            case '[':
                return array(depth);
            case '"': {
                std::string unused;
                return string(content == nullptr ? unused : *content);
            }
            case 't':
                return word("true");
            case 'f':
                return word("false");
            case 'n':
                return word("null");
            default:
                return number();
        }
    }

    bool array(int depth) {
        ++position_;  // [
        space();
        if (take(']')) return true;
        do {
            space();
            if (!value(depth + 1, nullptr)) return false;
            space();
        } while (take(','));
        return take(']') || fault("a comma or ] is missing");
    }

    bool word(std::string_view expected) {
        if (!text_.substr(position_).starts_with(expected)) return fault("a value is missing");
        position_ += expected.size();
        return true;
    }

    bool digits() {
        const size_t begin = position_;
        while (peek() >= '0' && peek() <= '9') ++position_;
        return position_ > begin;
    }

    bool number() {
        take('-');
        if (!take('0') && !digits()) return fault("a value is missing");
        if (take('.') && !digits()) return fault("a digit is missing");
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            const size_t begin = position_;
            if (!digits()) return fault("a digit is missing");
            if (position_ - begin > 4) return fault("too large a number");
        }
        return true;
    }

    bool hex4(char32_t& unit) {
        unit = 0;
        for (int i = 0; i < 4; ++i, ++position_) {
            const char c = peek();
            const int digit = c >= '0' && c <= '9'   ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
            if (digit < 0) return fault("a hexadecimal digit is missing");
            unit = unit * 16 + static_cast<char32_t>(digit);
        }
        return true;
    }

    bool escaped(std::string& out) {
        const char c = peek();
        ++position_;
        switch (c) {
            case '"':
            case '\\':
            case '/':
                out += c;
                return true;
            case 'b':
                out += '\b';
                return true;
            case 'f':
                out += '\f';
                return true;
            case 'n':
                out += '\n';
                return true;
            case 'r':
                out += '\r';
                return true;
            case 't':
                out += '\t';
                return true;
            case 'u':
                break;
            default:
                --position_;
                return fault("an unknown escape");
        }
        char32_t point = 0;
        if (!hex4(point)) return false;
        if (point >= 0xD800 && point < 0xDC00) {
            char32_t low = 0;
            if (!take('\\') || !take('u')) return fault("half a character");
            if (!hex4(low)) return false;
            if (low < 0xDC00 || low > 0xDFFF) return fault("half a character");
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        } else if (point >= 0xDC00 && point < 0xE000) {
            return fault("half a character");
        }
        if (point == 0) return fault("the character U+0000");
        cdp::append_utf8(out, point);
        return true;
    }

    bool string(std::string& out) {
        ++position_;  // "
        while (!at_end()) {
            const char c = text_[position_];
            if (c == '"') {
                ++position_;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20) return fault("a control character");
            ++position_;
            if (c != '\\') {
                out += c;
            } else if (!escaped(out)) {
                return false;
            }
        }
        return fault("a quote is missing");
    }

    std::string_view text_;
    size_t position_ = 0;
    std::string problem_;
};

}  // namespace

std::string read_json_object(std::string_view line, std::vector<JsonMember>& members) {
    members.clear();
    Reader reader(line);
    reader.space();
    if (reader.peek() != '{') return "no JSON object";
    if (!reader.object(&members, 1)) return reader.problem();
    reader.space();
    return reader.at_end() ? "" : "no JSON object: more follows it";
}

}  // namespace cdp::client
