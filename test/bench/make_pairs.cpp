// SPDX-License-Identifier: PostgreSQL
// Writes pairs to compare: kind, a, b, tab separated. Usage: make_pairs [COUNT]
#include <cstdio>
#include <cstdlib>

#include "pairs.hpp"

int main(int argc, char** argv) {
    const size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 999999;
    for (const bench::Pair& pair : bench::PairMaker().make(count)) {
        std::printf("%.*s\t%s\t%s\n", static_cast<int>(pair.kind.size()), pair.kind.data(), pair.a.c_str(),
                    pair.b.c_str());
    }
    return 0;
}
