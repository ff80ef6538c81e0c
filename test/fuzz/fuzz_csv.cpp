// SPDX-License-Identifier: PostgreSQL
// Nothing of a file is lost: the rows' texts add up to the input. First byte: the delimiter.
#include <array>

#include "fuzz.hpp"
#include "ingest/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace cdp::ingest;
    constexpr std::array<char, 4> kDelimiters = {'\0', ',', ';', '\t'};
    fuzz::Input input(data, size);
    const CsvOptions options{kDelimiters[input.choose(kDelimiters.size())], input.choose(2) == 0};
    CsvReader reader(input.rest(), options, std::pmr::new_delete_resource());
    cdp::Tick tick;
    std::string all;
    CsvRow row;
    while (reader.next(row, tick)) {
        all += row.text;
        fuzz::check((row.kind == CsvRowKind::kBroken) == !row.problem.empty(), "a broken row says why",
                    row.text);
        for (const std::string_view field : row.fields) {
            fuzz::check(field.size() <= row.text.size(), "a field is part of its row", field);
        }
    }
    fuzz::check(all == input.rest(), "every byte belongs to one row", all);
    return 0;
}
