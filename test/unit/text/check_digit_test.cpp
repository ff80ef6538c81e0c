// SPDX-License-Identifier: PostgreSQL
// Numbers completed by the reference are right; no change of a single digit goes unnoticed where the method
// promises so.
#include "reference/check_digits.hpp"
#include "support.hpp"
#include "text/bank_code.hpp"
#include "text/check_digits.hpp"
#include "text/national_id.hpp"
#include "text/product_code.hpp"

using namespace support;
namespace text = cdp::text;

namespace {

constexpr int kRounds = 3000;

std::string random_digits(std::mt19937& random, size_t n) {
    std::string digits(n, '0');
    for (char& c : digits) c = static_cast<char>('0' + random() % 10);
    return digits;
}

using Complete = std::function<std::string(std::mt19937&)>;

// What is made must be read, as its own canonical form; with one digit changed it must never be.
void check_numbers(const Cleaner& clean, const Complete& complete, bool catches_single_errors = true) {
    std::mt19937 random(51);
    int read = 0;
    for (int round = 0; round < kRounds; ++round) {
        const std::string number = complete(random);
        const Cleaned cleaned = clean(number);
        const bool apart = cleaned.reason == "number not issued" || cleaned.reason == "not a date";
        if (cleaned.status == Status::kMissing || apart) continue;
        BOOST_TEST_CONTEXT(number << ": " << cleaned.reason) {
            BOOST_REQUIRE(cleaned.has_value());
            BOOST_REQUIRE_EQUAL(cleaned.value, number);
            ++read;
            if (!catches_single_errors) continue;
            std::string changed = number;
            const size_t at = random() % changed.size();
            if (changed[at] < '0' || changed[at] > '9') continue;
            changed[at] = static_cast<char>('0' + (changed[at] - '0' + 1 + random() % 9) % 10);
            BOOST_REQUIRE_MESSAGE(!clean(changed).has_value(), "a changed digit: " << changed);
        }
    }
    BOOST_TEST(read > kRounds / 20);  // most payloads must have been numbers
}

Cleaner of(std::string_view country) {
    return [country](std::string_view raw) { return text::clean_national_id(raw, country); };
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_methods) {
    std::mt19937 random(52);
    for (int round = 0; round < 20000; ++round) {
        const std::string payload = random_digits(random, 1 + random() % 18);
        const char any = static_cast<char>('0' + random() % 10);
        const std::string whole = payload + any;
        BOOST_REQUIRE_EQUAL(text::luhn_is_right(whole), reference::luhn_digit(payload) == any);
        BOOST_REQUIRE_EQUAL(text::mod11_10_is_right(whole), reference::mod11_10_digit(payload) == any);
        BOOST_REQUIRE_EQUAL(text::verhoeff_is_right(whole), reference::verhoeff_digit(payload) == any);
        BOOST_REQUIRE_EQUAL(text::ean_is_right(whole), reference::ean_digit(payload) == any);
        BOOST_REQUIRE_EQUAL(text::mod97(whole), static_cast<unsigned>(reference::remainder(whole, 97)));
    }
    BOOST_TEST(
        text::mod97("WEST12345698765432GB82") ==
        static_cast<unsigned>(reference::remainder(reference::spelled_out("WEST12345698765432GB82"), 97)));
    // Other bytes do no harm.
    for (int round = 0; round < 2000; ++round) {
        std::string bytes(random() % 30, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        text::luhn_is_right(bytes);
        text::mod11_10_is_right(bytes);
        text::verhoeff_is_right(bytes);
        text::ean_is_right(bytes);
        text::mod97(bytes);
    }
}

BOOST_AUTO_TEST_CASE(national_ids_of_the_reference) {
    check_numbers(of("CL"), [](std::mt19937& random) {
        const std::string body = std::to_string(1000000 + random() % 98000000);
        return body + "-" + reference::rut_digit(body);
    });
    // A rest of 0 and one of 1 give the same digit, so that some changes go unnoticed in Brazil.
    check_numbers(
        of("BR"), [](std::mt19937& random) { return reference::cpf_of(random_digits(random, 9)); }, false);
    check_numbers(
        of("BR"),
        [](std::mt19937& random) {
            std::string payload = random_digits(random, 12);
            for (int n = random() % 5; n > 0; --n)
                payload[random() % 12] = static_cast<char>('A' + random() % 26);
            return reference::cnpj_of(payload);
        },
        false);
    check_numbers(of("ES"), [](std::mt19937& random) {
        const std::string digits = random_digits(random, 8);
        return digits + reference::dni_letter(digits);
    });
    check_numbers(of("ES"), [](std::mt19937& random) {
        const std::string digits = random_digits(random, 7);
        const size_t first = random() % 3;
        return "XYZ"[first] + digits + reference::dni_letter("012"[first] + digits);
    });
    check_numbers(of("CA"), [](std::mt19937& random) {
        const std::string payload = random_digits(random, 8);
        return payload + reference::luhn_digit(payload);
    });
    check_numbers(of("FR"), [](std::mt19937& random) {
        const std::string payload = random_digits(random, 8);
        return payload + reference::luhn_digit(payload);
    });
    check_numbers(of("DE"), [](std::mt19937& random) {
        const std::string payload = random_digits(random, 8);
        return "DE" + payload + reference::mod11_10_digit(payload);
    });
    check_numbers(of("DE"), [](std::mt19937& random) {
        std::string payload = "1234567890";
        std::shuffle(payload.begin(), payload.end(), random);
        payload[9] = payload[random() % 9];
        return payload + reference::mod11_10_digit(payload);
    });
    check_numbers(of("IN"), [](std::mt19937& random) {
        const std::string payload = std::to_string(2 + random() % 8) + random_digits(random, 10);
        return payload + reference::verhoeff_digit(payload);
    });
    check_numbers(of("FR"), [](std::mt19937& random) {
        const std::string payload = std::string(random() % 2 == 0 ? "1" : "2") + random_digits(random, 2) +
                                    "07" + random_digits(random, 8);
        const int key = 97 - reference::remainder(payload, 97);
        return payload + (key < 10 ? "0" : "") + std::to_string(key);
    });
    check_numbers(of("GB"), [](std::mt19937& random) {
        for (;;) {
            const std::string payload = random_digits(random, 9);
            const int check = 11 - reference::weighted(payload, {2, 3, 4, 5, 6, 7, 8, 9, 10}) % 11;
            if (check != 10) return payload + static_cast<char>('0' + check % 11);
        }
    });
}

// The weights as the authorities print them, from the right.
BOOST_AUTO_TEST_CASE(weighted_national_ids) {
    struct Weighted {
        std::string_view country;
        std::string front;
        size_t random_digits;
        std::vector<int> from_right;
        std::string_view check;  // by the rest modulo 11 (or 10); a space: never given out
        std::string hyphen;
        bool catches_single_errors;
    };
    for (const Weighted& type : std::vector<Weighted>{
             {"AR", "20", 8, {2, 3, 4, 5, 6, 7}, "0 987654321", "", false},
             {"CO", "8", 8, {3, 7, 13, 17, 19, 23, 29, 37, 41}, "01987654321", "-", false},
             {"PE", "20", 8, {2, 3, 4, 5, 6, 7}, "10987654321", "", false},
             {"UY", "4", 6, {4, 3, 6, 7, 8, 9, 2}, "0987654321", "", false},
             {"UY", "21", 9, {2, 3, 4, 5, 6, 7, 8, 9}, "0 987654321", "", true},
             {"PY", "80", 6, {2, 3, 4, 5, 6, 7, 8, 9}, "00987654321", "-", false},
             {"PT", "5", 7, {2, 3, 4, 5, 6, 7, 8, 9}, "00987654321", "", false},
             {"NL", "3", 7, {2, 3, 4, 5, 6, 7, 8, 9}, "0123456789 ", "", true},
             // A wrong NIP may be a PESEL that lost its zero.
             {"PL", "52", 7, {7, 6, 5, 4, 3, 2, 7, 5, 6}, "0123456789 ", "", false},
             {"PL", "8503", 6, {3, 1, 9, 7}, "0987654321", "", true},
             {"VE", "J", 8, {2, 3, 4, 5, 6, 7, 2, 3}, "", "", false},
         }) {
        check_numbers(
            of(type.country),
            [&](std::mt19937& random) {
                for (;;) {
                    std::string payload = type.front + random_digits(random, type.random_digits);
                    char check = ' ';
                    if (type.country == "VE") {
                        // J counts 3 times 4.
                        static const std::string kDigits = "00987654321";
                        const int sum = 12 + reference::weighted(payload.substr(1), type.from_right);
                        check = kDigits[static_cast<size_t>(sum % 11)];
                    } else {
                        const int sum = reference::weighted(payload, type.from_right);
                        check = type.check[static_cast<size_t>(sum) % type.check.size()];
                    }
                    if (check != ' ') return payload + type.hyphen + check;
                }
            },
            type.catches_single_errors);
    }
}

BOOST_AUTO_TEST_CASE(codes_of_the_reference) {
    check_numbers(text::clean_iban,
                  [](std::mt19937& random) { return reference::iban_of("ES", random_digits(random, 20)); });
    check_numbers(text::clean_iban, [](std::mt19937& random) {
        return reference::iban_of("MT", "MALT" + random_digits(random, 5) + "0012345MTLCAST001S");
    });
    check_numbers(text::clean_product_code, [](std::mt19937& random) {
        const std::string payload = random_digits(random, 12);
        return payload + reference::ean_digit(payload);
    });
    std::mt19937 random(53);
    for (int round = 0; round < kRounds; ++round) {
        std::string card = "4" + random_digits(random, 14);
        card += reference::luhn_digit(card);
        const Cleaned cleaned = text::clean_payment_card(card);
        BOOST_REQUIRE_EQUAL(cleaned.value, "************" + card.substr(12));
        const size_t at = 1 + random() % 15;
        card[at] = static_cast<char>('0' + (card[at] - '0' + 1 + random() % 9) % 10);
        BOOST_REQUIRE(!text::clean_payment_card(card).has_value());
    }
}

// Any input, with and without a country. A value read without a country by its separators alone is not read
// again without one.
BOOST_AUTO_TEST_CASE(hostile_national_ids) {
    const std::vector<std::string> alphabet{"30686957", "12345678", "GODE561231", "BOXW310820HNERXN09",
                                            "GR8",      "J",        "K",          "0",
                                            "9",        "A",        "-",          ".",
                                            "/",        " ",        "RUT",        "CPF",
                                            "ES",       ".0",       "Ñ",          "&",
                                            "é",        "V",        "80",         "'",
                                            "٣",        "E+"};
    for (const char* country :
         {"CL", "BR", "AR", "MX", "CO", "ES", "US", "PE", "EC", "UY", "PY", "VE", "PT", "IT", "FR", "DE",
          "NL", "BE", "PL", "GB", "CA", "IN", "CH", "CN", "DK", "DO", "GT", "NO", "TR", "ZA", "JP"}) {
        check_random(of(country), alphabet, 3000, 54);
        std::mt19937 random(55);
        for (int round = 0; round < 5000; ++round) {
            std::string input = random_digits(random, 4 + random() % 12);
            if (random() % 3 == 0) input.insert(input.size() - 1, "-");
            if (random() % 3 == 0) input.insert(0, 1, static_cast<char>('A' + random() % 26));
            if (random() % 4 == 0) input.back() = static_cast<char>('A' + random() % 26);
            check_promises(of(country), input);
        }
    }
    std::mt19937 random(56);
    for (int round = 0; round < 30000; ++round) {
        std::string input = random_input(random, alphabet);
        const Cleaned once = text::clean_national_id(input, "");
        BOOST_REQUIRE(is_valid_utf8(once.value) && is_valid_utf8(once.suggestion));
        BOOST_REQUIRE_EQUAL(once.value.empty(), !once.has_value());
        if (!once.has_value()) continue;
        const auto decoded = text::decode_national_id(input, "");
        BOOST_REQUIRE(decoded.has_value());
        BOOST_REQUIRE_EQUAL(text::clean_national_id(once.value, decoded->country).value, once.value);
    }
}
