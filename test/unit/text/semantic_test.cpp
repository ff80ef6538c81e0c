// SPDX-License-Identifier: PostgreSQL
#include <deque>
#include <fstream>
#include <memory_resource>
#include <string>

#include "ingest/column_names.hpp"
#include "semantic_cases.hpp"
#include "support.hpp"
#include "text/column_summary.hpp"
#include "text/semantic_codes.hpp"

using namespace cdp::text;
using support::LabelledColumn;

namespace {

ColumnSummary summarise_values(ValueProfile& profile, std::string_view name, std::string_view country,
                               const std::vector<std::string_view>& values) {
    for (const std::string_view value : values) profile.add(value);
    const auto hint = cdp::ingest::guess_attribute(name);
    cdp::Tick tick;
    return summarise(profile,
                     {.name_attribute = hint.attribute,
                      .name_confidence = hint.confidence,
                      .country = country,
                      .date_order = {}},
                     tick);
}

ValueProfile fresh() {
    return ValueProfile({}, std::pmr::get_default_resource());
}

}  // namespace

// At least 95 in 100 as a person says; what is wrong is listed.
BOOST_AUTO_TEST_CASE(semantic_labelled_columns) {
    size_t right = 0;
    size_t attributes = 0;
    size_t right_attributes = 0;
    std::string wrong;
    for (const LabelledColumn& column : support::labelled_columns()) {
        ValueProfile profile = fresh();
        const ColumnSummary found = summarise_values(profile, column.name, column.country, column.values);
        const bool same = found.semantic_type == column.type;
        right += same ? 1 : 0;
        bool same_attribute = true;
        if (column.attribute != "-") {
            ++attributes;
            same_attribute = found.attribute == column.attribute;
            right_attributes += same_attribute ? 1 : 0;
        }
        if (!same || !same_attribute) {
            wrong += "\n  " + std::string(column.name) + " (" + std::string(column.values[0]) +
                     "): " + std::string(found.semantic_type) + "/" + std::string(found.attribute) +
                     ", expected " + std::string(column.type) + "/" + std::string(column.attribute) + ": " +
                     found.reason;
        }
    }
    const size_t columns = support::labelled_columns().size();
    BOOST_TEST_MESSAGE(right << " of " << columns << " types, " << right_attributes << " of " << attributes
                             << " attributes" << wrong);
    BOOST_TEST_CONTEXT(wrong) {
        BOOST_CHECK_GE(columns, 60u);
        BOOST_CHECK_GE(static_cast<double>(right), 0.95 * static_cast<double>(columns));
        BOOST_CHECK_GE(static_cast<double>(right_attributes), 0.95 * static_cast<double>(attributes));
    }
}

BOOST_AUTO_TEST_CASE(semantic_name_and_content) {
    const std::vector<std::string_view> mails{"a@example.com", "b@example.com", "c@example.org",
                                              "d@example.org", "e@example.net"};
    const auto look = [&](std::string_view name, const std::vector<std::string_view>& values) {
        ValueProfile profile = fresh();
        return summarise_values(profile, name, "", values);
    };
    const ColumnSummary agreed = look("email", mails);
    BOOST_CHECK_EQUAL(agreed.attribute, "email");
    BOOST_CHECK_GE(agreed.confidence, 0.95);
    BOOST_CHECK_EQUAL(agreed.reason, "by its name; 100 % of 5 values are e-mail addresses");

    const ColumnSummary alone = look("col1", mails);
    BOOST_CHECK_EQUAL(alone.attribute, "email");
    BOOST_CHECK(alone.confidence >= 0.6 && alone.confidence <= 0.8);

    const ColumnSummary other = look("phone", mails);
    BOOST_CHECK_EQUAL(other.attribute, "email");
    BOOST_CHECK_LE(other.confidence, 0.8);
    BOOST_CHECK_EQUAL(other.reason, "100 % of 5 values are e-mail addresses, though its name says phone");

    const ColumnSummary strange = look("birth_date", {"red", "green", "blue", "black", "grey"});
    BOOST_CHECK_EQUAL(strange.semantic_type, "text");
    BOOST_CHECK_LT(strange.confidence, 0.5);
    BOOST_CHECK_EQUAL(strange.reason, "by its name, but only 0 % of 5 values are dates");

    // Whose number it is only the name can say: content never makes an identifier surer.
    const ColumnSummary weak = look("id", {"A-1001", "A-1002", "A-1003", "A-1004", "A-1005"});
    BOOST_CHECK_EQUAL(weak.attribute, "user_id");
    BOOST_CHECK_CLOSE(weak.confidence, 0.6, 1e-9);

    const ColumnSummary empty = look("email", {"", "  ", "\t"});
    BOOST_CHECK(empty.semantic_type.empty());
    BOOST_CHECK_EQUAL(empty.attribute, "email");
}

