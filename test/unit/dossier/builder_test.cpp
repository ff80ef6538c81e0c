// SPDX-License-Identifier: PostgreSQL
// Many people at once get the dossiers that each would get alone; numbers of texts do not depend on the order
// of rows.
#include "dossier/builder.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <string>

#include "base/memory_budget.hpp"

using namespace cdp::dossier;

namespace {
struct Row {
    int64_t person;
    uint16_t kind;
    int64_t time;
    uint64_t tie;
    int64_t amount;
    std::string text;
};
using Packed = std::map<int64_t, std::vector<uint8_t>>;

Packed build(const std::vector<Row>& rows, const std::map<uint32_t, std::string>& known,
             cdp::MemoryBudget& budget, std::map<std::string, uint32_t>& numbers,
             uint32_t max_events = 1000000) {
    cdp::Tick tick;
    Builder builder(&budget, tick);
    for (const auto& [symbol, text] : known) builder.dictionaries().load(3, symbol, text);
    std::map<int64_t, uint32_t> places;
    for (int64_t id = 0; id < 60; ++id) {
        places[id] = builder.add_person(id * 7);
        builder.add_attribute(9, Type::kSymbol,
                              builder.dictionaries().symbol(3, "text " + std::to_string(id % 4)));
        builder.add_attribute(4, Type::kNumber, id % 3 == 0 ? kNull : id);
    }
    for (const Row& row : rows) {
        builder.add_event(places[row.person], row.kind, row.time, row.tie);
        builder.set(kAmount, row.amount);
        builder.set_symbol(kFirstProperty, builder.dictionaries().symbol(3, row.text));
    }
    for (const auto& text : builder.dictionaries().number_new())
        numbers[std::string(text.text)] = text.symbol;
    Packed packed;
    builder.finish(max_events, [&](int64_t id, std::span<const uint8_t> bytes, uint32_t) {
        packed[id] = {bytes.begin(), bytes.end()};
    });
    return packed;
}
}  // namespace

BOOST_AUTO_TEST_CASE(the_order_of_rows_does_not_show) {
    std::mt19937_64 random(3);
    cdp::MemoryBudget budget(64 << 20);
    for (int round = 0; round < 60; ++round) {
        std::vector<Row> rows;
        for (uint64_t i = random() % 900; i > 0; --i) {
            rows.push_back({static_cast<int64_t>(random() % 60), static_cast<uint16_t>(random() % 3),
                            static_cast<int64_t>(random() % 50) * 1000000, random(),
                            static_cast<int64_t>(1) << 41, "text " + std::to_string(random() % 40)});
        }
        const std::map<uint32_t, std::string> known = {{0, "text 7"}, {5, "text 30"}};
        std::map<std::string, uint32_t> numbers, again;
        const Packed packed = build(rows, known, budget, numbers);
        std::shuffle(rows.begin(), rows.end(), random);
        BOOST_TEST_REQUIRE((build(rows, known, budget, again) == packed));
        BOOST_TEST_REQUIRE((numbers == again));
        // Numbers follow the bytes of the texts, from the next free one on.
        uint32_t next = 6;
        for (const auto& [text, number] : numbers) BOOST_TEST_REQUIRE(number == next++);
        numbers["text 7"] = 0;
        numbers["text 30"] = 5;

        Writer writer(&budget);  // each person alone
        for (int64_t id = 0; id < 60; ++id) {
            writer.add_attribute(9, Type::kSymbol, numbers.at("text " + std::to_string(id % 4)));
            writer.add_attribute(4, Type::kNumber, id % 3 == 0 ? kNull : id);
            for (const Row& row : rows) {
                if (row.person != id) continue;
                writer.add_event(row.kind, row.time, row.tie);
                writer.set(kAmount, row.amount);
                writer.set(kFirstProperty, numbers.at(row.text));
            }
            const auto alone = writer.finish();
            BOOST_TEST_REQUIRE((packed.at(id * 7) == std::vector<uint8_t>(alone.begin(), alone.end())));
        }
    }
}

BOOST_AUTO_TEST_CASE(who_has_too_many_events_gets_no_dossier) {
    cdp::MemoryBudget budget(16 << 20);
    std::map<std::string, uint32_t> numbers;
    std::vector<Row> rows;
    for (int i = 0; i < 11; ++i) rows.push_back({i < 6 ? 1 : 2, 1, i, 1, 1, "x"});
    const Packed packed = build(rows, {}, budget, numbers, 5);
    BOOST_TEST(packed.at(7).empty());
    BOOST_TEST(!packed.at(14).empty());
}

