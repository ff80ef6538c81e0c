// SPDX-License-Identifier: PostgreSQL
// Reads labelled people from CSV into a record store, with the plain cleaning that the platform does before
// resolution (case, e-mail, phone digits, postal code, street words), and scores clusters against the labels.
// `mapping` is FIELD=COLUMN[+COLUMN…],…; fields: key, truth, identifier and the names of record fields.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.hpp"
#include "identity/record_store.hpp"

namespace people {

using Row = std::vector<std::string>;

inline std::vector<Row> read_csv(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::vector<Row> rows;
    Row row;
    std::string value;
    bool quoted = false;
    const auto end_row = [&] {
        row.push_back(value);
        value.clear();
        if (row.size() > 1 || !row[0].empty()) rows.push_back(row);
        row.clear();
    };
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
                value += '"';
                ++i;
            } else if (c == '"') {
                quoted = false;
            } else {
                value += c;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            row.push_back(value);
            value.clear();
        } else if (c == '\n') {
            end_row();
        } else if (c != '\r') {
            value += c;
        }
    }
    if (!value.empty() || !row.empty()) end_row();
    return rows;
}

inline std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

inline std::string join(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += text.empty() ? part : " " + part;
    return text;
}

inline std::string fold(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == ',') c = ' ';
    }
    return join(words(text));
}

inline std::string clean_name(const std::string& text) {
    std::vector<std::string> parts = words(fold(text));
    const auto is = [](const std::string& word, std::initializer_list<const char*> list) {
        return std::any_of(list.begin(), list.end(), [&](const char* w) { return word == w; });
    };
    if (parts.size() > 1 && is(parts.front(), {"mr", "mrs", "ms", "dr"})) parts.erase(parts.begin());
    if (parts.size() > 1 && is(parts.back(), {"jr", "sr", "ii", "iii"})) parts.pop_back();
    if (parts.size() > 1 && parts.back().size() == 1) parts.pop_back();  // a middle initial
    return join(parts);
}

inline std::string clean_street(const std::string& text) {
    static const std::map<std::string, std::string> kShort = {
        {"street", "st"}, {"avenue", "ave"}, {"road", "rd"},  {"drive", "dr"},   {"lane", "ln"},
        {"court", "ct"},  {"way", "wy"},     {"place", "pl"}, {"circle", "cir"}, {"boulevard", "blvd"}};
    std::vector<std::string> parts;
    for (const std::string& word : words(fold(text))) {
        if (word[0] == '#' || word == "apt" || word == "unit") break;
        const auto found = kShort.find(word);
        parts.push_back(found != kShort.end() ? found->second : word);
    }
    return join(parts);
}

inline std::string clean_phone(const std::string& text) {
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9') digits += c;
    }
    return digits.size() == 11 && digits[0] == '1' ? digits.substr(1) : digits;
}

inline int32_t clean_date(const std::string& text) {
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9') digits += c;
    }
    if (digits.size() != 8) return cdp::identity::kNoDate;
    const std::chrono::year_month_day date{
        std::chrono::year(std::stoi(digits.substr(0, 4))),
        std::chrono::month(static_cast<unsigned>(std::stoi(digits.substr(4, 2)))),
        std::chrono::day(static_cast<unsigned>(std::stoi(digits.substr(6, 2))))};
    if (!date.ok()) return cdp::identity::kNoDate;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

struct Labelled {
    std::vector<int64_t> truth;  // by record id, which counts from 0 in order of the file
};

// `shuffle` != 0: the same records in another order.
inline Labelled load(const std::string& path, const std::string& mapping, cdp::identity::RecordStore& store,
                     unsigned shuffle = 0) {
    using namespace cdp::identity;
    const std::vector<Row> rows = read_csv(path);
    std::map<std::string, std::vector<size_t>> columns;
    std::istringstream in(mapping);
    for (std::string item; std::getline(in, item, ',');) {
        const size_t equals = item.find('=');
        std::istringstream names(item.substr(equals + 1));
        for (std::string name; std::getline(names, name, '+');) {
            const auto found = std::find(rows[0].begin(), rows[0].end(), name);
            if (found == rows[0].end()) throw std::runtime_error("no column " + name);
            columns[item.substr(0, equals)].push_back(static_cast<size_t>(found - rows[0].begin()));
        }
    }
    const auto get = [&](const Row& row, const char* field) {
        std::string text;
        for (const size_t column : columns[field]) {
            if (column < row.size() && !row[column].empty()) text += (text.empty() ? "" : " ") + row[column];
        }
        return text;
    };
    Labelled labelled;
    std::unordered_map<std::string, int64_t> clusters;
    std::vector<size_t> order;
    for (size_t i = 1; i < rows.size(); ++i) {
        order.push_back(i);
        labelled.truth.push_back(
            clusters.try_emplace(get(rows[i], "truth"), static_cast<int64_t>(clusters.size())).first->second);
    }
    std::mt19937 random(shuffle);
    if (shuffle != 0) std::shuffle(order.begin(), order.end(), random);
    for (const size_t i : order) {
        const Row& row = rows[i];
        const std::string texts[kTextFields] = {clean_name(get(row, "given_name")),
                                                clean_name(get(row, "family_name")),
                                                fold(get(row, "email")),
                                                clean_phone(get(row, "phone")),
                                                clean_street(get(row, "street")),
                                                fold(get(row, "city")),
                                                [&] {
                                                    const std::string code = fold(get(row, "postal_code"));
                                                    return code.substr(0, code.find('-'));
                                                }(),
                                                fold(get(row, "national_id")),
                                                fold(get(row, "gender"))};
        RecordInput record;
        record.record_id = static_cast<int64_t>(i) - 1;
        record.order_key = static_cast<int64_t>(cdp::hash64(get(row, "key")));
        for (size_t field = 0; field < kTextFields; ++field) record.text[field] = texts[field];
        record.birth_date = clean_date(get(row, "birth_date"));
        const std::string identifier = get(row, "identifier");
        const std::string_view identifiers[] = {identifier};
        if (!identifier.empty()) record.identifiers = identifiers;
        store.add(record);
    }
    store.finish();
    return labelled;
}

struct Quality {
    double precision = 0, recall = 0, f1 = 0;
};

template <typename Clusters>
Quality evaluate(const Clusters& clusters, const Labelled& labelled) {
    std::unordered_map<int64_t, double> truth, found;
    std::map<std::pair<int64_t, int64_t>, double> both;
    for (const auto& row : clusters) {
        const int64_t t = labelled.truth[static_cast<size_t>(row.record)];
        ++truth[t];
        ++found[row.representative];
        ++both[{t, row.representative}];
    }
    const auto pairs = [](const auto& sizes) {
        double sum = 0;
        for (const auto& [key, n] : sizes) sum += n * (n - 1) / 2;
        return sum;
    };
    Quality quality;
    quality.precision = pairs(found) > 0 ? pairs(both) / pairs(found) : 1;
    quality.recall = pairs(truth) > 0 ? pairs(both) / pairs(truth) : 1;
    const double sum = quality.precision + quality.recall;
    quality.f1 = sum > 0 ? 2 * quality.precision * quality.recall / sum : 0;
    return quality;
}

}  // namespace people
