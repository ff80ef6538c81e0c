// SPDX-License-Identifier: PostgreSQL
// Evaluates definitions over all dossiers in one pass.
#include "bridge/postgres.hpp"

extern "C" {
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "utils/acl.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
}

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

    seg::Truth evaluate(int64_t profile, seg::OpenPerson& person) {
        for (size_t i = 0; i < sets.size(); ++i) places[i] = sets[i].find(profile);
        return evaluator->evaluate(person, places);
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

// Reads the table itself where the role may, half as dear as a query; where row security or a missing
// privilege stands in the way, the query finds out.
template <typename Reader>
void read_dossiers(Reader& reader) {
    struct State {
        Relation relation;
        std::exception_ptr error;
    } state{nullptr, nullptr};
    struct Call {
        Reader* reader;
        std::exception_ptr* error;
        bool add() noexcept {
            try {
                reader->add();
                return true;
            } catch (...) {
                *error = std::current_exception();
                return false;
            }
        }
    } call{&reader, &state.error};
    const bool is_read = pg_call([&] {
        const Oid schema = get_namespace_oid("cdp_data", false);
        const Oid table = get_relname_relid("dossier", schema);
        if (!OidIsValid(table) || pg_class_aclcheck(table, GetUserId(), ACL_SELECT) != ACLCHECK_OK ||
            check_enable_rls(table, InvalidOid, true) != RLS_NONE)
            return false;
        Relation relation = table_open(table, AccessShareLock);
        TupleTableSlot* slot = table_slot_create(relation, nullptr);
        TableScanDesc scan = table_beginscan_strat(relation, GetActiveSnapshot(), 0, nullptr, true, false);
        MemoryContext row =
            AllocSetContextCreate(CurrentMemoryContext, "cdp dossier", ALLOCSET_DEFAULT_SIZES);
        MemoryContext caller = MemoryContextSwitchTo(row);
        while (table_scan_getnextslot(scan, ForwardScanDirection, slot)) {
            slot_getsomeattrs(slot, 2);
            if (slot->tts_isnull[1]) continue;
            reader.read(slot);
            if (!call.add()) break;
            MemoryContextReset(row);
        }
        MemoryContextSwitchTo(caller);
        MemoryContextDelete(row);
        table_endscan(scan);
        ExecDropSingleTupleTableSlot(slot);
        table_close(relation, AccessShareLock);
        return true;
    });
    if (state.error != nullptr) std::rethrow_exception(state.error);
    if (!is_read)
        read_query("SELECT d.profile_id, d.content FROM cdp_data.dossier AS d WHERE d.content IS NOT NULL",
                   reader);
}

// visit(profile, person) for everybody whose dossier can be looked at.
template <typename Visit>
void scan_dossiers(std::pmr::memory_resource* resource, Visit visit) {
    Tick tick = backend_tick();
    seg::OpenPerson person(resource);
    const auto open = [&](int64_t profile, std::string_view content) {
        tick();
        try {
            const cdp::dossier::View view({reinterpret_cast<const uint8_t*>(content.data()), content.size()});
            person.open(view);
            visit(profile, person);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::kDataCorrupted) throw;
            throw Error(error.code(), error.message(),
                        "It is the dossier of profile " + std::to_string(profile) + ".", error.hint());
        }
    };
    DossierReader<const decltype(open)> reader{&open, 0, {}};
    read_dossiers(reader);
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
        scan_dossiers(&budget, [&](int64_t profile, seg::OpenPerson& person) {
            ++people[0];
            seg::Truth all = seg::Truth::kTrue;
            for (size_t i = 0; i < parts.size(); ++i) {
                all = all && parts[i].evaluate(profile, person);
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
        scan_dossiers(&budget, [&](int64_t profile, seg::OpenPerson& person) {
            for (size_t i = 0; i < all.size(); ++i) {
                const seg::Truth is = all[i].evaluate(profile, person);
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
