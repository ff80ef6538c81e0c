// SPDX-License-Identifier: PostgreSQL
#include "ingest/csv.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>

#include "base/error.hpp"
#include "base/memory_budget.hpp"
#include "reference/csv_reference.hpp"

using cdp::ingest::CsvOptions;
using cdp::ingest::CsvReader;
using cdp::ingest::CsvRow;
using cdp::ingest::CsvRowKind;

namespace {

struct Read {
    std::vector<CsvRowKind> kinds;
    std::vector<int64_t> lines;
    std::vector<std::string> problems;
    std::vector<std::string> texts;
    reference::Table table;  // header and data rows
    std::string joined;      // all texts
};

Read read(std::string_view content, CsvOptions options = {}) {
    cdp::MemoryBudget budget(64 << 20);
    cdp::Tick tick;
    CsvReader reader(content, options, &budget);
    Read result;
    CsvRow row;
    while (reader.next(row, tick)) {
        result.joined += row.text;
        if (row.kind == CsvRowKind::kBlank) continue;
        result.kinds.push_back(row.kind);
        result.lines.push_back(row.line);
        result.problems.push_back(row.problem);
        result.texts.emplace_back(row.text);
        if (row.kind != CsvRowKind::kBroken) result.table.emplace_back(row.fields.begin(), row.fields.end());
        BOOST_REQUIRE((row.kind == CsvRowKind::kBroken) == !row.problem.empty());
    }
    return result;
}

std::vector<std::string> fields(std::initializer_list<const char*> values) {
    return {values.begin(), values.end()};
}

std::string write_csv(const reference::Table& table, char delimiter, std::string_view line_end,
                      std::mt19937& random) {
    std::string text;
    for (const auto& row : table) {
        for (size_t i = 0; i < row.size(); ++i) {
            if (i > 0) text += delimiter;
            const bool needs = row[i].find_first_of(std::string("\"\r\n") + delimiter) != std::string::npos;
            if (needs || random() % 4 == 0) {
                text += '"';
                for (const char c : row[i]) {
                    if (c == '"') text += '"';
                    text += c;
                }
                text += '"';
            } else {
                text += row[i];
            }
        }
        text += line_end;
    }
    return text;
}

std::string random_text(std::mt19937& random, std::string_view alphabet, size_t longest) {
    std::string text(random() % (longest + 1), ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(plain_rows_with_header) {
    const Read result = read("a,b\n1,2\n\n3,\"x, \"\"y\"\"\"");
    BOOST_TEST(result.kinds.size() == 3u);
    BOOST_CHECK(result.kinds[0] == CsvRowKind::kHeader);
    BOOST_TEST(result.table[1] == fields({"1", "2"}));
    BOOST_TEST(result.table[2] == fields({"3", "x, \"y\""}));
    BOOST_TEST(result.lines == (std::vector<int64_t>{1, 2, 4}));
}

BOOST_AUTO_TEST_CASE(line_ends_bom_and_embedded_newlines) {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
        const Read result =
            read("\xEF\xBB\xBF" + std::string("a;b") + end + "\"x" + end + "y\";2" + end + "3;4");
        BOOST_TEST(result.table.size() == 3u);
        BOOST_TEST(result.table[0] == fields({"a", "b"}));
        BOOST_TEST(result.table[1][0] == "x" + end + "y");
        BOOST_TEST(result.lines == (std::vector<int64_t>{1, 2, 4}));
        BOOST_TEST(result.joined.size() == 3 + 3 + end.size() + 2 + end.size() + 4 + end.size() + 3);
    }
}

BOOST_AUTO_TEST_CASE(delimiter_is_detected_named_or_given) {
    BOOST_TEST(cdp::ingest::detect_delimiter("a,b,c\n1,2,3\n") == ',');
    BOOST_TEST(cdp::ingest::detect_delimiter("a;b\n\"1,5\";2,5\n") == ';');
    BOOST_TEST(cdp::ingest::detect_delimiter("a;b\n1,5;2,5\n3,1;4,7\n") == ';');
    BOOST_TEST(cdp::ingest::detect_delimiter("a\tb\n1, x\t2\n") == '\t');
    BOOST_TEST(cdp::ingest::detect_delimiter("a|b|c\n1|2|3\n") == '|');
    BOOST_TEST(cdp::ingest::detect_delimiter("\"a,b\"|c\n\"1,2\"|3\n") == '|');
    BOOST_TEST(cdp::ingest::detect_delimiter("") == ',');
    BOOST_TEST(cdp::ingest::detect_delimiter("one\ntwo") == ',');
    BOOST_TEST(read("sep=;\na;b,c\n1;2,3\n").table[1] == fields({"1", "2,3"}));
    BOOST_TEST(read("sep=x\nsep=y\n").table.size() == 2u);  // a header that looks like one
    BOOST_TEST(read("a:b\n1:2\n", {':', true}).table[1] == fields({"1", "2"}));
    BOOST_TEST(cdp::ingest::parse_delimiter("tab") == '\t');
    BOOST_TEST(cdp::ingest::parse_delimiter("|") == '|');
    for (const char* bad : {"", "x", "\"", "\n", ";;", " ", "7", "ñ"}) {
        BOOST_CHECK_THROW(cdp::ingest::parse_delimiter(bad), cdp::Error);
    }
}

BOOST_AUTO_TEST_CASE(wrong_number_of_fields_is_told) {
    const Read result = read("a,b,c\n1,2\n1,2,3,4\n1,2,3\n");
    BOOST_TEST(result.problems[1] == "expected 3 fields, found 2");
    BOOST_TEST(result.texts[1] == "1,2\n");
    BOOST_TEST(result.problems[2] == "expected 3 fields, found 4");
    BOOST_TEST(result.problems[3].empty());
    const Read no_header = read("1,2\n1\n3,4\n", {',', false});
    BOOST_TEST(no_header.problems[1] == "expected 2 fields, found 1");
    BOOST_CHECK(no_header.kinds[0] == CsvRowKind::kData);
}

BOOST_AUTO_TEST_CASE(an_unbalanced_quote_costs_one_line) {
    std::string content = "a,b,c\n1,\"open,3\n";
    for (int i = 0; i < 500; ++i) content += "4,5,6\n";
    const Read never_closed = read(content);
    BOOST_TEST(never_closed.problems[1] == "unbalanced quote starting in line 2");
    BOOST_TEST(never_closed.texts[1] == "1,\"open,3\n");
    BOOST_TEST(never_closed.table.size() == 501u);

    const Read stray = read("a,b,c\n1,\"open,3\n4,\"fi,ve\",6\n7,8,9\n");
    BOOST_TEST(stray.problems[1] == "unbalanced quote starting in line 2");
    BOOST_TEST(stray.table.size() == 3u);
    BOOST_TEST(stray.table[1] == fields({"4", "fi,ve", "6"}));

    const Read two = read("a,b,c\n1,\"open,3\n4,5,six\"\n7,8,9\n");  // closes, with two fields
    BOOST_TEST(two.problems[1] == "unbalanced quote starting in line 2");
    BOOST_TEST(two.table.size() == 3u);
    BOOST_TEST(two.table[1] == fields({"4", "5", "six\""}));

    const Read inch = read("a,b\n\"5\" nail\",1\n6,2\n");
    BOOST_TEST(inch.problems[1] == "unbalanced quote starting in line 2");
    BOOST_TEST(inch.table[1] == fields({"6", "2"}));
}

BOOST_AUTO_TEST_CASE(rows_of_many_lines_up_to_the_bound) {
    for (const size_t breaks : {cdp::ingest::kMaxRowLines - 1, cdp::ingest::kMaxRowLines}) {
        const std::string content = "a,b\n1,\"" + std::string(breaks, '\n') + "\"\n3,4\n";
        const Read result = read(content);
        BOOST_TEST((result.table[1][0] == "1") == (breaks < cdp::ingest::kMaxRowLines));
        BOOST_TEST(result.joined == content);
    }
}

BOOST_AUTO_TEST_CASE(a_broken_header_is_reported) {
    const Read result = read("a,\"b\n1,2\n3,4,5\n");
    BOOST_TEST(result.problems[0] == "unbalanced quote starting in line 1");
    BOOST_TEST(result.table[0] == fields({"1", "2"}));
    BOOST_TEST(result.problems[2] == "expected 2 fields, found 3");
}

BOOST_AUTO_TEST_CASE(too_many_fields) {
    const Read result = read(std::string(cdp::ingest::kMaxRowFields, ',') + "\n1,2\n", {',', false});
    BOOST_TEST(result.problems[0] == "more than 10000 fields");
    BOOST_TEST(result.table[0] == fields({"1", "2"}));
}

BOOST_AUTO_TEST_CASE(random_tables_survive_writing_and_reading) {
    std::mt19937 random(11);
    for (int round = 0; round < 4000; ++round) {
        const char delimiter = ",;\t|"[random() % 4];
        const size_t columns = 2 + random() % 5;
        reference::Table table(1 + random() % 8, std::vector<std::string>(columns));
        for (auto& row : table) {
            for (auto& field : row) field = random_text(random, "ab,;|\t\"\n\r \xC3\xA9", 8);
        }
        const std::string text = write_csv(table, delimiter, random() % 2 == 0 ? "\n" : "\r\n", random);
        const Read result = read(text, {delimiter, random() % 2 == 0});
        BOOST_REQUIRE(result.table == table);
        BOOST_REQUIRE(result.table == reference::read_csv(text, delimiter));
        BOOST_REQUIRE_EQUAL(result.joined, text);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_of_random_bytes) {
    std::mt19937 random(12);
    for (int round = 0; round < 40000; ++round) {
        std::string bytes = random_text(random, "a\"\",;\n\r\n =sep", 60);
        if (random() % 3 == 0) {
            for (char& c : bytes) {
                if (random() % 4 == 0) c = static_cast<char>(random());
            }
        }
        if (random() % 8 == 0) bytes.insert(0, "\xEF\xBB\xBF");
        const char delimiter = ",;\0a"[random() % 3];
        const Read result = read(bytes, {delimiter, random() % 2 == 0});
        BOOST_REQUIRE_EQUAL(result.joined, bytes);
        size_t width = 0;
        for (const auto& row : result.table) {
            if (width == 0) width = row.size();
            BOOST_REQUIRE_EQUAL(row.size(), width);
        }
        for (size_t i = 0; i < result.texts.size(); ++i) {  // a broken row is exactly one line
            if (result.kinds[i] != CsvRowKind::kBroken) continue;
            std::string line = result.texts[i];
            while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
            BOOST_REQUIRE(line.find_first_of("\r\n") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(line_numbers_count_line_ends) {
    std::mt19937 random(13);
    for (int round = 0; round < 5000; ++round) {
        const std::string bytes = random_text(random, "a\",\n\n", 60);
        cdp::MemoryBudget budget(1 << 20);
        cdp::Tick tick;
        CsvReader reader(bytes, {',', false}, &budget);
        CsvRow row;
        int64_t line = 1;
        while (reader.next(row, tick)) {
            BOOST_REQUIRE_EQUAL(row.line, line);
            line += std::count(row.text.begin(), row.text.end(), '\n');
        }
    }
}

BOOST_AUTO_TEST_CASE(adversarial_quotes_take_linear_time) {
    // Lines made so that a reader that starts again after each of them goes far before it finds out.
    for (const std::string line :
         {"\"\n", "x\",\"y\"\"\n", "\"a\n", "\"\"\"x\n", "\",\"\n", "\"", "a,\"b\"\"\n"}) {
        std::string content = "h1,h2\n";
        while (content.size() < size_t{5} << 20) content += line;
        const auto start = std::chrono::steady_clock::now();
        const Read result = read(content);
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
        BOOST_TEST(result.joined.size() == content.size());
        BOOST_TEST_MESSAGE(line << ": " << elapsed.count() << " s");
        BOOST_TEST(elapsed.count() < 20);
    }
}

BOOST_AUTO_TEST_CASE(a_tick_that_throws_stops_the_reader) {
    std::string content;
    for (int i = 0; i < 10000; ++i) content += "1,2\n";
    cdp::MemoryBudget budget(1 << 20);
    cdp::Tick tick([] { throw cdp::Error(cdp::ErrorCode::kInternal, "cancelled"); });
    CsvReader reader(content, {}, &budget);
    CsvRow row;
    BOOST_CHECK_THROW(while (reader.next(row, tick)){}, cdp::Error);
}

BOOST_AUTO_TEST_CASE(the_budget_bounds_a_row) {
    const std::string content = "a\n\"" + std::string(size_t{1} << 20, 'x') + "\"\"\"\n";
    cdp::MemoryBudget budget(1 << 16);
    cdp::Tick tick;
    CsvReader reader(content, {}, &budget);
    CsvRow row;
    BOOST_CHECK_THROW(while (reader.next(row, tick)){}, cdp::Error);
}
