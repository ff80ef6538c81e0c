// SPDX-License-Identifier: PostgreSQL
#include "text/license_plate.hpp"

#include "support.hpp"

using namespace support;
namespace text = cdp::text;

BOOST_AUTO_TEST_CASE(license_plate_cases) {
    struct Plate {
        std::string_view country, input;
        Status status;
        std::string_view value = {};
        std::string_view suggestion = {};
    };
    for (const Plate& expected : std::vector<Plate>{
             {"CL", "bb-cl·12", Status::kOk, "BBCL12"},
             {"Chile", "GH 4567", Status::kOk, "GH4567"},
             {"CL", "ABCD23", Status::kInvalid, ""},
             {"AR", "AB 123 CE", Status::kOk, "AB123CE"},
             {"AR", "GHJ 456", Status::kOk, "GHJ456"},
             {"BR", "BRA2E19", Status::kOk, "BRA2E19"},
             {"BR", "KLM-4567", Status::kOk, "KLM4567"},
             {"BR", "BRAZE19", Status::kInvalid, ""},
             {"BR", "BRA2E1O", Status::kInvalid, "", "BRA2E10"},
             {"CO", "RST 567", Status::kOk, "RST567"},
             {"PE", "A1B-234", Status::kOk, "A1B234"},
             {"MX", "PXY-45-67", Status::kOk, "PXY4567"},
             {"UY", "SBA 4321", Status::kOk, "SBA4321"},
             {"ES", "4567 BCD", Status::kOk, "4567BCD"},
             {"ES", "M-4567-ZX", Status::kOk, "M4567ZX"},
             {"ES", "4567 AEI", Status::kInvalid, ""},
             {"PT", "AA-12-BB", Status::kOk, "AA12BB"},
             {"US", "7ABC456", Status::kOk, "7ABC456"},
             {"US", "GOLFER", Status::kOk, "GOLFER"},
             {"GB", "bd51 smr", Status::kOk, "BD51SMR"},
             {"DE", "M-XY 123E", Status::kOk, "MXY123E"},
             {"DE", "WÜ-AB 45", Status::kOk, "WÜAB45"},
             {"DE", "B-A 0", Status::kInvalid, ""},
             {"FR", "AA-229-BB", Status::kOk, "AA229BB"},
             {"FR", "456 ABR 75", Status::kOk, "456ABR75"},
             {"IT", "CE 456 FG", Status::kOk, "CE456FG"},
             {"IT", "QI 456 FG", Status::kInvalid, ""},
             {"", "xy 99 zz", Status::kOk, "XY99ZZ"},
             {"", "GOLFER", Status::kInvalid, ""},
             {"", "ABC-123", Status::kSuspicious, "ABC123"},
             {"", "AAA000", Status::kMissing, ""},
             {"CL", "sin patente!", Status::kInvalid, ""},
             {"CL", "", Status::kMissing, ""},
         }) {
        const Cleaned cleaned = text::clean_license_plate(expected.input, expected.country);
        BOOST_TEST_CONTEXT(expected.country << " " << expected.input << ": " << cleaned.reason) {
            BOOST_CHECK_EQUAL(status_name(cleaned.status), status_name(expected.status));
            BOOST_CHECK_EQUAL(cleaned.value, expected.value);
            BOOST_CHECK_EQUAL(cleaned.suggestion, expected.suggestion);
        }
    }
    for (const char* country : {"", "CL", "AR", "BR", "DE", "FR", "GB", "ES", "IT", "US", "JP", "?"}) {
        const Cleaner clean = [country](std::string_view raw) {
            return text::clean_license_plate(raw, country);
        };
        check_random(clean, {"A", "BC", "12", "3", "-", " ", "Ü", "·", "O", "0", "E", ".", "é"}, 4000, 46);
    }
}