BOOST_AUTO_TEST_CASE(semantic_quality_shares) {
    ValueProfile profile = fresh();
    for (int i = 0; i < 60; ++i) profile.add("user" + std::to_string(i) + "@example.com");
    for (int i = 0; i < 20; ++i) profile.add("n/a");
    for (int i = 0; i < 10; ++i) profile.add("ana@gmial.com");
    for (int i = 0; i < 10; ++i) profile.add("no address");
    const auto found = summarise_values(profile, "email", "", {});
    BOOST_CHECK_EQUAL(found.semantic_type, "email");
    BOOST_CHECK_CLOSE(found.validity, 0.7, 1e-9);
    BOOST_CHECK_CLOSE(found.suspicious, 0.1, 1e-9);
    BOOST_CHECK_CLOSE(found.junk, 0.2, 1e-9);
    BOOST_REQUIRE_GE(found.outliers.size(), 2u);
    BOOST_CHECK(found.outliers[0].starts_with("no address ("));
    BOOST_CHECK(found.outliers[1].starts_with("ana@gmial.com ("));
}

BOOST_AUTO_TEST_CASE(semantic_numbers_and_dates) {
    ValueProfile numbers = fresh();
    for (int i = 1; i <= 100; ++i) numbers.add(std::to_string(i) + ",5");
    numbers.add("99999,5");
    const ColumnSummary n = summarise_values(numbers, "quantity", "", {});
    BOOST_CHECK_EQUAL(n.semantic_type, "number");
    BOOST_CHECK_EQUAL(n.decimal_separator, ",");
    BOOST_CHECK_EQUAL(n.min_value, "1.5");
    BOOST_CHECK_EQUAL(n.max_value, "99999.5");
    BOOST_CHECK_CLOSE(*n.median, 51.5, 1e-9);
    BOOST_REQUIRE_EQUAL(n.outliers.size(), 1u);
    BOOST_CHECK_EQUAL(n.outliers[0], "99999,5 (far above the others)");

    ValueProfile dates = fresh();
    const ColumnSummary d =
        summarise_values(dates, "dob", "", {"12/31/1980", "01/02/1990", "5/20/1975", "n/a", "02/29/2021"});
    BOOST_CHECK_EQUAL(d.date_order, "mdy");
    BOOST_CHECK_EQUAL(d.min_value, "1975-05-20");
    BOOST_CHECK_EQUAL(d.max_value, "1990-01-02");
    BOOST_CHECK(!d.is_order_needed);
    BOOST_REQUIRE_EQUAL(d.outliers.size(), 1u);
    BOOST_CHECK_EQUAL(d.outliers[0], "02/29/2021 (no such day)");
}

BOOST_AUTO_TEST_CASE(semantic_date_order) {
    const auto order = [](const std::vector<std::string_view>& values) -> std::string {
        std::vector<ProfiledValue> sample;
        for (const std::string_view value : values) sample.push_back({value, 0, 1, 1, false});
        const DateFormat format = date_format(sample);
        return format.order ? std::string(order_name(*format.order)) : std::string("?");
    };
    BOOST_CHECK_EQUAL(order({"25/03/2021", "01/02/2021"}), "dmy");
    BOOST_CHECK_EQUAL(order({"3/25/2021", "01/02/2021"}), "mdy");
    BOOST_CHECK_EQUAL(order({"2021-03-25", "2021-01-02"}), "ymd");
    BOOST_CHECK_EQUAL(order({"01/02/2021", "03/04/2021"}), "?");
    BOOST_CHECK_EQUAL(order({"25/03/2021", "3/25/2021"}), "?");
    BOOST_CHECK_EQUAL(order({"25.03.21 10:00", "01.02.21 11:00"}), "dmy");
    BOOST_CHECK_EQUAL(order({"85/03/25", "99/12/31", "21/02/03"}), "ymd");
    BOOST_CHECK_EQUAL(order({"2021-03-25", "2021-01-02", "3/25/2021"}), "mdy");
    BOOST_CHECK_EQUAL(order({"", "x", "1/2", "1/2/3/4", "99999/1/1", "1/2-2021"}), "?");
}

