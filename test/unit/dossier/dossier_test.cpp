// SPDX-License-Identifier: PostgreSQL
// A dossier says what was put in, whatever the order, in few bytes; and damaged bytes are an error.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "base/memory_budget.hpp"
#include "dossier/view.hpp"
#include "dossier/writer.hpp"

using namespace cdp::dossier;

namespace {

struct PlainEvent {
    uint16_t kind;
    int64_t time;
    uint64_t tie;
    std::map<uint16_t, int64_t> numbers;
};
struct Person {
    std::map<uint16_t, std::pair<Type, int64_t>> attributes;
    std::vector<PlainEvent> events;
};

std::vector<uint8_t> pack(Writer& writer, const Person& person) {
    for (const auto& [id, value] : person.attributes) writer.add_attribute(id, value.first, value.second);
    for (const PlainEvent& event : person.events) {
        writer.add_event(event.kind, event.time, event.tie);
        for (const auto& [column, value] : event.numbers) writer.set(column, value);
    }
    const auto bytes = writer.finish();
    return {bytes.begin(), bytes.end()};
}

Person random_person(std::mt19937_64& random) {
    const auto below = [&](uint64_t n) { return random() % n; };
    Person person;
    for (uint64_t i = below(6); i > 0; --i) {
        person.attributes[static_cast<uint16_t>(below(60000))] = {
            static_cast<Type>(1 + below(5)), static_cast<int64_t>(random() >> below(64)) - 5};
    }
    const uint64_t kinds = 1 + below(4), spread = below(3);
    for (uint64_t i = below(3) == 0 ? below(400) : below(12); i > 0; --i) {
        PlainEvent event;
        event.kind = static_cast<uint16_t>(below(kinds) * 700);
        event.time = 1767225600000000 +
                     static_cast<int64_t>(below(spread == 0   ? 5
                                                : spread == 1 ? 400000
                                                              : 1) *
                                          1000) -
                     (spread == 2 ? static_cast<int64_t>(random() >> 20) : 0);
        event.tie = random();
        if (below(2) == 0) event.numbers[kAmount] = static_cast<int64_t>(below(1u << (8 * (1 + below(3)))));
        if (below(9) == 0) event.numbers[kLatitude] = -static_cast<int64_t>(below(900000000));
        if (below(2) == 0) event.numbers[kFirstProperty] = 7;
        if (below(3) == 0) event.numbers[kFirstProperty + 1] = static_cast<int64_t>(random()) | 1;
        if (below(3) == 0) event.numbers[kFirstProperty + 2] = static_cast<int64_t>(below(300));
        person.events.push_back(event);
    }
    return person;
}

// What a view says, in the order of the person's life.
Person unpack(const std::vector<uint8_t>& bytes) {
    const View view(bytes);
    view.verify();
    Person person;
    view.each_attribute([&](uint16_t id, Type type, int64_t value) {
        person.attributes[id] = {type, value};
        BOOST_TEST(view.attribute(id) == value);
    });
    std::vector<std::pair<int64_t, PlainEvent>> found;
    view.each_block([&](uint16_t kind, const Block& block) {
        BOOST_TEST(view.block(kind).count() == block.count());
        const Integers positions = block.integers(kPosition);
        std::vector<int64_t> decoded(block.count());
        block.times().decode(decoded.data());
        for (uint32_t row = 0; row < block.count(); ++row) {
            PlainEvent event{kind, block.times()[row], 0, {}};
            BOOST_TEST(decoded[row] == event.time);
            block.each_column([&](uint16_t column, Encoding) {
                if (column == kTime || column == kPosition) return;
                if (const int64_t value = block.integers(column)[row]; value != kNull)
                    event.numbers[column] = value;
            });
            found.emplace_back(view.has_positions() ? positions[row] : event.time, event);
        }
    });
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [order, event] : found) person.events.push_back(event);
    BOOST_TEST(view.event_count() == person.events.size());
    return person;
}

}  // namespace

BOOST_AUTO_TEST_CASE(says_what_was_put_in_whatever_the_order) {
    std::mt19937_64 random(20261124);
    cdp::MemoryBudget budget(64 << 20);
    Writer writer(&budget);
    for (int round = 0; round < 3000; ++round) {
        Person person = random_person(random);
        const std::vector<uint8_t> bytes = pack(writer, person);
        std::shuffle(person.events.begin(), person.events.end(), random);
        BOOST_TEST_REQUIRE((pack(writer, person) == bytes), "the order of adding shows in the bytes");
        const Person read = unpack(bytes);
        BOOST_TEST_REQUIRE((read.attributes == person.attributes));
        std::sort(person.events.begin(), person.events.end(), [](const PlainEvent& a, const PlainEvent& b) {
            return std::tuple(a.time, a.tie) < std::tuple(b.time, b.tie);
        });
        BOOST_TEST_REQUIRE(read.events.size() == person.events.size());
        for (size_t i = 0; i < read.events.size(); ++i) {
            const PlainEvent &is = read.events[i], &was = person.events[i];
            BOOST_TEST_REQUIRE(is.time == was.time);
            BOOST_TEST_REQUIRE(is.kind == was.kind);
            BOOST_TEST_REQUIRE((is.numbers == was.numbers));
        }
    }
}

