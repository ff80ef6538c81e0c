// SPDX-License-Identifier: PostgreSQL
// cdp._group_households: people by the links between them (core: identity/household.hpp).
#include "bridge/postgres.hpp"

#include <algorithm>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <utility>
#include <vector>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "identity/household.hpp"
#include "identity_arguments.hpp"

namespace cdp::pg {
namespace {

struct Arguments {
    BigintArray a, b;              // profiles of a link
    BigintArray order_a, order_b;  // a hash of each that does not change
    const double* log_odds;
    uint32_t max_people;
};

// People in the order of their hash, then of their id.
using Person = std::pair<int64_t, int64_t>;

void group(const Arguments& in, const ResultSet& rows, MemoryBudget& budget, Tick& tick) {
    const auto links = static_cast<size_t>(in.a.size);
    std::pmr::vector<Person> people(&budget);
    people.reserve(links * 2);
    for (size_t i = 0; i < links; ++i) {
        tick();
        people.push_back({in.order_a.values[i], in.a.values[i]});
        people.push_back({in.order_b.values[i], in.b.values[i]});
    }
    std::sort(people.begin(), people.end(), [&](const Person& x, const Person& y) {
        tick();
        return x < y;
    });
    people.erase(std::unique(people.begin(), people.end()), people.end());
    const auto number = [&](int64_t order, int64_t id) {
        return static_cast<uint32_t>(std::lower_bound(people.begin(), people.end(), Person{order, id}) -
                                     people.begin());
    };
    std::pmr::vector<identity::HouseholdLink> numbered(&budget);
    numbered.reserve(links);
    for (size_t i = 0; i < links; ++i) {
        tick();
        numbered.push_back({number(in.order_a.values[i], in.a.values[i]),
                            number(in.order_b.values[i], in.b.values[i]), in.log_odds[i]});
    }
    const auto first = identity::group_households(static_cast<uint32_t>(people.size()), numbered,
                                                  in.max_people, budget, tick);
    std::pmr::vector<uint32_t> size(people.size(), 0, &budget);
    for (const uint32_t person : first) ++size[person];
    for (size_t i = 0; i < people.size(); ++i) {
        tick();
        if (size[first[i]] < 2) continue;
        const Datum values[2] = {Int64GetDatum(people[i].second), Int64GetDatum(people[first[i]].second)};
        const bool nulls[2] = {false, false};
        rows.put(values, nulls);
    }
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

PG_FUNCTION_INFO_V1(cdp_group_households);
Datum cdp_group_households(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    Arguments in{};
    in.a = bigint_array_argument(fcinfo, 0, "profile_a");
    in.b = bigint_array_argument(fcinfo, 1, "profile_b");
    in.order_a = bigint_array_argument(fcinfo, 2, "order_a");
    in.order_b = bigint_array_argument(fcinfo, 3, "order_b");
    check_same_size("profile", in.a, in.b);
    check_same_size("order", in.order_a, in.order_b);
    ArrayType* odds = DatumGetArrayTypeP(fcinfo->args[4].value);
    if (in.order_a.size != in.a.size || array_contains_nulls(odds) ||
        ArrayGetNItems(ARR_NDIM(odds), ARR_DIMS(odds)) != in.a.size) {
        ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                        errmsg("the arrays of links differ in length, or one contains a null"),
                        errdetail("There are %d links.", in.a.size),
                        errhint("Give two profiles, two orders and a number for every link.")));
    }
    in.log_odds = reinterpret_cast<const double*>(ARR_DATA_PTR(odds));
    in.max_people = static_cast<uint32_t>(std::max(PG_GETARG_INT32(5), 0));
    ResultSet rows = ResultSet::open(fcinfo);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        cdp::Tick tick = backend_tick();
        group(in, rows, budget, tick);
    });
    return ResultSet::finish(fcinfo);
}

}  // extern "C"
