// SPDX-License-Identifier: PostgreSQL
// Evaluates definitions over all dossiers in one pass.
#include "bridge/postgres.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "bridge/convert.hpp"
#include "bridge/query.hpp"
#include "bridge/result_set.hpp"
#include "bridge/tick.hpp"
#include "dossier/view.hpp"
#include "segment/compiler.hpp"
#include "segment/diagnostic.hpp"
#include "segment/evaluator.hpp"
#include "segment_bind.hpp"
#include "segment_catalogue.hpp"

namespace cdp::pg {
namespace {

namespace seg = cdp::segment;

// A definition ready to run.
struct Prepared {
    seg::Program program;
    seg::Bindings bindings;
    std::vector<SetPlaces> sets;
    std::vector<seg::Truth> places;  // of one person in the sets
    std::unique_ptr<seg::Evaluator> evaluator;

    Prepared(std::string_view definition, const seg::Condition& condition, const seg::Catalogue& catalogue,
             int64_t as_of, std::string_view time_zone, std::pmr::memory_resource* resource) {
        seg::RenderOptions options;
        options.as_of = pg_call([&] { return palloc_timestamp(as_of); });
        options.time_zone = time_zone;
        program = seg::compile(definition, condition, catalogue, options);
        bindings = bind_program(program, as_of, time_zone);
        if (bindings.offsets.empty()) {  // a zone that only the server understands: all of it by SQL
            program = {};
            program.root = 0;
            auto& node = program.nodes.emplace_back();
            node.kind = seg::Program::Node::Kind::kSet;
            node.set = 0;
            program.sets.push_back(seg::render_sql(definition, condition, catalogue, options));
        }
        for (const std::string& set : program.sets) sets.emplace_back(set, resource);
        places.resize(sets.size());
        evaluator = std::make_unique<seg::Evaluator>(program, bindings, resource);
    }

    static const char* palloc_timestamp(int64_t as_of) {
        return psprintf("%s", timestamptz_to_str(as_of - kUnixEpochMicroseconds));
    }

    seg::Truth evaluate(int64_t profile, const cdp::dossier::View& view) {
        for (size_t i = 0; i < sets.size(); ++i) places[i] = sets[i].find(profile);
        return evaluator->evaluate(view, places);
    }
};

// profile_id, content.
template <typename Visit>
struct DossierReader {
    Visit* visit;
    int64_t profile;
    std::string_view content;
    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        profile = DatumGetInt64(slot->tts_values[0]);
        content = text_view(slot->tts_values[1]);
    }
    void add() { (*visit)(profile, content); }
};

// visit(profile, view) for everybody whose dossier can be looked at.
template <typename Visit>
void scan_dossiers(Visit visit) {
    Tick tick = backend_tick();
    const auto open = [&](int64_t profile, std::string_view content) {
        tick();
        try {
            visit(profile,
                  cdp::dossier::View({reinterpret_cast<const uint8_t*>(content.data()), content.size()}));
        } catch (const Error& error) {
            if (error.code() != ErrorCode::kDataCorrupted) throw;
            throw Error(error.code(), error.message(),
                        "It is the dossier of profile " + std::to_string(profile) + ".", error.hint());
        }
    };
    DossierReader<const decltype(open)> reader{&open, 0, {}};
    read_query("SELECT d.profile_id, d.content FROM cdp_data.dossier AS d WHERE d.content IS NOT NULL",
               reader);
}

}  // namespace
}  // namespace cdp::pg

extern "C" {

// (definition, as_of, time_zone) -> after each condition: how many are left, of how many it is not known.
PG_FUNCTION_INFO_V1(cdp_count_people);
Datum cdp_count_people(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const std::string_view definition = text_argument(fcinfo, 0);
    const int64_t as_of = PG_GETARG_TIMESTAMPTZ(1) + kUnixEpochMicroseconds;
    const std::string_view time_zone = text_argument(fcinfo, 2);
    const ResultSet rows = ResultSet::open(fcinfo);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        const seg::ConditionPtr root = seg::parse(definition);
        const seg::Catalogue catalogue = read_catalogue();
        std::deque<Prepared> parts;  // evaluators point into them
        const auto conditions = seg::top_conditions(*root);
        for (const seg::Condition* condition : conditions)
            parts.emplace_back(definition, *condition, catalogue, as_of, time_zone, &budget);
        std::vector<int64_t> people(parts.size() + 1), unknown(parts.size() + 1);
        scan_dossiers([&](int64_t profile, const cdp::dossier::View& view) {
            ++people[0];
            seg::Truth all = seg::Truth::kTrue;
            for (size_t i = 0; i < parts.size(); ++i) {
                all = all && parts[i].evaluate(profile, view);
                if (all == seg::Truth::kFalse) break;
                ++(all == seg::Truth::kTrue ? people : unknown)[i + 1];
            }
        });
        for (size_t i = 0; i <= parts.size(); ++i) {
            const std::string text =
                i == 0 ? "everybody"
                       : seg::one_line(
                             definition.substr(conditions[i - 1]->span.begin,
                                               conditions[i - 1]->span.end - conditions[i - 1]->span.begin),
                             200);
            const Datum condition = pg_call([&] { return make_text(text); });
            const Datum values[4] = {Int32GetDatum(static_cast<int32>(i)), condition,
                                     Int64GetDatum(people[i]), Int64GetDatum(unknown[i])};
            const bool nulls[4] = {};
            rows.put(values, nulls);
        }
    });
    return ResultSet::finish(fcinfo);
}

// (definitions, as_of, time_zones) -> one row per person in a segment, or of whom it is not known, in one
// pass.
PG_FUNCTION_INFO_V1(cdp_find_people);
Datum cdp_find_people(PG_FUNCTION_ARGS) {
    using namespace cdp::pg;
    const TextArray definitions = text_array_argument(fcinfo, 0);
    const int64_t as_of = PG_GETARG_TIMESTAMPTZ(1) + kUnixEpochMicroseconds;
    const TextArray time_zones = text_array_argument(fcinfo, 2);
    if (definitions.size != time_zones.size) {
        ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                        errmsg("definitions and time_zones differ in length"),
                        errdetail("One has %d elements, the other %d.", definitions.size, time_zones.size)));
    }
    const ResultSet rows = ResultSet::open(fcinfo);
    guard([&] {
        cdp::MemoryBudget budget = backend_budget();
        const seg::Catalogue catalogue = read_catalogue();
        std::deque<Prepared> all;
        for (int i = 0; i < definitions.size; ++i) {
            const std::string_view definition = pg_call([&] { return definitions[i]; });
            const std::string_view zone = pg_call([&] { return time_zones[i]; });
            all.emplace_back(definition, *seg::parse(definition), catalogue, as_of, zone, &budget);
        }
        scan_dossiers([&](int64_t profile, const cdp::dossier::View& view) {
            for (size_t i = 0; i < all.size(); ++i) {
                const seg::Truth is = all[i].evaluate(profile, view);
                if (is == seg::Truth::kFalse) continue;
                const Datum values[3] = {Int32GetDatum(static_cast<int32>(i + 1)), Int64GetDatum(profile),
                                         BoolGetDatum(is == seg::Truth::kTrue)};
                const bool nulls[3] = {false, false, is == seg::Truth::kUnknown};
                rows.put(values, nulls);
            }
        });
    });
    return ResultSet::finish(fcinfo);
}

}  // extern "C"
