// SPDX-License-Identifier: PostgreSQL
// Writes contact rows as they come from forms and old systems, tab separated: name, email, phone, address,
// birth_date, national_id; deterministic. Usage: make_contacts [COUNT]
#include <cctype>
#include <cstdio>
#include <cstdlib>

#include "pairs.hpp"

namespace {

// Letters as people type them: lower, Upper or CAPITALS.
std::string cased(std::string text, unsigned how) {
    bool start = true;
    for (char& c : text) {
        if (how == 0 || (how == 1 && start)) {
            c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        }
        start = c == ' ';
    }
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    const size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 200000;
    bench::PairMaker maker;
    for (size_t i = 0; i < count; ++i) {
        const std::string name = maker.value("name");
        const std::string street = maker.value("street");
        const auto digits = [&](unsigned n, unsigned first) {
            std::string text(1, static_cast<char>('0' + first + maker.below(9 - first)));
            while (text.size() < n) text += static_cast<char>('0' + maker.below(10));
            return text;
        };
        const std::string area = digits(3, 2);
        const std::string line = digits(7, 2);
        static constexpr const char* kPhones[] = {"(%s) %s-%s", "+1 %s %s %s", "%s-%s-%s", "%s%s%s",
                                                  "1.%s.%s.%s"};
        char phone[32];
        std::snprintf(phone, sizeof phone, kPhones[maker.below(5)], area.c_str(), line.substr(0, 3).c_str(),
                      line.substr(3).c_str());
        const auto year = static_cast<unsigned>(1930 + maker.below(76));
        const auto month = static_cast<unsigned>(1 + maker.below(12));
        const auto day = static_cast<unsigned>(1 + maker.below(28));
        char date[32];
        switch (maker.below(3)) {
            case 0:
                std::snprintf(date, sizeof date, "%04u-%02u-%02u", year, month, day);
                break;
            case 1:
                std::snprintf(date, sizeof date, "%02u/%02u/%04u", day, month, year);
                break;
            default:
                std::snprintf(date, sizeof date, "%u.%u.%04u", day, month, year);
        }
        const std::string number = digits(9, 1);
        const std::string national =
            maker.below(2) == 0 ? number
                                : number.substr(0, 3) + "-" + number.substr(3, 2) + "-" + number.substr(5);
        std::printf("%s\t%s\t%s\t%s, Springfield, IL %s\t%s\t%s\n",
                    cased(name, static_cast<unsigned>(maker.below(3))).c_str(),
                    cased(maker.value("email"), static_cast<unsigned>(maker.below(6))).c_str(), phone,
                    cased(street, static_cast<unsigned>(maker.below(3))).c_str(), digits(5, 1).c_str(), date,
                    national.c_str());
    }
    return 0;
}
