// SPDX-License-Identifier: PostgreSQL
#include "bridge/postgres.hpp"

#include <string>
#include <string_view>

#include "bridge/convert.hpp"
#include "bridge/query.hpp"
#include "segment_catalogue.hpp"

namespace cdp::pg {
namespace {

namespace seg = cdp::segment;

seg::Type type_of(std::string_view name) {
    if (name == "number") return seg::Type::kNumber;
    if (name == "boolean") return seg::Type::kBoolean;
    if (name == "date") return seg::Type::kDate;
    if (name == "timestamp") return seg::Type::kTimestamp;
    return seg::Type::kText;
}

// One row per thing: what, name, id, of kind, type, place, number in dossiers, dictionary.
constexpr char kQuery[] =
    "SELECT 'attribute', a.attribute, 0, NULL::text, a.value_type, a.place, "
    "       CASE WHEN d.attribute_id IS NULL OR a.value_type = 'text' AND NOT coalesce(c.is_complete, false) "
    "THEN -1 "
    "            ELSE d.attribute_id END, coalesce(c.dictionary_id::int, -1) "
    "FROM cdp_data.attribute a LEFT JOIN cdp._dossier_attributes() d USING (attribute) "
    "LEFT JOIN cdp_data.dictionary c ON c.attribute = a.attribute WHERE a.place IN ('column', 'details') "
    "UNION ALL SELECT 'event', k.name, k.kind_id, NULL, NULL, NULL, 0, 0 FROM cdp_data.event_kind k "
    "UNION ALL SELECT 'property', p.property, 0, k.name, p.value_type, NULL, "
    "       CASE WHEN p.value_type = 'text' AND NOT coalesce(c.is_complete, false) THEN -1 "
    "            ELSE coalesce(p.column_id::int, -1) END, coalesce(c.dictionary_id::int, -1) "
    "FROM cdp_data.event_property p JOIN cdp_data.event_kind k USING (kind_id) "
    "LEFT JOIN cdp_data.dictionary c ON c.property = p.property "
    "UNION ALL SELECT 'segment', s.name, s.segment_id, NULL, NULL, NULL, 0, 0 FROM cdp_data.segment s "
    "UNION ALL SELECT 'purpose', p.purpose, 0, NULL, NULL, NULL, 0, 0 FROM cdp_data.purpose p "
    "UNION ALL SELECT 'currencies', '', 0, NULL, NULL, NULL, 0, d.dictionary_id "
    "FROM cdp_data.dictionary d WHERE d.attribute IS NULL AND d.property IS NULL "
    "ORDER BY 1, 3, 4, 2";

struct CatalogueReader {
    seg::Catalogue* catalogue;
    std::string_view what, name, kind, type, place;
    int id, number, dictionary;

    void start(TupleDesc) {}
    void read(TupleTableSlot* slot) {
        const auto text = [&](int i) {
            return slot->tts_isnull[i] ? std::string_view() : text_view(slot->tts_values[i]);
        };
        what = text(0);
        name = text(1);
        id = DatumGetInt32(slot->tts_values[2]);
        kind = text(3);
        type = text(4);
        place = text(5);
        number = DatumGetInt32(slot->tts_values[6]);
        dictionary = DatumGetInt32(slot->tts_values[7]);
    }
    void add() {
        if (what == "attribute") {
            catalogue->attributes.push_back(
                {std::string(name), type_of(type), place == "details", number, dictionary});
        } else if (what == "event") {
            catalogue->events.push_back({std::string(name), id, {}});
        } else if (what == "property") {
            for (seg::EventKind& event : catalogue->events) {
                if (event.name == kind)
                    event.properties.push_back({std::string(name), type_of(type), number, dictionary});
            }
        } else if (what == "segment") {
            catalogue->segments.push_back({std::string(name), id});
        } else if (what == "purpose") {
            catalogue->purposes.emplace_back(name);
        } else {
            catalogue->currencies = dictionary;
        }
    }
};

}  // namespace

segment::Catalogue read_catalogue() {
    seg::Catalogue catalogue;
    CatalogueReader reader{};
    reader.catalogue = &catalogue;
    read_query(kQuery, reader);
    return catalogue;
}

}  // namespace cdp::pg
