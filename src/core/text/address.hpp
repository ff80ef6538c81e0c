// SPDX-License-Identifier: PostgreSQL
// Postal addresses of one line, in English, Spanish, Portuguese, German and French: tidied, compared and
// taken apart. Rules and word lists, no gazetteer: it knows words such as "Avenida", not the names of streets
// and towns. Cost: some 1 µs each for an ASCII address; linear in its length (at most 500 bytes are an
// address).
#pragma once

#include <string>
#include <string_view>

#include "text/cleaned.hpp"

namespace cdp::text {

// One tidy line as people read it: "AVDA PROVIDENCIA N° 1234 DPTO 56" -> "Av. Providencia 1234, Depto. 56".
// `country` (as in clean_phone) settles words that mean several things ("R.", "Pl.", "Al.").
// - Case is repaired where it is an artefact: words in capitals and small words; "de", "la", "of" small
// inside a name.
// - Street types are written out (Street, Calle, Rua, Straße, Rue; "Hauptstr." -> "Hauptstraße") but for
// Avenida, which
//   is "Av."; titles too ("Gral." -> "General"); units are "Depto.", "Apt", "Of.", "Piso", …, behind a comma.
// - Between street and house number stand no comma and no "No."; a street named by a number keeps it as "#":
//   "Carrera 7 # 71-21". The order of number and street stays.
// - Line ends and " - " are commas. Symbols are dropped (corrected).
// No letters, over 500 bytes: invalid. An e-mail or web address, unreadable characters: suspicious.
Cleaned clean_address(std::string_view raw, std::string_view country);

// What the spellings of one address share, for comparing: folded words in the order street, house number,
// unit, box, the rest, postal code. Types and units of the five languages are one word where they mean the
// same (avenue, avenida, av, ave; apt, depto, unit, #), directions and ordinals too; articles, marks ("No.",
// "s/n") and punctuation are left out. "123 North Main Street, Apt. 4-B" and "123 N Main St #4B" give "n main
// st 123 apt 4b". "" when there is no address. address_key(clean_address(x).value) = address_key(x).
std::string address_key(std::string_view raw, std::string_view country);

// The parts of an address as clean_address writes them; together they hold every letter and digit of it,
// `street_type` apart, which repeats the type from `street`. Empty parts are missing.
struct SplitAddress {
    std::string street;        // with its type: "Av. Providencia"
    std::string street_type;   // "Av.", "Street"; of "Hauptstraße" "Straße"
    std::string house_number;  // "1234", "12-14", "12 bis", "12B", "s/n"
    std::string unit;          // "Depto. 56", "Piso 3 B"
    std::string po_box;        // "Casilla 123"
    std::string postal_code;   // as written
    std::string rest;          // city and whatever else
};
SplitAddress split_address(std::string_view raw, std::string_view country);

}  // namespace cdp::text
