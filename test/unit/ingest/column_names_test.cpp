// SPDX-License-Identifier: PostgreSQL
#include "ingest/column_names.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <set>
#include <string>

using cdp::ingest::guess_attribute;

namespace {
struct Case {
    const char* column;
    const char* attribute;
};
void expect(std::initializer_list<Case> cases) {
    for (const Case& c : cases) {
        BOOST_TEST(guess_attribute(c.column).attribute == c.attribute, "column " << c.column);
    }
}
}  // namespace

BOOST_AUTO_TEST_CASE(salesforce_contacts) {
    expect({{"FirstName", "given_name"},
            {"LastName", "family_name"},
            {"Salutation", ""},
            {"Email", "email"},
            {"MobilePhone", "phone"},
            {"HomePhone", "phone"},
            {"Birthdate", "birth_date"},
            {"MailingStreet", "street"},
            {"MailingCity", "city"},
            {"MailingState", "region"},
            {"MailingPostalCode", "postal_code"},
            {"MailingCountry", "country"},
            {"HasOptedOutOfEmail", "refuses_email"},
            {"DoNotCall", "refuses_phone"},
            {"LoyaltyCard__c", "loyalty_id"},
            {"LeadSource", ""},
            {"LastModifiedDate", "updated_at"},
            {"has_opted_out_of_email", "refuses_email"},
            {"email_bounced_reason", ""}});
}

BOOST_AUTO_TEST_CASE(shopify_customers) {
    expect({{"Customer ID", "user_id"},
            {"First Name", "given_name"},
            {"Accepts Email Marketing", "consent_email"},
            {"Default Address Company", "company"},
            {"Default Address Address1", "street"},
            {"Default Address City", "city"},
            {"Default Address Province Code", "region"},
            {"Default Address Country Code", "country"},
            {"Default Address Zip", "postal_code"},
            {"Default Address Phone", "phone"},
            {"Phone", "phone"},
            {"Accepts SMS Marketing", "consent_sms"},
            {"Note", ""},
            {"Tax Exempt", ""},
            {"Tags", ""}});
}

BOOST_AUTO_TEST_CASE(spanish) {
    expect({{"Nombre", "given_name"},
            {"Primer apellido", "family_name"},
            {"APELLIDOS", "family_name"},
            {"Nombre completo", "full_name"},
            {"Correo electrónico", "email"},
            {"Teléfono móvil", "phone"},
            {"Teléfono de facturación", "phone"},
            {"Fecha de nacimiento", "birth_date"},
            {"Sexo", "gender"},
            {"Dirección", "street"},
            {"Población", "city"},
            {"Código postal", "postal_code"},
            {"Provincia", "region"},
            {"País", "country"},
            {"DNI", "national_id"},
            {"Razón social", "company"},
            {"Número de socio", "loyalty_id"},
            {"Fecha de compra", "occurred_at"},
            {"Importe", "amount"},
            {"Moneda", "currency"}});
}

BOOST_AUTO_TEST_CASE(events_and_prefixes) {
    expect({{"anonymousId", "device_id"},
            {"traits.email", "email"},
            {"properties.currency", "currency"},
            {"messageId", "event_key"},
            {"line_id", "event_key"},
            {"household_id", "person_key"},
            {"purchased_at", "occurred_at"},
            {"sales_value", "amount"},
            {"event", "event_kind"},
            {"billing_zip", "postal_code"},
            {"custom_first_name", "given_name"},
            {"Email 2", "email"},
            {"address2", "street"},
            {"address_id", ""},
            {"user_agent", ""},
            {"", ""},
            {"___", ""},
            {"\xFF\xFE", ""}});
}

BOOST_AUTO_TEST_CASE(confidence_falls_with_vagueness) {
    const double whole = guess_attribute("email").confidence;
    BOOST_TEST(whole == 1.0);
    BOOST_TEST(guess_attribute("customer_email").confidence < whole);
    BOOST_TEST(guess_attribute("name").confidence < guess_attribute("full_name").confidence);
    BOOST_TEST(guess_attribute("nothing at all").confidence == 0.0);
}

BOOST_AUTO_TEST_CASE(spelling_of_several_words_does_not_matter) {
    for (const char* name :
         {"postal_code", "PostalCode", "postalCode", "POSTAL CODE", "postal-code", "Postal.Code"}) {
        BOOST_TEST(guess_attribute(name).attribute == "postal_code");
        BOOST_TEST(guess_attribute(name).confidence == 1.0);
    }
}

BOOST_AUTO_TEST_CASE(every_attribute_is_guessed_from_its_own_name) {
    std::set<std::string_view> seen;
    for (const std::string_view attribute : cdp::ingest::known_attributes()) {
        BOOST_TEST(guess_attribute(attribute).attribute == attribute);
        BOOST_TEST(seen.insert(attribute).second);
    }
    BOOST_TEST(seen.size() == 29u);
}

BOOST_AUTO_TEST_CASE(people_in_other_languages) {
    expect({{"Vorname", "given_name"},
            {"Nachname", "family_name"},
            {"Geburtsdatum", "birth_date"},
            {"Stra\xC3\x9F"
             "e",
             "street"},
            {"Telefon_1", "phone"},
            {"PLZ", "postal_code"},
            {"Ort", "city"},
            {"Anrede", ""},
            {"Pr\xC3\xA9nom", "given_name"},
            {"Nom", "family_name"},
            {"Date de naissance", "birth_date"},
            {"Code postal", "postal_code"},
            {"Ville", "city"},
            {"Cognome", "family_name"},
            {"Codice Fiscale", "national_id"},
            {"Citt\xC3\xA0", "city"},
            {"Sobrenome", "family_name"},
            {"Data de Nascimento", "birth_date"},
            {"Telem\xC3\xB3vel", "phone"},
            {"Achternaam", "family_name"},
            {"Woonplaats", "city"},
            {"Klantnummer", "user_id"}});
}

BOOST_AUTO_TEST_CASE(random_names_give_known_attributes) {
    const auto known = cdp::ingest::known_attributes();
    std::mt19937 random(3);
    for (int round = 0; round < 20000; ++round) {
        std::string name;
        for (size_t words = random() % 6; words > 0; --words) {
            constexpr const char* kWords[] = {"default", "address", "home", "email", "id",
                                              "_",       "__c",     "\xC3", "2",     "personal"};
            name += kWords[random() % 10];
        }
        const auto guess = guess_attribute(name);
        BOOST_REQUIRE(guess.attribute.empty() == (guess.confidence == 0));
        BOOST_REQUIRE(guess.confidence >= 0 && guess.confidence <= 1);
        if (!guess.attribute.empty()) {
            BOOST_REQUIRE(std::find(known.begin(), known.end(), guess.attribute) != known.end());
        }
    }
    BOOST_TEST(guess_attribute(std::string(100000, 'a')).attribute.empty());
}
