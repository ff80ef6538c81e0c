// SPDX-License-Identifier: PostgreSQL
// Runs a program on one person after the other. Keeps its working memory between people; one evaluator per
// thread. Cost: the events of the kinds that the program asks for, within its windows.
#pragma once

#include <array>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "dossier/view.hpp"
#include "segment/open_person.hpp"
#include "segment/program.hpp"

namespace cdp::segment {

class Evaluator {
  public:
    // Both must outlive the evaluator.
    Evaluator(const Program& program, const Bindings& bindings, std::pmr::memory_resource* resource);

    // `sets`: the person's place in each set of the program. Throws Error(kDataCorrupted).
    Truth evaluate(OpenPerson& person, std::span<const Truth> sets);
    // By itself.
    Truth evaluate(const dossier::View& person, std::span<const Truth> sets);
    // Any node of the program for the person that was evaluated last.
    Truth evaluate_node(int node);
    // How many events, or periods, the query of a node found for that person.
    int64_t count(int query);
    // A number of the person that was evaluated last: an attribute, an aggregate, what is calculated of them.
    Decimal number(int value) { return this->value(value, -1).number; }

  private:
    struct Item {  // a value of any type
        bool known = false;
        dossier::Type type = dossier::Type::kNumber;
        int64_t bits = 0;
        Decimal number;
    };
    struct Rows {  // of a block: those in the window, then those that meet the condition
        const dossier::Block* block = nullptr;
        const int64_t* times = nullptr;
        uint32_t begin = 0, end = 0;
    };

    Truth node(const Program::Node& n);
    Truth did(const Program::Node& n);
    Truth compare(const Program::Node& n, const Item& left, const Item& right) const;
    Truth within(const Program::Node& n, const Item& item) const;
    // evaluator_sequence.cpp
    Truth sequence(const Program::Sequence& sequence);
    void gather_step(const Program::Sequence& sequence, size_t step);
    Truth not_followed(const Program::Sequence& sequence);
    std::span<const int64_t> times_of(const Program::Query& query, std::pmr::vector<int64_t>& room);
    Truth plain_sequence(const Program::Sequence& sequence, bool covered);
    bool has_anniversary(const Item& item, int64_t days);
    Item value(int index, int64_t row);
    Item aggregate(const Program::Query& query);
    Item days_since(const Program::Query& query);

    Rows rows_of(const Program::Query& query);
    // Marks which rows meet the condition of a query; without a condition all do.
    const uint8_t* meet(const Program::Query& query, const Rows& rows);
    void mask(const Program::Node& n, const Rows& rows, Truth* out, size_t depth);
    bool mask_fast(const Program::Node& n, const Rows& rows, Truth* out);
    int64_t count(const Program::Query& query);
    void gather(const Program::Query& query, const Rows& rows, const uint8_t* met);

    int64_t local(int64_t time);  // microseconds of the clock on the wall
    int64_t local_day(int64_t time);

    const Program& program_;
    const Bindings& bindings_;
    OpenPerson own_;
    OpenPerson* person_ = nullptr;
    std::span<const Truth> sets_;
    const Rows* rows_ = nullptr;  // of the query whose condition is looked at
    size_t offset_ = 0;           // where the last local time was found
    std::pmr::vector<Truth> truths_;
    std::pmr::vector<uint8_t> met_;
    std::pmr::vector<int64_t> decoded_, gathered_;
    // Events of the steps of a sequence: the key that all must agree in, the time, and the latest beginning
    // of a chain that ends here.
    struct StepEvent {
        std::array<int64_t, 4> key;
        int64_t time;
        int64_t begin;
    };
    std::pmr::vector<std::pmr::vector<StepEvent>> steps_;
    std::pmr::vector<int64_t> between_, times_a_, times_b_, begins_;
};

// The day of a number of days since 1970-01-01, and back (proleptic Gregorian calendar; algorithm: Howard
// Hinnant, chrono-Compatible Low-Level Date Algorithms).
struct Civil {
    int64_t year;
    int month, day;
};
Civil civil_of(int64_t days);
int64_t days_of(int64_t year, int month, int day);

}  // namespace cdp::segment
