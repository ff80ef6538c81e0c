// SPDX-License-Identifier: PostgreSQL
#include "identity_model.hpp"

#include <memory>
#include <string>

#include "bridge/convert.hpp"
#include "bridge/prepared.hpp"
#include "bridge/tick.hpp"
#include "identity/blocking.hpp"

namespace cdp::pg {
namespace {

namespace id = cdp::identity;

enum Part : int { kHead, kLevel, kTerm, kShared, kSplit, kUnusedRule };

struct RevisionReader {
    bool found = false;
    int64_t revision = 0;

    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        found = true;
        revision = slot->tts_isnull[0] ? -1 : DatumGetInt64(slot->tts_values[0]);
    }
    void add() {}
};

// Rows (part int, name text, value text, number bigint, x float8, y float8, z float8), NULL where of no use.
struct ModelReader {
    id::KnownModel* known;
    int part;
    std::string_view name, value;
    int64_t number;
    double x, y, z;

    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        const Datum* values = slot->tts_values;
        const bool* nulls = slot->tts_isnull;
        part = DatumGetInt32(values[0]);
        name = nulls[1] ? std::string_view() : text_view(values[1]);
        value = nulls[2] ? std::string_view() : text_view(values[2]);
        number = nulls[3] ? 0 : DatumGetInt64(values[3]);
        x = nulls[4] ? 0 : DatumGetFloat8(values[4]);
        y = nulls[5] ? 0 : DatumGetFloat8(values[5]);
        z = nulls[6] ? 0 : DatumGetFloat8(values[6]);
    }
    void add() {
        switch (part) {
            case kHead:
                known->model.prior = {x, y, 1.0 - x - y};
                known->national_ids_trusted = z != 0;
                known->key_salt = static_cast<uint64_t>(number);
                break;
            case kLevel:
                for (size_t c = 0; c < id::kComparisons; ++c) {
                    if (name != id::comparison_name(static_cast<int>(c)) || number < 0 ||
                        number >= id::level_count(static_cast<int>(c)))
                        continue;
                    const auto level = static_cast<size_t>(number);
                    known->model.probability[id::kMatch][c][level] = x;
                    known->model.probability[id::kHousehold][c][level] = y;
                    known->model.probability[id::kRandom][c][level] = z;
                }
                break;
            case kTerm:
                for (int t = 0; t < id::kTermFields; ++t) {
                    if (name != id::term_field_name(t)) continue;
                    if (value.empty()) {
                        known->terms[static_cast<size_t>(t)].rare = x;
                    } else {
                        known->terms[static_cast<size_t>(t)].add(value, x);
                    }
                }
                break;
            case kShared:
                known->shared.insert(id::value_hash(name, hash64(value)));
                break;
            case kSplit:
                known->splits.insert(static_cast<uint64_t>(number));
                break;
            case kUnusedRule:
                known->rules &= ~rule_bits({&number, 1});
                break;
        }
    }
};

PreparedQuery& revision_query() {
    static PreparedQuery query{"SELECT m.revision FROM cdp_data.match_model m WHERE m.model_id = $1",
                               INT4OID};
    return query;
}

PreparedQuery& model_query() {
    static PreparedQuery query{
        "SELECT 0, NULL::text, NULL::text, m.key_salt, m.prior_match, m.prior_household, "
        "m.national_ids_trusted::int::float8 FROM cdp_data.match_model m WHERE m.model_id = $1 "
        "UNION ALL SELECT 1, l.comparison, NULL, l.level::bigint, l.m, l.household, l.u "
        "FROM cdp_data.match_level l WHERE l.model_id = $1 "
        "UNION ALL SELECT 2, t.comparison, t.value, NULL, t.share, NULL, NULL "
        "FROM cdp_data.match_term t WHERE t.model_id = $1 "
        "UNION ALL SELECT 3, s.kind, s.value, NULL, NULL, NULL, NULL "
        "FROM cdp_data.match_shared_value s WHERE s.model_id = $1 OR s.model_id IS NULL "
        "UNION ALL SELECT 4, NULL, NULL, b.name, NULL, NULL, NULL "
        "FROM cdp_data.match_model m, pg_catalog.unnest(m.split_blocks) b(name) WHERE m.model_id = $1 "
        "UNION ALL SELECT 5, NULL, NULL, r.rule::bigint, NULL, NULL, NULL "
        "FROM cdp_data.match_rule r WHERE r.model_id = $1 AND NOT r.is_used",
        INT4OID};
    return query;
}

// The model that this session used last: a record is resolved in less time than a model is read.
struct Cache {
    MemoryBudget budget{size_t{1} << 30};
    int32_t model_id = 0;
    int64_t revision = -1;
    id::KnownModel known{&budget};
};
std::unique_ptr<Cache>& cache() {
    static std::unique_ptr<Cache> held;
    return held;
}

}  // namespace

uint32_t rule_bits(std::span<const int64_t> rules) {
    uint32_t bits = 0;
    for (const int64_t rule : rules) {
        if (rule >= 1 && rule <= id::kBlockingRules) bits |= uint32_t{1} << (rule - 1);
    }
    return bits;
}

const id::KnownModel& known_model(int32_t model_id) {
    RevisionReader current;
    read_prepared(revision_query(), Int32GetDatum(model_id), current);
    if (!current.found || current.revision < 0) {
        throw Error(ErrorCode::kInvalidInput, "there is no match model " + std::to_string(model_id),
                    "A resolution trains one.", "Run: CALL cdp.resolve();");
    }
    if (cache() != nullptr && cache()->model_id == model_id && cache()->revision == current.revision)
        return cache()->known;
    cache().reset();
    auto loaded = std::make_unique<Cache>();
    ModelReader reader{};
    reader.known = &loaded->known;
    read_prepared(model_query(), Int32GetDatum(model_id), reader);
    for (id::KnownTerms& terms : loaded->known.terms) terms.sort();
    loaded->model_id = model_id;
    loaded->revision = current.revision;
    cache() = std::move(loaded);
    return cache()->known;
}

}  // namespace cdp::pg
