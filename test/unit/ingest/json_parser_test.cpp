// SPDX-License-Identifier: PostgreSQL
#include "ingest/json_parser.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <string>

#include "base/error.hpp"
#include "ingest/key_run.hpp"
#include "ingest/message.hpp"
#include "ingest/packed_json.hpp"
#include "ingest/text_map.hpp"

using namespace cdp::ingest;

namespace {

bool is_object(std::string_view text) {
    JsonParser parser;
    std::vector<JsonNode> nodes;
    return parser.parse_object(text, nodes);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_parser)

BOOST_AUTO_TEST_CASE(what_is_an_object) {
    for (const char* good :
         {"{}", " {\"a\":1}\n", R"({"a":[1,[2],{}],"b":{"c":null,"d":true,"e":"\u00e1\ud83d\ude00"}})",
          R"({"a":-0.5e+3})", R"({"a":1,"a":2})"})
        BOOST_TEST(is_object(good), good);
    for (const char* bad : {"",
                            " ",
                            "[]",
                            "1",
                            "null",
                            "\"a\"",
                            "{",
                            "}",
                            "{}{}",
                            "{} x",
                            "{\"a\"}",
                            "{\"a\":}",
                            "{\"a\":1,}",
                            "{\"a\":[1,]}",
                            "{\"a\":[1}",
                            "{a:1}",
                            "{'a':1}",
                            R"({"a":01})",
                            R"({"a":1.})",
                            R"({"a":+1})",
                            R"({"a":tru})",
                            R"({"a":nulll})",
                            R"({"a":"\x"})",
                            R"({"a":"\u0000"})",
                            R"({"\u0000":1})",
                            R"({"a":"\ud800"})",
                            R"({"a":"\ud800x"})",
                            R"({"a":"\udc00"})",
                            "{\"a\":\"\xff\"}",
                            "{\"a\":\"\xed\xa0\x80\"}",
                            "{\"a\":\"\t\"}",
                            R"({"a":1 "b":2})",
                            R"({"a":1 x})",
                            R"({"a" 1})",
                            R"({"a":NaN})",
                            R"({"a":1e1001})"})
        BOOST_TEST(!is_object(bad), bad);
    const auto nested = [](int depth) {
        std::string text;
        for (int i = 0; i < depth; ++i) text += i % 2 ? "[" : "{\"a\":";
        text += "1";
        for (int i = depth; i-- > 0;) text += i % 2 ? "]" : "}";
        return text;
    };
    BOOST_TEST(is_object(nested(kMaxJsonDepth)));
    BOOST_TEST(!is_object(nested(kMaxJsonDepth + 2)));
    BOOST_TEST(!is_object(nested(100000)));
}

// No bytes at all are anything worse than no object, and what is one can be packed and visited.
BOOST_AUTO_TEST_CASE(random_bytes) {
    std::mt19937_64 random(3);
    JsonParser parser;
    std::vector<JsonNode> nodes;
    const std::string seed =
        R"({"type":"track","userId":"u1","batch":[{"a":[1,2.50,null]}],"properties":{"revenue":"12","n":null,"t":true,"x":{"y":"\u00e1"}}})";
    int good = 0;
    for (int round = 0; round < 100000; ++round) {
        std::string text = seed;
        for (size_t i = random() % 4; i > 0; --i) {
            const size_t at = random() % text.size();
            if (random() % 2)
                text[at] = static_cast<char>(random());
            else if (random() % 2)
                text.erase(at, random() % 4);
            else
                text.insert(at, 1, "{}[]\",:0e\\"[random() % 10]);
        }
        if (!parser.parse_object(text, nodes)) continue;
        ++good;
        std::string packed;
        BOOST_TEST_REQUIRE(pack_json(nodes, 0, true, 0, packed));
        size_t fields = 0;
        each_field(packed, [&](std::string_view, FieldType) { ++fields; });
        BOOST_TEST_REQUIRE(fields <= nodes[0].count);
        message_fields(nodes, 0);
        // Cut anywhere, it is visited no further than it goes.
        for (const size_t cut : {packed.size() / 2, packed.size() - 1})
            each_field(std::string_view(packed).substr(0, cut), [](std::string_view, FieldType) {});
    }
    BOOST_TEST(good > 20000);
}

BOOST_AUTO_TEST_CASE(names) {
    BOOST_TEST(event_name("Order Completed") == "order_completed");
    BOOST_TEST(event_name("  Añadir  al carro! ") == "anadir_al_carro");
    BOOST_TEST(event_name("!") == "");
}

// Against a map: every entry is found by its hash, none else; blocks hold all entries of a hash.
BOOST_AUTO_TEST_CASE(key_runs) {
    std::mt19937_64 random(5);
    for (int round = 0; round < 200; ++round) {
        std::multimap<uint64_t, uint64_t> reference;
        const size_t size = random() % 3000;
        for (size_t i = 0; i < size; ++i)
            reference.emplace((random() % (round % 2 ? 500 : UINT64_MAX)) >> 1,
                              random() % (uint64_t{1} << 48));
        std::vector<KeyEntry> entries;
        for (const auto& [hash, place] : reference) entries.push_back({hash, place});
        std::sort(entries.begin(), entries.end());
        std::pmr::vector<HashedRow> rows, spare;
        for (size_t i = 0; i < 6000; ++i)
            rows.push_back(
                {i < 100 && !entries.empty() ? entries[random() % entries.size()].hash : random() >> 1, i});
        sort_hashes(rows, spare);
        for (size_t i = 1; i < rows.size(); ++i)
            BOOST_TEST_REQUIRE((rows[i - 1].hash < rows[i].hash ||
                                (rows[i - 1].hash == rows[i].hash && rows[i - 1].row < rows[i].row)));
        size_t expected = 0;
        for (const HashedRow& row : rows)
            expected += std::min<size_t>(reference.count(row.hash), kMostOfOneHash);
        size_t found = 0;
        uint64_t last = 0;
        write_blocks(entries, [&](uint64_t first, std::string_view bytes) {
            BOOST_TEST_REQUIRE((first > last || last == 0));
            BOOST_TEST_REQUIRE(bytes.size() <= 7600u);
            const KeyBlock block(bytes);
            last = block.hash(block.size() - 1);
            match_block(rows, block, [&](size_t i, const KeyEntry& entry) {
                ++found;
                BOOST_TEST_REQUIRE(entry.hash == rows[i].hash);
                const auto [from, to] = reference.equal_range(entry.hash);
                BOOST_TEST_REQUIRE(
                    std::any_of(from, to, [&](const auto& pair) { return pair.second == entry.place; }));
            });
        });
        BOOST_TEST_REQUIRE(found == expected);
    }
    BOOST_CHECK_THROW(KeyBlock("x"), cdp::Error);
    // It is stored.
    BOOST_TEST(event_key_hash("evt-1") == event_key_hash("evt-1"));
    BOOST_TEST(event_key_hash("evt-1") >> 63 == 0u);
}

BOOST_AUTO_TEST_CASE(text_maps) {
    std::mt19937_64 random(9);
    TextMap map(std::pmr::new_delete_resource());
    std::map<std::string, int64_t> reference;
    for (int i = 0; i < 50000; ++i) {
        const std::string text = std::to_string(random() % 20000);
        const auto [place, is_new] = reference.emplace(text, i);
        const auto [value, was_new] = map.insert(text, i);
        BOOST_TEST_REQUIRE(was_new == is_new);
        BOOST_TEST_REQUIRE(value == place->second);
    }
    BOOST_TEST(map.size() == reference.size());
    map.clear();
    BOOST_TEST(map.insert("7", 1).second);
}

BOOST_AUTO_TEST_SUITE_END()