BOOST_AUTO_TEST_CASE(nobody_and_nothing) {
    cdp::MemoryBudget budget(1 << 20);
    Writer writer(&budget);
    const auto bytes = pack(writer, {});
    BOOST_TEST(bytes.size() == kHeaderSize);
    const View view(bytes);
    view.verify();
    BOOST_TEST(view.attribute(3) == kNull);
    BOOST_TEST(view.block(3).count() == 0u);
    BOOST_TEST(view.block(3).integers(kAmount).exists() == false);
    BOOST_TEST(view.block(3).integers(kAmount)[0] == kNull);
}

BOOST_AUTO_TEST_CASE(few_bytes) {
    cdp::MemoryBudget budget(1 << 20);
    Writer writer(&budget);
    Person person;  // a hundred visits of two years to the second, in one of ten sections
    std::mt19937_64 random(1);
    for (int i = 0; i < 100; ++i) {
        person.events.push_back({3,
                                 1700000000000000 + static_cast<int64_t>(random() % 63072000) * 1000000,
                                 random(),
                                 {{kFirstProperty, static_cast<int64_t>(random() % 10)}}});
    }
    const auto bytes = pack(writer, person);
    BOOST_TEST(bytes.size() == kHeaderSize + kKindSize + 2 * kColumnSize + 2 * 8 + 100 * (4 + 1));
}

BOOST_AUTO_TEST_CASE(the_greatest_values) {
    cdp::MemoryBudget budget(1 << 20);
    Writer writer(&budget);
    Person person;
    person.events = {{1, 5000, 1, {{kAmount, std::numeric_limits<int64_t>::max()}}},
                     {1, 6000, 2, {{kAmount, std::numeric_limits<int64_t>::min() + 1}}},
                     {1, 7000, 3, {}}};
    const Person read = unpack(pack(writer, person));
    for (size_t i = 0; i < 3; ++i) BOOST_TEST((read.events[i].numbers == person.events[i].numbers));
}

BOOST_AUTO_TEST_CASE(two_values_of_one_attribute_are_a_mistake) {
    cdp::MemoryBudget budget(1 << 20);
    Writer writer(&budget);
    writer.add_attribute(1, Type::kNumber, 1);
    writer.add_attribute(1, Type::kNumber, 2);
    BOOST_CHECK_THROW(writer.finish(), cdp::Error);
}

// A reader of damaged bytes: every accessor, as a program would use them.
void read_everything(const std::vector<uint8_t>& bytes) {
    const View view(bytes);
    int64_t sum = 0;
    view.each_attribute([&](uint16_t, Type, int64_t value) { sum ^= value; });
    for (const uint16_t kind : {0, 700, 1400, 2100}) {
        const Block block = view.block(kind);
        for (const uint16_t column : {1, 2, 5, 16, 17, 18}) {
            const Integers integers = block.integers(column);
            for (uint32_t row = 0; row < block.count(); ++row) {
                if (integers.exists()) sum ^= integers[row];
            }
        }
    }
    view.verify();
}

BOOST_AUTO_TEST_CASE(damaged_bytes_are_an_error_or_another_person) {
    std::mt19937_64 random(7);
    cdp::MemoryBudget budget(64 << 20);
    Writer writer(&budget);
    int errors = 0, read = 0;
    for (int round = 0; round < 20000; ++round) {
        std::vector<uint8_t> bytes = pack(writer, random_person(random));
        if (random() % 4 == 0) bytes.resize(random() % (bytes.size() + 1));
        for (uint64_t i = random() % 4; i > 0 && !bytes.empty(); --i) {
            // Directories are the weak places.
            const size_t at =
                random() % std::min<size_t>(bytes.size(), random() % 2 == 0 ? 120 : bytes.size());
            bytes[at] = static_cast<uint8_t>(random() % 3 == 0 ? 0xFF : random());
        }
        bytes.shrink_to_fit();
        try {
            read_everything(bytes);
            ++read;
        } catch (const cdp::Error& error) {
            BOOST_TEST((error.code() == cdp::ErrorCode::kDataCorrupted));
            ++errors;
        }
    }
    BOOST_TEST(errors > 5000);
    BOOST_TEST(read > 1000);
}
