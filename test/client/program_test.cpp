// SPDX-License-Identifier: PostgreSQL
// The program cdp: wrong usage, connections, refresh, status, export.
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "program.hpp"

using client::Database;
using client::Program;
using client::Session;

namespace {

// John has agreed to e-mails and text messages, Eva to text messages, Ana to nothing; Jose has withdrawn his
// yes.
struct Platform : Database {
    Platform() : session(*this) {
        session.run(R"(CREATE EXTENSION cdp; SELECT cdp.install();
            CREATE TABLE crm (id int PRIMARY KEY, given_name text, family_name text, email text, phone text, city text,
                              consent_email text, consent_sms text);
            INSERT INTO crm VALUES
                (1, 'John', 'Smith', 'John_Smith@gmail.com', '(650)555-1212', 'Springfield, "IL"', 'yes', 'yes'),
                (2, 'Ana', 'Soto', 'ana.soto@example.com', '(650)555-1213', 'Springfield, "IL"', NULL, NULL),
                (3, 'Jose', 'Rojas', 'jose.rojas@example.com', '(650)555-1214', 'Springfield, "IL"', 'yes', NULL),
                (4, 'Eva', 'Mena', 'eva.mena@example.com', '(650)555-1215', 'Springfield, "IL"', NULL, 'yes');
            SELECT * FROM cdp.add_source('crm', 'crm', country => 'US'))");
    }
    // With people and the segment "all".
    void fill() {
        BOOST_TEST(client::run_program(*this, {"refresh"}) == 0);
        session.run("SELECT cdp.define_segment('all', $$email is known$$)");
        session.run("SELECT * FROM cdp.refresh_segments()");
        session.run("SELECT cdp.withdraw_consent('jose.rojas@example.com', 'email')");
    }
    Session session;
};

int run(const std::vector<std::string>& arguments, std::string& output) {
    Program program(arguments);
    const int status = program.finish();
    output = program.output() + program.errors();
    return status;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(wrong_usage_is_explained) {
    const std::pair<std::vector<std::string>, const char*> cases[] = {
        {{}, "which command?"},
        {{"laod"}, "did you mean load?"},
        {{"load"}, "which file?"},
        {{"load", "f"}, "--source NAME"},
        {{"load", "f", "--source"}, "needs a value"},
        {{"load", "f", "--sorce", "x"}, "did you mean --source?"},
        {{"load", "f", "--source", "Big Table"}, "cannot be the name of a source"},
        {{"load", "f", "--source", "x", "--format", "xml"}, "auto, csv, jsonl"},
        {{"load", "f", "--source", "x", "--delimiter", "ab"}, "cannot be the delimiter"},
        {{"load", "f", "--source", "x", "--batch", "0"}, "at least 1"},
        {{"load", "f", "--source", "x", "--register", "people"}, "--key COLUMN"},
        {{"load", "f", "g", "--source", "x"}, "one argument too many"},
        {{"load", "f", "--source", "x", "--dry-run=1"}, "takes no value"},
        {{"status", "-wW"}, "contradict"},
        {{"status", "-x"}, "no option -x"},
        {{"refresh", "now"}, "one argument too many"},
        {{"run-due", "--max-seconds", "0"}, "at least 1"},
        {{"run-due", "--watch=0"}, "at least 1"},
        {{"run-due", "--watch=999999"}, "at most 86400"},
        {{"export"}, "which audience?"},
        {{"export", "a", "--channel", "fax"}, "channels are email"},
        {{"export", "a", "--hash", "md5"}, "sha256"}};
    for (const auto& [arguments, part] : cases) {
        std::string output;
        BOOST_TEST(run(arguments, output) == 2, output);
        BOOST_TEST(contains(output, part), part << " is not in: " << output);
        BOOST_TEST(contains(output, "Try: cdp "), output);
    }
    std::string output;
    BOOST_TEST(run({"--version"}, output) == 0);
    BOOST_TEST(output == "cdp " CDP_VERSION "\n");
    for (const char* command : {"load", "refresh", "run-due", "status", "export"}) {
        BOOST_TEST(run({command, "--help"}, output) == 0);
        BOOST_TEST(contains(output, std::string("usage: cdp ") + command), output);
        BOOST_TEST(contains(output, "-h, --host HOST"), output);
    }
}

BOOST_AUTO_TEST_CASE(connections_are_made_as_psql_makes_them) {
    Platform platform;
    std::string output;
    const std::string host = getenv("PGHOST");
    BOOST_TEST(run({"status", "-d", "dbname=" + platform.name() + " user=postgres"}, output) == 0, output);
    BOOST_TEST(run({"status", "-d", "postgresql:///" + platform.name() + "?user=postgres"}, output) == 0,
               output);
    BOOST_TEST(run({"status", "-wh" + host, "--port=5432", "-Upostgres", "-d", platform.name()}, output) == 0,
               output);
    BOOST_TEST(run({"status", "-d", "no_such_database"}, output) == 1);
    BOOST_TEST(contains(output, "\"no_such_database\" does not exist"), output);
    BOOST_TEST(run({"status", "-h", "/no/such/folder", "-d", "x"}, output) == 1);
    const Database empty;
    BOOST_TEST(client::run_program(empty, {"status"}, &output) == 1);
    BOOST_TEST(contains(output, "HINT:  Run there: CREATE EXTENSION cdp; SELECT cdp.install();"), output);
}

BOOST_AUTO_TEST_CASE(refresh_prints_its_steps_and_status_sums_up) {
    Platform platform;
    std::string output;
    BOOST_TEST(client::run_program(platform, {"status"}, &output) == 0, output);
    BOOST_TEST(contains(output, "never read"), output);
    BOOST_TEST(client::run_program(platform, {"refresh"}, &output) == 0, output);
    for (const char* step :
         {"ingest crm:", "4 read, 4 new", "resolve:", "profiles:", "segments:", "refresh: ok"})
        BOOST_TEST(contains(output, step), output);
    BOOST_TEST(client::run_program(platform, {"status"}, &output) == 0, output);
    BOOST_TEST(contains(output, "Last run: 1, "), output);
    BOOST_TEST(!contains(output, "\033["), "colours without a terminal");
    // A source that cannot be read: the step fails, the others are done.
    platform.session.run("ALTER TABLE crm RENAME TO gone");
    BOOST_TEST(client::run_program(platform, {"refresh"}, &output) == 1, output);
    BOOST_TEST(contains(output, "ingest crm failed: there is no table or view"), output);
    BOOST_TEST(contains(output, "refresh: failed"), output);
    BOOST_TEST(client::run_program(platform, {"status"}, &output) == 1, output);
    BOOST_TEST(client::run_program(platform, {"refresh", "--watch"}, &output) == 1);
    BOOST_TEST(contains(output, "no refresh is running"), output);
}

BOOST_AUTO_TEST_CASE(feeds_are_run_by_any_cron) {
    Platform platform;
    std::string output;
    BOOST_TEST(client::run_program(platform, {"run-due"}, &output) == 0, output);
    BOOST_TEST(contains(output, "run-due: 0 runs, ok"), output);
    platform.session.run(
        "SELECT * FROM cdp.add_default_feeds(every => '1 hour', as_of => now() - interval '1 hour')");
    BOOST_TEST(client::run_program(platform, {"run-due", "--max-seconds", "600"}, &output) == 0, output);
    for (const char* part :
         {"crm:", "4 read, 4 new", "resolve:", "profiles:", "segments:", "run-due: 4 runs, ok"})
        BOOST_TEST(contains(output, part), output);
    BOOST_TEST(client::run_program(platform, {"run-due", "-q"}, &output) == 0);
    BOOST_TEST(output == "");
    // A monitor hears of what fails, until somebody says that he knows.
    platform.session.run("SELECT cdp.change_feed('crm', max_attempts => 1); ALTER TABLE crm RENAME TO gone");
    platform.session.run("SELECT cdp.queue_feed('crm')");
    BOOST_TEST(client::run_program(platform, {"run-due"}, &output) == 1, output);
    BOOST_TEST(contains(output, "ingest crm failed: there is no table or view"), output);
    BOOST_TEST(contains(output, "alert: failed crm"), output);
    BOOST_TEST(contains(output, "SELECT cdp.resume_feed('crm');"), output);
    BOOST_TEST(contains(output, "run-due: 1 run, failed"), output);
    BOOST_TEST(client::run_program(platform, {"run-due", "-q"}, &output) == 1, output);
    platform.session.run("SELECT cdp.acknowledge_alert(alert_id) FROM cdp.alerts()");
    BOOST_TEST(client::run_program(platform, {"run-due", "-q"}, &output) == 0, output);
}

BOOST_AUTO_TEST_CASE(of_two_runners_one_works_and_progress_is_seen) {
    Platform platform;
    platform.session.run(
        "SELECT * FROM cdp.add_default_feeds(every => '1 hour', as_of => now() - interval '1 hour')");
    Session holder(platform);
    pqxx::work lock(holder.connection());
    lock.exec("LOCK TABLE cdp_data.record IN ACCESS EXCLUSIVE MODE");
    Program first(platform, {"run-due", "--watch=1"});
    const std::string running =
        "SELECT count(*) FROM cdp.feeds() WHERE status = 'running' AND message = 'attempt 1: ingest crm'";
    for (int i = 0; i < 200 && platform.session.value(running) != "1"; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_TEST(platform.session.value(running) == "1");
    BOOST_TEST(platform.session.value("SELECT status FROM cdp.health() WHERE \"check\" = 'runner'") == "ok");
    Program second(platform, {"run-due"});
    BOOST_TEST(second.finish() == 0, second.errors());
    BOOST_TEST(second.says("another runner is at work"), second.output() << second.errors());
    BOOST_TEST(second.says("It works on 'crm'."), second.output() << second.errors());
    lock.abort();
    for (int i = 0;
         i < 200 && platform.session.value("SELECT count(*) FROM cdp_data.segment_member") == "0" &&
         platform.session.value("SELECT count(*) FROM cdp_data.feed_run WHERE status = 'ok'") != "4";
         ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_TEST(platform.session.value(
                   "SELECT count(*) FROM cdp_data.feed_run WHERE status = 'ok' AND attempt = 1") == "4");
    // The server ends the connection of the watching one; it connects again.
    platform.session.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cdp' AND "
        "datname = current_database() AND pid <> pg_backend_pid()");
    platform.session.run("SELECT cdp.queue_feed('crm')");
    const std::string again =
        "SELECT count(*) FROM cdp_data.feed_run WHERE cause = 'by hand' AND status = 'ok'";
    for (int i = 0; i < 200 && platform.session.value(again) != "1"; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_TEST(platform.session.value(again) == "1");
    first.signal(SIGINT);
    BOOST_TEST(first.finish() == 3, first.errors());
}

BOOST_AUTO_TEST_CASE(a_refresh_is_watched_and_cancelled) {
    Platform platform;
    Session holder(platform);
    pqxx::work lock(holder.connection());
    lock.exec("LOCK TABLE cdp_data.record IN ACCESS EXCLUSIVE MODE");
    Program refresh(platform, {"refresh"});
    const std::string waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cdp' AND wait_event_type = 'Lock' "
        "AND datname = '" +
        platform.name() + "'";
    for (int i = 0; i < 200 && client::administrator().value(waiting) != "1"; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_REQUIRE(client::administrator().value(waiting) == "1");
    Program watch(platform, {"refresh", "--watch"});
    Program second(platform, {"refresh"});
    BOOST_TEST(second.finish() == 1);
    BOOST_TEST(second.says("a refresh is already running"), second.errors());
    BOOST_TEST(second.says("HINT:  Watch it"), second.errors());
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const auto start = std::chrono::steady_clock::now();
    refresh.signal(SIGINT);
    BOOST_TEST(refresh.finish() == 3, refresh.errors());
    BOOST_TEST(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < 2.0);
    BOOST_TEST(client::administrator().value(waiting) == "0");
    BOOST_TEST(watch.finish() == 1);
    BOOST_TEST(watch.says("run 1, started by postgres"), watch.output() << watch.errors());
    BOOST_TEST(watch.says("run 1: interrupted"), watch.output() << watch.errors());
    lock.abort();
    BOOST_TEST(client::run_program(platform, {"refresh"}) == 0);
}

BOOST_AUTO_TEST_CASE(an_export_holds_only_who_may_be_contacted) {
    Platform platform;
    platform.fill();
    std::string output;
    BOOST_TEST(client::run_program(platform, {"export", "all"}, &output) == 0, output);
    BOOST_TEST(output ==
               "profile_id,email,given_name,family_name,city\r\n"
               "1,john_smith@gmail.com,John,Smith,\"Springfield, \"\"IL\"\"\"\r\n");
    // Of Eva, who agreed to text messages only, there is no e-mail address.
    BOOST_TEST(client::run_program(
                   platform, {"export", "all", "--channel", "email,sms", "--columns", "given_name,email,sms"},
                   &output) == 0,
               output);
    BOOST_TEST(output ==
               "given_name,email,sms\r\nJohn,john_smith@gmail.com,+16505551212\r\nEva,,+16505551215\r\n");
    BOOST_TEST(client::run_program(platform, {"export", "all", "--columns", "email,phone"}, &output) == 2);
    BOOST_TEST(contains(output, "needs the channel: --channel phone"), output);
    BOOST_TEST(client::run_program(platform, {"export", "all", "--columns", "given_nam"}, &output) == 2);
    BOOST_TEST(contains(output, "did you mean given_name?"), output);
    BOOST_TEST(client::run_program(platform, {"export", "al"}, &output) == 1);
    BOOST_TEST(contains(output, "HINT:"), output);

    const std::string path = "/tmp/cdp_export_" + std::to_string(getpid()) + ".jsonl";
    BOOST_TEST(client::run_program(
                   platform, {"export", "all", "--format", "jsonl", "-o", path, "--columns", "city,email"},
                   &output) == 0);
    BOOST_TEST(content_of(path) ==
               "{\"city\": \"Springfield, \\\"IL\\\"\", \"email\": \"john_smith@gmail.com\"}\n");
    BOOST_TEST(contains(output, "1 people written"), output);
    struct stat about {};
    BOOST_TEST(stat((path + ".part").c_str(), &about) != 0);
    BOOST_TEST(stat(path.c_str(), &about) == 0);
    BOOST_TEST((about.st_mode & 077) == 0u);  // addresses are for who asked
    unlink(path.c_str());
}

// Meta, Conversions API, "Customer Information Parameters": John_Smith@gmail.com and (650)555-1212 with their
// digests.
BOOST_AUTO_TEST_CASE(hashes_are_those_that_platforms_publish) {
    Platform platform;
    platform.fill();
    std::string output;
    BOOST_TEST(client::run_program(platform, {"export", "all", "--channel", "email", "--hash", "sha256"},
                                   &output) == 0,
               output);
    BOOST_TEST(output ==
               "email_sha256\r\n62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f\r\n");
    BOOST_TEST(client::run_program(
                   platform, {"export", "all", "--channel", "sms", "--hash", "sha256", "--phone-digits"},
                   &output) == 0);
    BOOST_TEST(contains(output, "\r\ne323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176\r\n"),
               output);
    // With the +, as E.164 has it; the server's own function for comparison.
    BOOST_TEST(client::run_program(platform, {"export", "all", "--channel", "sms", "--hash", "sha256"},
                                   &output) == 0);
    BOOST_TEST(contains(output, platform.session.value("SELECT encode(sha256('+16505551212'), 'hex')")),
               output);
}

BOOST_AUTO_TEST_CASE(the_guide_shows_what_the_program_prints) {
    Database database;
    Session(database).run("CREATE EXTENSION cdp; SELECT cdp.install()");
    const std::string source = CDP_SOURCE_DIR;
    const std::string command = "python3 '" + source + "/test/client/run_guide.py' '" + source +
                                "/docs/client.md' " + database.name() + " '" CDP_PROGRAM "'";
    BOOST_TEST(std::system(command.c_str()) == 0);
}
