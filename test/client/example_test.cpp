// SPDX-License-Identifier: PostgreSQL
// The example data: the generator's exports can be read, and load.sql fills the schema retail.
#include <stdlib.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support.hpp"

using client::Database;
using client::Session;

namespace {

const std::string kExample = std::string(CDP_SOURCE_DIR) + "/examples/complete_journey";

// A folder with the generator's output for a fixed day, removed at the end.
class Generated {
  public:
    Generated() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cdp_example_XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = pattern;
        shell("PYTHONDONTWRITEBYTECODE=1 python3 '" + kExample + "/generate_identities.py' '" + path_ +
              "' --today 2026-11-24 2>/dev/null");
    }
    ~Generated() { std::filesystem::remove_all(path_); }
    Generated(const Generated&) = delete;
    Generated& operator=(const Generated&) = delete;

    static void shell(const std::string& command) {
        const int status = std::system(command.c_str());
        BOOST_REQUIRE_MESSAGE(status == 0, "status " << status << " of " << command);
    }
    const std::string& path() const { return path_; }
    std::string text(const std::string& name) const {
        std::ifstream file(path_ + "/" + name);
        std::stringstream out;
        out << file.rdbuf();
        return out.str();
    }

  private:
    std::string path_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_example_exports_are_read_and_agree_with_the_truth) {
    const Generated generated;
    Database database;
    Session session(database);
    session.run("CREATE EXTENSION cdp");
    for (const char* name : {"crm_contacts", "shop_customers", "truth"}) {
        session.run(std::string("CREATE TABLE ") + name + " AS SELECT * FROM cdp.parse_csv(" +
                    session.connection().quote(generated.text(std::string(name) + ".csv")) + ")");
    }
    BOOST_TEST(session.value("SELECT count(*) FROM crm_contacts WHERE problem LIKE 'unbalanced quote%'") ==
               "2");
    BOOST_TEST(session.value(
                   "SELECT count(*) FROM crm_contacts WHERE problem LIKE 'expected 18 fields, found 1_'") ==
               "4");
    BOOST_TEST(session.value("SELECT count(*) FROM crm_contacts WHERE problem IS NOT NULL") == "6");
    BOOST_TEST(session.value("SELECT count(*) FROM shop_customers WHERE problem IS NOT NULL") == "0");
    // Both ways: a record for every key of the truth, and the reverse. A broken line still begins with its
    // Id.
    BOOST_TEST(
        session.value(
            "WITH key AS (SELECT 'crm' AS source, coalesce(fields[1], split_part(original, ',', 1)) AS key "
            "             FROM crm_contacts WHERE row_number > 0 "
            "             UNION ALL SELECT 'shop', ltrim(fields[1], '''') FROM shop_customers "
            "             WHERE row_number > 0), "
            "     truth AS (SELECT fields[1] AS source, fields[2] AS key FROM truth "
            "               WHERE fields[1] IN ('crm', 'shop')) "
            "SELECT count(*) FROM key FULL JOIN truth USING (source, key) "
            "WHERE key.key IS NULL OR truth.key IS NULL") == "0");
    BOOST_TEST(session.value("SELECT count(*) > 3000 FROM truth") == "t");
}

BOOST_AUTO_TEST_CASE(the_example_purchases_are_loaded) {
    const Generated generated;
    Database database;
    Generated::shell("psql -X -q -d " + database.name() + " -v data='" + kExample + "' -v dir='" +
                     generated.path() + "' -v shift_weeks=464 -f '" + kExample + "/load.sql' > /dev/null");
    Session session(database);
    // Figures of the published files.
    BOOST_TEST(session.value("SELECT count(*) FROM retail.purchase") == "75000");
    BOOST_TEST(session.value("SELECT count(DISTINCT line_id) FROM retail.purchase") == "75000");
    BOOST_TEST(session.value("SELECT sum(sales_value) FROM retail.purchase") == "233935.24");
    BOOST_TEST(session.value("SELECT count(*) FROM retail.household") == "2377");
    BOOST_TEST(session.value("SELECT count(age) FROM retail.household") == "801");
    BOOST_TEST(session.value("SELECT count(*) FROM retail.campaign_mailing") == "6589");
    BOOST_TEST(session.value("SELECT count(*) FROM retail.coupon_redemption") == "2102");
    // 2018-01-01, a Monday, and 464 weeks.
    BOOST_TEST(
        session.value("SELECT to_char(max(purchased_at), 'YYYY-MM-DD HH24:MI:SS ID') FROM retail.purchase") ==
        "2026-11-23 03:47:38 1");
    // Every line of the file, in its order.
    const std::string messages = generated.text("web_events.jsonl");
    BOOST_TEST(session.value(
                   "SELECT md5(string_agg(message || chr(10), '' ORDER BY line)) FROM retail.web_message") ==
               session.value("SELECT md5(" + session.connection().quote(messages) + ")"));
}
