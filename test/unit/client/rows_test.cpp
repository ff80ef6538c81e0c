// SPDX-License-Identifier: PostgreSQL
// Rows read through a window are those of the whole file read at once, and a file that was left in the middle
// goes on there.
#include "client/rows.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <random>

#include "base/error.hpp"
#include "base/utf8.hpp"

using namespace cdp::client;

namespace {

class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& content) {
        char name[] = "/tmp/cdp_rows_XXXXXX";
        const int file = mkstemp(name);
        BOOST_REQUIRE(file >= 0);
        path = name;
        BOOST_REQUIRE(write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
        close(file);
    }
    ~TemporaryFile() { unlink(path.c_str()); }
    std::string path;
};

struct Seen {
    int64_t line;
    std::string problem, text;
    std::vector<std::string> fields;
    bool operator==(const Seen&) const = default;
};

std::vector<Seen> rows_at_once(const std::string& content) {
    std::vector<Seen> out;
    cdp::ingest::CsvReader reader(content, {}, std::pmr::get_default_resource());
    cdp::ingest::CsvRow row;
    cdp::Tick tick;
    while (reader.next(row, tick)) {
        if (row.kind == cdp::ingest::CsvRowKind::kBlank || row.kind == cdp::ingest::CsvRowKind::kHeader)
            continue;
        out.push_back({row.line, row.problem, std::string(row.text), {row.fields.begin(), row.fields.end()}});
    }
    return out;
}

// Reads with a new Input from time to time, as after an interruption.
std::vector<Seen> rows_through_window(const std::string& path, size_t rows_each) {
    std::vector<Seen> out;
    std::vector<Beginning> known;
    int64_t line = 1;
    while (true) {
        Input input(path);
        input.fill(kHeadBytes);
        const Layout layout = find_layout(input.window(), path, {});
        BOOST_REQUIRE(layout.has_header);
        if (!known.empty()) BOOST_REQUIRE(input.take_known_beginning(known) == 0);
        const auto reader = RowReader::make(input, layout, line);
        FileRow row;
        size_t rows = 0;
        while (rows < rows_each) {
            if (!reader->next(row)) return out;
            out.push_back(
                {row.line, row.problem, std::string(row.text), {row.fields.begin(), row.fields.end()}});
            ++rows;
        }
        known = {{input.position(), input.hash()}};
        line = reader->next_line();
    }
}