BOOST_AUTO_TEST_CASE(a_dictionary_has_its_limits) {
    cdp::MemoryBudget budget(512 << 20);
    Dictionaries dictionaries(&budget);
    BOOST_TEST(dictionaries.symbol(2, std::string(Dictionaries::kMaxText + 1, 'x')) == kNull);
    BOOST_TEST((dictionaries.incomplete() == std::vector<uint16_t>{2}));
    for (uint32_t i = 0; i < Dictionaries::kMaxSymbols; ++i) dictionaries.symbol(1, std::to_string(i));
    BOOST_TEST(dictionaries.symbol(1, "999999") != kNull);
    BOOST_TEST(dictionaries.symbol(1, "one more") == kNull);
    BOOST_TEST(dictionaries.symbol(0, "one more") != kNull);
    BOOST_TEST((dictionaries.incomplete() == std::vector<uint16_t>{1, 2}));
    dictionaries.load(4, 77, "");
    BOOST_TEST(dictionaries.symbol(4, "") == 77);
    BOOST_CHECK_THROW(dictionaries.load(4, 78, ""), cdp::Error);
}

BOOST_AUTO_TEST_CASE(new_events_added_to_old_dossiers_are_all_of_them_packed_at_once) {
    std::mt19937_64 random(8);
    cdp::MemoryBudget budget(64 << 20);
    int clear = 0, unclear = 0;
    for (int round = 0; round < 300; ++round) {
        const int64_t spread = round % 2 == 0 ? 1000000 : 40;
        std::vector<Row> old_rows, new_rows;
        for (uint64_t i = random() % 40; i > 0; --i) {
            Row row{static_cast<int64_t>(random() % 3), static_cast<uint16_t>(random() % 3),
                    static_cast<int64_t>(random() % static_cast<uint64_t>(spread)) * 500000, random(),
                    static_cast<int64_t>(random() % 1000), "text " + std::to_string(random() % 5)};
            (random() % 3 == 0 ? new_rows : old_rows).push_back(row);
        }
        std::vector<Row> all_rows = old_rows;
        all_rows.insert(all_rows.end(), new_rows.begin(), new_rows.end());
        std::map<uint32_t, std::string> known;
        for (uint32_t i = 0; i < 5; ++i) known[i] = "text " + std::to_string(i);
        std::map<std::string, uint32_t> numbers;
        const Packed before = build(old_rows, known, budget, numbers),
                     wanted = build(all_rows, known, budget, numbers);

        cdp::Tick tick;
        Builder builder(&budget, tick);
        for (const auto& [symbol, text] : known) builder.dictionaries().load(3, symbol, text);
        for (int64_t id = 0; id < 3; ++id) {
            const uint32_t place = builder.add_person(id * 7);
            builder.add_attribute(9, Type::kSymbol,
                                  builder.dictionaries().symbol(3, "text " + std::to_string(id % 4)));
            builder.add_attribute(4, Type::kNumber, id % 3 == 0 ? kNull : id);
            builder.add_old_events(place, View(before.at(id * 7)));
            for (const Row& row : new_rows) {
                if (row.person != id) continue;
                builder.add_event(place, row.kind, row.time, row.tie);
                builder.set(kAmount, row.amount);
                builder.set_symbol(kFirstProperty, builder.dictionaries().symbol(3, row.text));
            }
        }
        builder.finish(1000, [&](int64_t id, std::span<const uint8_t> bytes, uint32_t count) {
            bool meet = false;
            for (const Row& a : old_rows) {
                for (const Row& b : new_rows)
                    meet = meet || (a.person * 7 == id && b.person * 7 == id && a.time == b.time);
            }
            BOOST_TEST_REQUIRE((count == Builder::kUnclear) == meet);
            ++(meet ? unclear : clear);
            if (!meet)
                BOOST_TEST_REQUIRE((std::vector<uint8_t>(bytes.begin(), bytes.end()) == wanted.at(id)));
        });
    }
    BOOST_TEST(clear > 300);
    BOOST_TEST(unclear > 50);
}