BOOST_AUTO_TEST_CASE(semantic_decimal_separator) {
    const auto mark = [](const std::vector<std::string_view>& values) {
        std::vector<ProfiledValue> sample;
        for (const std::string_view value : values) sample.push_back({value, 0, 1, 1, false});
        return decimal_separator(sample);
    };
    BOOST_CHECK_EQUAL(mark({"1.5", "2.25"}), '.');
    BOOST_CHECK_EQUAL(mark({"1,5", "2,25"}), ',');
    BOOST_CHECK_EQUAL(mark({"1.234,50"}), ',');
    BOOST_CHECK_EQUAL(mark({"1,234.50"}), '.');
    BOOST_CHECK_EQUAL(mark({"1.234", "12.345"}), '\0');
    BOOST_CHECK_EQUAL(mark({"1.234.567"}), ',');
    BOOST_CHECK_EQUAL(mark({"1234.567"}), '.');
    BOOST_CHECK_EQUAL(mark({"12", "", "x"}), '\0');
}

// Published examples: Ministerio del Interior; Registro Civil; Receita Federal; RENAPO;
// Agenzia delle Entrate; INSEE; the most misused number in history (SSA).
BOOST_AUTO_TEST_CASE(semantic_codes) {
    for (const std::string_view id :
         {"12345678Z", "12345678-Z", "X1234567L", "12.345.678-5", "12345678-5", "111.444.777-35",
          "11144477735", "HEGG560427MVZRRL04", "MRTMTT25D09F205Z", "RSSMRA85T10A562S",
          "2 55 08 14 168 025 38", "078-05-1120"}) {
        BOOST_CHECK_MESSAGE(looks_like_national_id(id), id);
    }
    for (const std::string_view id :
         {"12345678A", "X1234567A", "12.345.678-6", "111.444.777-36", "11111111111", "HEGG560427MVZRRL05",
          "MRTMTT25D09F205A", "2 55 08 14 168 025 39", "666-05-1120", "078-00-1120", "900-05-1120", "",
          "12345678", "++++++++++"}) {
        BOOST_CHECK_MESSAGE(!looks_like_national_id(id), id);
    }
    BOOST_CHECK(looks_like_uuid("f47ac10b-58cc-4372-a567-0e02b2c3d479"));
    BOOST_CHECK(!looks_like_uuid("f47ac10b-58cc-4372-a567-0e02b2c3d47g"));
    BOOST_CHECK(!looks_like_uuid("f47ac10b058cc-4372-a567-0e02b2c3d479"));
}

// Files of other people's making (test/data/people), all columns.
BOOST_AUTO_TEST_CASE(semantic_public_files) {
    struct Expected {
        std::string_view file;
        std::vector<std::string_view> types;
    };
    const std::vector<Expected> files{
        {"fake_1000.csv", {"number", "name", "name", "date", "text", "email", "number"}},
        {"febrl3.csv",
         {"identifier", "name", "name", "number", "address", "address", "text", "postal_code", "text", "date",
          "national_id", "text"}}};
    for (const Expected& file : files) {
        std::ifstream in(std::string(CDP_TEST_DATA "/people/") + std::string(file.file));
        BOOST_REQUIRE(in);
        // No quotes in these files.
        std::string line;
        std::vector<std::string> names;
        std::deque<ValueProfile> profiles;
        const auto split = [](const std::string& text) {
            std::vector<std::string> fields(1);
            for (const char c : text) {
                if (c == ',') {
                    fields.emplace_back();
                } else if (c != '\r') {
                    fields.back().push_back(c);
                }
            }
            return fields;
        };
        while (std::getline(in, line)) {
            const std::vector<std::string> fields = split(line);
            if (names.empty()) {
                names = fields;
                for (size_t i = 0; i < names.size(); ++i) profiles.push_back(fresh());
                continue;
            }
            BOOST_REQUIRE_EQUAL(fields.size(), names.size());
            for (size_t i = 0; i < names.size(); ++i) profiles[i].add(fields[i]);
        }
        BOOST_REQUIRE_EQUAL(names.size(), file.types.size());
        for (size_t i = 0; i < names.size(); ++i) {
            const ColumnSummary found = summarise_values(profiles[i], names[i], "", {});
            BOOST_TEST_CONTEXT(file.file << " " << names[i] << ": " << found.reason) {
                BOOST_CHECK_EQUAL(found.semantic_type, file.types[i]);
            }
        }
    }
}