std::string random_csv(unsigned seed, size_t bytes) {
    std::mt19937 random(seed);
    std::string out = "id,name,note\n";
    const char* line_ends[] = {"\n", "\r\n", "\r"};
    const std::string end = line_ends[seed % 3];
    for (int id = 1; out.size() < bytes; ++id) {
        out += std::to_string(id) + ",";
        switch (random() % 40) {
            case 0:
                out += "\"two" + end + "lines\",x";
                break;
            case 1:
                out += "too few";
                break;
            case 2:
                out += "\"never closed,x";
                break;
            case 3:
                out += "\"" + std::string(random() % 300000, 'q') + "\",x";
                break;
            case 4:
                out += "\"a \"\"quoted\"\" word\",x";
                break;
            case 5:
                out += end;
                break;
            case 6:
                out += "\"" + std::string(random() % 1000, '\n') + "\",x";
                break;
            case 7:
                out += "\"x" + end + "y\"," + std::string(random() % 400000, 'u');
                break;
            default:
                out += "name " + std::to_string(random()) + ",x";
        }
        out += end;
    }
    if (seed % 2 == 0) out += "last,row,without end";
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_window_changes_no_row) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        const std::string content = random_csv(seed, 7 << 20);
        const TemporaryFile file(content);
        const std::vector<Seen> expected = rows_at_once(content);
        BOOST_REQUIRE(expected.size() > 100);
        for (const size_t rows_each : {size_t{1} << 40, expected.size() / 7 + 1}) {
            const std::vector<Seen> got = rows_through_window(file.path, rows_each);
            BOOST_TEST(got.size() == expected.size());
            for (size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
                BOOST_REQUIRE_MESSAGE(got[i] == expected[i],
                                      "seed " << seed << ", row " << i << ", line " << got[i].line << " and "
                                              << expected[i].line << ": " << got[i].problem << " / "
                                              << expected[i].problem);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_line_without_end_costs_only_itself) {
    const TemporaryFile file("a,b\n1,2\n" + std::string(40 << 20, 'x') + "\r\n3,4\n");
    const std::vector<Seen> rows = rows_through_window(file.path, 1000);
    BOOST_REQUIRE(rows.size() == 3);
    BOOST_TEST(rows[1].problem == "a line of more than 16 MB");
    BOOST_TEST(rows[1].text.size() <= kHeadBytes + 1);
    BOOST_TEST(rows[2].line == 4);
    BOOST_TEST(rows[2].fields[1] == "4");
}

BOOST_AUTO_TEST_CASE(a_known_beginning_is_known_by_its_content) {
    const std::string content = "a,b\n1,2\n3,4\n";
    const auto hash = [&](size_t bytes) { return sha256_hex(content.substr(0, bytes)); };
    const TemporaryFile file(content);
    const auto found = [&](const std::vector<Beginning>& known) {
        Input input(file.path);
        input.fill(kHeadBytes);
        const int which = input.take_known_beginning(known);
        input.fill(kHeadBytes);
        BOOST_TEST(
            input.window() ==
            content.substr(which < 0 ? 0 : static_cast<size_t>(known[static_cast<size_t>(which)].bytes)));
        return which;
    };
    BOOST_TEST(found({}) == -1);
    BOOST_TEST(found({{8, hash(8)}}) == 0);
    BOOST_TEST(found({{8, hash(8)}, {4, hash(4)}}) == 0);
    BOOST_TEST(found({{4, hash(4)}, {12, hash(12)}, {8, hash(8)}}) == 1);
    BOOST_TEST(found({{8, hash(4)}}) == -1);
    BOOST_TEST(found({{8, hash(4)}, {4, hash(4)}}) == 1);
    BOOST_TEST(found({{13, hash(12)}}) == -1);
    BOOST_TEST(found({{7, hash(7)}}) == -1);  // it ended there without a line end; this one goes on
}

BOOST_AUTO_TEST_CASE(layouts_are_found) {
    const auto layout = [](std::string_view head) { return find_layout(head, "f", {}); };
    Layout found = layout("id;name;;name\n1;Ana;x;y\n");
    BOOST_TEST(found.delimiter == ';');
    BOOST_TEST(found.has_header);
    BOOST_TEST(found.names == (std::vector<std::string>{"id", "name", "column_3", "name_2"}));
    found = layout("\xEF\xBB\xBFsep=|\r\na,b|c\r\n");
    BOOST_TEST(found.delimiter == '|');
    BOOST_TEST(found.names == (std::vector<std::string>{"a,b", "c"}));
    found = layout("1,ana@example.com\n2,x@example.com\n");
    BOOST_TEST(!found.has_header);
    BOOST_TEST(found.width == 2);
    found = layout("\xEF\xBB\xBF{\"a\": 1, \"b\": null}\n{\"c\": {}}\n{\"d");
    BOOST_TEST(found.is_json);
    BOOST_TEST(found.names == (std::vector<std::string>{"a", "b", "c"}));
    for (const char* bad : {"", "\n\n", "\xFF\xFEi\0", "PK\x03\x04xx", "a,\"b\nc"})
        BOOST_CHECK_THROW(layout(bad), cdp::Error);
}

BOOST_AUTO_TEST_CASE(json_objects_are_read) {
    std::vector<JsonMember> members;
    BOOST_TEST(
        read_json_object(R"( {"a":"x\n\u00f1\ud83d\ude00","b":-1.5e3,"c":null,"d":[1,{"e":"}"}],"f":true} )",
                         members) == "");
    BOOST_REQUIRE(members.size() == 5);
    BOOST_TEST(members[0].value.value() == "x\nñ😀");
    BOOST_TEST(members[1].value.value() == "-1.5e3");
    BOOST_TEST(!members[2].value.has_value());
    BOOST_TEST(members[3].value.value() == R"([1,{"e":"}"}])");
    BOOST_TEST(members[4].value.value() == "true");
    for (const char* bad : {"", "[]", "1", "{", "{}}", "{a:1}", R"({"a"})", R"({"a":})", R"({"a":1,})",
                            R"({"a":01})", R"({"a":"\u0000"})", R"({"a":"\ud83d"})", R"({"a":"\x"})",
                            R"({"a":1e99999})", R"({"a":tru})", "{\"a\":\"\t\"}"}) {
        BOOST_TEST(read_json_object(bad, members) != "", bad);
    }
    BOOST_TEST(read_json_object(std::string(100000, '['), members) != "");
    BOOST_TEST(read_json_object("{\"a\":" + std::string(100000, '['), members) != "");
}

// Every text comes back from its JSON, and no damage to a line does harm.
BOOST_AUTO_TEST_CASE(json_lines_survive_random_texts) {
    std::mt19937 random(3);
    std::vector<JsonMember> members;
    const char32_t points[] = {U'a', U'"', U'\\', U'/',  U'\n',   U'\t',
                               1,    0x7F, U'é',  U'語', 0x1F600, 0x10FFFF};
    for (int i = 0; i < 5000; ++i) {
        std::string text, json = "{\"k\":\"";
        for (size_t k = random() % 12; k > 0; --k) {
            const char32_t point = points[random() % std::size(points)];
            cdp::append_utf8(text, point);
            if (point < 0x20 || point == U'"' || point == U'\\' || (point < 0xFFFF && random() % 2 == 0)) {
                char escape[8];
                std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(point));
                json += escape;
            } else {
                cdp::append_utf8(json, point);
            }
        }
        json += "\",\"n\":[1,{\"x\":null}]}";
        BOOST_REQUIRE(read_json_object(json, members) == "");
        BOOST_REQUIRE(members.size() == 2);
        BOOST_REQUIRE(members[0].value == text);
        std::string broken = json.substr(0, random() % json.size());
        BOOST_REQUIRE(read_json_object(broken, members) != "");
        broken = json;
        for (int k = 0; k < 3; ++k) broken[random() % broken.size()] = static_cast<char>(random());
        read_json_object(broken, members);
    }
}
