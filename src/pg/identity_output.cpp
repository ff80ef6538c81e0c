// SPDX-License-Identifier: PostgreSQL
#include "identity_output.hpp"

namespace cdp::pg {

namespace id = cdp::identity;

Datum levels_array(id::Pattern pattern) {
    Datum levels[id::kComparisons];
    for (int c = 0; c < id::kComparisons; ++c) {
        levels[c] = Int16GetDatum(static_cast<int16>(id::level_of(pattern, c)));
    }
    return PointerGetDatum(construct_array(levels, id::kComparisons, INT2OID, 2, true, TYPALIGN_SHORT));
}

namespace {

void write_edges(ResolutionWriter& writer, std::string_view kind, const std::pmr::vector<id::Edge>& edges,
                 Tick& tick) {
    for (const id::Edge& edge : edges) {
        tick();
        const std::string_view reason = id::reason_name(edge.reason);
        writer.row(kind, [&](const auto& set) {
            set(kRecordA, Int64GetDatum(edge.record_a));
            set(kRecordB, Int64GetDatum(edge.record_b));
            set(kWeight, Float8GetDatum(edge.weight));
            set(kProbability, Float8GetDatum(edge.probability));
            set(kTermWeight, Float8GetDatum(edge.term_weight));
            set(kLevels, levels_array(edge.levels));
            set(kReason, make_text(reason));
            set(kLevel, Int32GetDatum(edge.is_candidate ? 1 : 0));
            if (edge.household > 0) set(kHousehold, Float8GetDatum(edge.household));
        });
    }
}

void write_households(ResolutionWriter& writer, const std::pmr::vector<id::HouseholdPair>& pairs,
                      Tick& tick) {
    for (const id::HouseholdPair& pair : pairs) {
        tick();
        writer.row("household", [&](const auto& set) {
            set(kRecordA, Int64GetDatum(pair.record_a));
            set(kRecordB, Int64GetDatum(pair.record_b));
            set(kLevels, levels_array(pair.levels));
            set(kHousehold, Float8GetDatum(static_cast<double>(pair.probability)));
        });
    }
}

void write_shared(ResolutionWriter& writer, const std::pmr::vector<id::SharedRow>& shared, Tick& tick) {
    for (const id::SharedRow& row : shared) {
        tick();
        writer.row("shared", [&](const auto& set) {
            set(kComparison, make_text(row.kind));
            set(kValue, make_text(row.value));
        });
    }
}

void write_splits(ResolutionWriter& writer, const std::pmr::vector<uint64_t>& splits, Tick& tick) {
    for (const uint64_t name : splits) {
        tick();
        writer.row("split", [&](const auto& set) { set(kRecordA, Int64GetDatum(static_cast<int64>(name))); });
    }
}

}  // namespace

void write_resolution(ResolutionWriter& writer, const id::Resolution& resolution, Tick& tick) {
    for (const id::ClusterRow& row : resolution.clusters) {
        tick();
        writer.row("cluster", [&](const auto& set) {
            set(kRecordA, Int64GetDatum(row.record));
            set(kRecordB, Int64GetDatum(row.representative));
        });
    }
    write_edges(writer, "edge", resolution.edges, tick);
    write_edges(writer, "review", resolution.review, tick);
    write_edges(writer, "weak", resolution.weak, tick);
    write_households(writer, resolution.households, tick);
    for (const id::ModelRow& row : resolution.levels) {
        writer.row("level", [&](const auto& set) {
            set(kWeight, Float8GetDatum(row.weight));
            set(kComparison, make_text(row.comparison));
            set(kLevel, Int32GetDatum(row.level));
            set(kLabel, make_text(row.label));
            set(kM, Float8GetDatum(row.m_match));
            set(kHousehold, Float8GetDatum(row.m_household));
            set(kU, Float8GetDatum(row.u));
        });
    }
    for (const id::TermRow& row : resolution.terms) {
        tick();
        writer.row("term", [&](const auto& set) {
            set(kComparison, make_text(id::term_field_name(row.term)));
            set(kValue, make_text(row.term == id::kBirthDateTerm ? row.date.view() : row.value));
            set(kAmount, Float8GetDatum(row.share));
        });
    }
    write_shared(writer, resolution.shared, tick);
    write_splits(writer, resolution.splits, tick);
    for (const id::RuleRow& row : resolution.rules) {
        writer.row("rule", [&](const auto& set) {
            set(kLevel, Int32GetDatum(static_cast<int32>(row.rule) + 1));
            set(kLabel, make_text(id::blocking_rule_name(row.rule)));
            if (!row.is_used) return;
            set(kRecordA, Int64GetDatum(static_cast<int64>(row.blocks)));
            set(kRecordB, Int64GetDatum(static_cast<int64>(row.pairs)));
        });
    }
    for (const id::Stat& stat : resolution.stats) {
        writer.row("stat", [&](const auto& set) {
            set(kValue, make_text(stat.name));
            set(kAmount, Float8GetDatum(stat.value));
        });
    }
}

void write_neighbours(ResolutionWriter& writer, const id::Neighbours& neighbours, Tick& tick) {
    write_edges(writer, "link", neighbours.links, tick);
    write_households(writer, neighbours.households, tick);
    write_shared(writer, neighbours.shared, tick);
    write_splits(writer, neighbours.splits, tick);
    for (const int64_t key : neighbours.stale_keys) {
        tick();
        writer.row("stale", [&](const auto& set) { set(kRecordA, Int64GetDatum(key)); });
    }
    writer.row("stat", [&](const auto& set) {
        set(kValue, make_text("pairs_compared"));
        set(kAmount, Float8GetDatum(static_cast<double>(neighbours.pairs_compared)));
    });
}

}  // namespace cdp::pg