// What names of few and of strange content are not taken for.
BOOST_AUTO_TEST_CASE(semantic_not_taken_for) {
    const auto type = [](const std::vector<std::string_view>& values, size_t times) {
        ValueProfile profile = fresh();
        for (size_t i = 0; i < times; ++i) summarise_values(profile, "c", "", values);
        return std::string(summarise_values(profile, "c", "", values).semantic_type);
    };
    BOOST_CHECK_EQUAL(type({"Catholic", "Christian", "Jewish", "none"}, 20), "text");
    BOOST_CHECK_EQUAL(type({"white", "green", "gray", "black", "orange"}, 20), "text");
    BOOST_CHECK_NE(type({"192.168.1.4", "192.168.1.5", "10.0.0.1", "8.8.8.8"}, 3), "phone");
    BOOST_CHECK_NE(type({"Q7526206-4", "Q7526207-1", "Q7526208-3", "Q7526209-12"}, 1), "phone");
    BOOST_CHECK_NE(type({"10:30", "11:45", "09:00"}, 3), "timestamp");
    BOOST_CHECK_EQUAL(type({"x", "y", "z"}, 5), "text");
    BOOST_CHECK_EQUAL(type({"en", "es", "fr", "de", "it"}, 5), "text");
    BOOST_CHECK_NE(type({"31/02/1990", "30/02/1991", "99/99/9999"}, 3), "phone");
}

// Anything may be in a column: every output is valid text, every share a share.
BOOST_AUTO_TEST_CASE(semantic_random_columns) {
    std::mt19937 random(11);
    const std::vector<std::string> alphabet{"a@b.com", "2021", "-", "/", "12",      "+56",  "Ana",
                                            "ñ",       " ",    "€", "'", "\"",      "\xff", "\x00",
                                            "n/a",     "true", "(", "٣", "1.234,5", "US",   "0"};
    for (int round = 0; round < 300; ++round) {
        ValueProfile profile = fresh();
        std::vector<std::string> kept;
        for (unsigned n = random() % 40; n > 0; --n) kept.push_back(support::random_input(random, alphabet));
        if (round % 10 == 0) kept.push_back(std::string(1000000, static_cast<char>('!' + round % 90)));
        std::vector<std::string_view> values(kept.begin(), kept.end());
        const char* const names[] = {"",   "email",  "phone",   "birth_date",
                                     "id", "amount", "country", "\xff\xfe"};
        const ColumnSummary found =
            summarise_values(profile, names[random() % 8], random() % 2 ? "US" : "", values);
        for (const double share : {found.validity, found.suspicious, found.junk, found.confidence}) {
            BOOST_REQUIRE(share >= 0 && share <= 1 + 1e-9);
        }
        BOOST_REQUIRE_LE(found.validity + found.junk, 1 + 1e-9);
        std::vector<std::string> texts{found.reason, found.min_value, found.max_value};
        for (const auto* list : {&found.outliers, &found.examples})
            texts.insert(texts.end(), list->begin(), list->end());
        for (const PatternShare& pattern : found.patterns) {
            texts.push_back(pattern.pattern);
            texts.push_back(pattern.example);
        }
        for (const std::string& text : texts) {
            BOOST_REQUIRE(support::is_valid_utf8(text) && !support::has_controls(text));
            BOOST_REQUIRE_LE(text.size(), 600u);
        }
        // The same values in another order give the same.
        std::shuffle(values.begin(), values.end(), random);
        ValueProfile again = fresh();
        const ColumnSummary other = summarise_values(again, "", "", values);
        std::shuffle(values.begin(), values.end(), random);
        ValueProfile third = fresh();
        const ColumnSummary same = summarise_values(third, "", "", values);
        BOOST_REQUIRE_EQUAL(other.semantic_type, same.semantic_type);
        BOOST_REQUIRE_EQUAL(other.reason, same.reason);
        BOOST_REQUIRE(other.outliers == same.outliers && other.examples == same.examples);
    }
}
