// SPDX-License-Identifier: PostgreSQL
// cdp load: large files in little memory, interrupted ones, strange ones.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "program.hpp"

using client::Database;
using client::Program;
using client::Session;
using namespace std::string_literals;

namespace {

struct Store : Database {
    Store() : session(*this) { session.run("CREATE EXTENSION cdp; SELECT cdp.install()"); }
    std::string value(const std::string& sql) { return session.value(sql); }
    Session session;
};

class File {
  public:
    File(const std::string& name, const std::string& content)
        : path_("/tmp/cdp_" + std::to_string(getpid()) + "_" + name) {
        std::ofstream(path_, std::ios::binary) << content;
    }
    ~File() { unlink(path_.c_str()); }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

const std::string kHeader = "id,given_name,family_name,email,phone\n";

std::string row(int id) {
    const std::string n = std::to_string(id);
    return n + ",\"María " + n + "\",Pérez,maria" + n + "@example.com,+56961234567\n";
}

std::string rows(int from, int to) {
    std::string out;
    for (int id = from; id < to; ++id) out += row(id);
    return out;
}

bool until(const std::function<bool()>& condition) {
    for (int i = 0; i < 400; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    return false;
}

// Starts to load `count` rows by way of stdin, which stays open, and waits until `committed` of them are.
void send_and_wait(Store& store, Program& program, int count, int committed) {
    program.send(kHeader + rows(0, count));
    const bool there = until([&] {
        return store.value("SELECT coalesce(max(rows_loaded), 0) >= " + std::to_string(committed) +
                           " FROM cdp_data.loaded_file WHERE relation = 'landing.crm'") == "t";
    });
    BOOST_REQUIRE(there);
}

// Every row once, and as it was.
void check_rows(Store& store, const std::string& table, int count) {
    BOOST_TEST(store.value("SELECT count(*) FROM " + table) == std::to_string(count));
    BOOST_TEST(store.value("SELECT count(*) FROM generate_series(0, " + std::to_string(count - 1) +
                           ") AS i JOIN " + table +
                           " AS t ON (t.id, t.given_name, t.family_name, t.email) = (i::text, 'María ' || "
                           "i, 'Pérez', 'maria' || i || '@example.com')") == std::to_string(count));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_million_rows_are_loaded_in_little_memory) {
    Store store;
    Program program(store, {"load", "-", "--source", "big"});
    program.send(kHeader);
    double peak = 0;
    for (int id = 0; id < 1000000; id += 10000) {
        program.send(rows(id, id + 10000));
        peak = std::max(peak, program.peak_megabytes());
    }
    BOOST_TEST(program.finish() == 0);
    BOOST_TEST(program.says("loaded 1,000,000 rows into landing.big"), program.output() << program.errors());
    BOOST_TEST(program.says("cdp.add_source('big', 'landing.big', key => 'id')"));
    BOOST_TEST(peak > 1);
    BOOST_TEST(peak < 64);
    BOOST_TEST_MESSAGE("VmHWM " << peak << " MB");
    check_rows(store, "landing.big", 1000000);
}

BOOST_AUTO_TEST_CASE(a_killed_load_goes_on_where_it_stopped) {
    Store store;
    {
        Program program(store, {"load", "-", "--source", "crm", "--batch", "20000"});
        send_and_wait(store, program, 90000, 60000);
        program.signal(SIGKILL);
        BOOST_TEST(program.finish() == 128 + SIGKILL);
    }
    const std::string loaded =
        store.value("SELECT rows_loaded FROM cdp_data.loaded_file WHERE NOT is_complete");
    BOOST_TEST(std::stoi(loaded) % 20000 == 0);
    BOOST_TEST(until([&] { return store.value("SELECT count(*) FROM landing.crm") == loaded; }));
    const File file("customers.csv", kHeader + rows(0, 200000));
    std::string output;
    BOOST_TEST(client::run_program(store, {"load", file.path(), "--source", "crm"}, &output) == 0, output);
    BOOST_TEST(output.find("It was interrupted") != std::string::npos, output);
    check_rows(store, "landing.crm", 200000);
    BOOST_TEST(
        store.value(
            "SELECT concat_ws(' ', count(*), bool_and(is_complete), max(rows_loaded), max(lines_read)) FROM "
            "cdp_data.loaded_file") == "1 t 200000 200001");

    // The same content under another name, and by way of stdin, adds nothing; grown, what is new; --again,
    // all.
    const File copy("copy.csv", kHeader + rows(0, 200000));
    BOOST_TEST(client::run_program(store, {"load", copy.path(), "--source", "crm"}, &output) == 0);
    BOOST_TEST(output.find("Nothing to do") != std::string::npos, output);
    Program piped(store, {"load", "-", "--source", "crm"});
    piped.send(kHeader + rows(0, 200000) + rows(200000, 200007));
    BOOST_TEST(piped.finish() == 0, piped.errors());
    BOOST_TEST(piped.says("It has grown"));
    BOOST_TEST(piped.says("loaded 7 rows"), piped.output());
    check_rows(store, "landing.crm", 200007);
    BOOST_TEST(client::run_program(store, {"load", copy.path(), "--source", "crm"}, &output) == 0);
    check_rows(store, "landing.crm", 200007);
    BOOST_TEST(
        client::run_program(store, {"load", copy.path(), "--source", "crm", "--again", "-q"}, &output) == 0);
    BOOST_TEST(output == "");
    BOOST_TEST(store.value("SELECT count(*) FROM landing.crm") == "400007");
}

BOOST_AUTO_TEST_CASE(a_file_that_differs_in_the_middle_is_another_file) {
    Store store;
    const std::string first = kHeader + rows(0, 5000);
    std::string second = first;
    second[second.find("example.com", second.size() / 2)] = 'X';
    Program one(store, {"load", "-", "--source", "crm"});
    one.send(first);
    BOOST_TEST(one.finish() == 0);
    Program two(store, {"load", "-", "--source", "crm"});
    two.send(second);
    BOOST_TEST(two.finish() == 0);
    BOOST_TEST(two.says("loaded 5,000 rows"), two.output());
}

BOOST_AUTO_TEST_CASE(a_small_file_that_grows_adds_its_new_rows) {
    Store store;
    const auto load = [&](const std::string& content, const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments{"load", "-", "--source", "crm"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        Program program(store, arguments);
        program.send(content);
        BOOST_TEST(program.finish() == 0, program.errors());
        return store.value("SELECT count(*) FROM landing.crm");
    };
    BOOST_TEST(load(kHeader + rows(0, 10)) == "10");
    BOOST_TEST(load(kHeader + rows(0, 12)) == "12");
    BOOST_TEST(load(kHeader + rows(0, 3000)) == "3000");
    BOOST_TEST(load(kHeader + rows(0, 12)) == "3000");
    check_rows(store, "landing.crm", 3000);
    // A last row without line end may have been cut: what goes on behind it is another file.
    std::string cut = kHeader + rows(5000, 5002);
    cut.pop_back();
    BOOST_TEST(load(cut) == "3002");
    BOOST_TEST(load(cut) == "3002");
    BOOST_TEST(load(cut + "9\n") == "3004");
    // An emptied table has lost it all, and so has one that was dropped.
    store.session.run("TRUNCATE landing.crm");
    BOOST_TEST(load(kHeader + rows(0, 10)) == "10");
    store.session.run("DROP TABLE landing.crm");
    BOOST_TEST(load(kHeader + rows(0, 12)) == "12");
    BOOST_TEST(load(kHeader + rows(0, 12)) == "12");
    BOOST_TEST(load(kHeader + rows(0, 12), {"--again"}) == "24");
    BOOST_TEST(store.value("SELECT count(*) FROM cdp_data.loaded_file") == "2");
}

BOOST_AUTO_TEST_CASE(a_server_that_refuses_or_goes_away_leaves_whole_batches) {
    Store store;
    store.session.run(
        "CREATE TABLE short (id text CHECK (id <> '70000'), given_name text, family_name text, email text, "
        "phone text)");
    const File file("refused.csv", kHeader + rows(0, 90000));
    std::string output;
    const std::vector<std::string> load{"load",    file.path(), "--source", "crm",
                                        "--table", "short",     "--batch",  "20000"};
    BOOST_TEST(client::run_program(store, load, &output) == 1);
    BOOST_TEST(output.find("violates check constraint") != std::string::npos, output);
    BOOST_TEST(output.find("60,000 rows of it are loaded") != std::string::npos, output);
    check_rows(store, "short", 60000);
    store.session.run("ALTER TABLE short DROP CONSTRAINT short_id_check");
    BOOST_TEST(client::run_program(store, load, &output) == 0, output);
    check_rows(store, "short", 90000);

    Program program(store, {"load", "-", "--source", "crm", "--batch", "20000"});
    send_and_wait(store, program, 90000, 60000);
    store.value(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'cdp' AND "
        "datname = "
        "current_database()");
    program.send(rows(90000, 120000));
    BOOST_TEST(program.finish() == 1);
    BOOST_TEST(store.value("SELECT count(*) FROM landing.crm") ==
               store.value("SELECT rows_loaded FROM cdp_data.loaded_file WHERE "
                           "relation = 'landing.crm'"));
    const File whole("whole.csv", kHeader + rows(0, 120000));
    BOOST_TEST(client::run_program(store, {"load", whole.path(), "--source", "crm"}, &output) == 0, output);
    check_rows(store, "landing.crm", 120000);
}

BOOST_AUTO_TEST_CASE(control_c_leaves_nothing_half_loaded) {
    Store store;
    Program program(store, {"load", "-", "--source", "crm", "--batch", "20000"});
    send_and_wait(store, program, 90000, 60000);
    const auto start = std::chrono::steady_clock::now();
    program.signal(SIGINT);
    BOOST_TEST(program.finish() == 3);
    BOOST_TEST(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < 2.0);
    const std::string loaded = store.value("SELECT rows_loaded FROM cdp_data.loaded_file");
    BOOST_TEST(std::stoi(loaded) % 20000 == 0);
    BOOST_TEST(program.says(loaded.substr(0, 2) + ",000 rows of it are loaded"), program.errors());
    BOOST_TEST(store.value("SELECT count(*) FROM landing.crm") == loaded);
    BOOST_TEST(until([&] {
        return store.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cdp'") == "0";
    }));
}

BOOST_AUTO_TEST_CASE(a_spreadsheet_export_of_the_west_is_read) {
    Store store;
    const File file("export.csv",
                    "id;nombre;ciudad;monto\r\n1;Mar\xED"
                    "a;\xD1u\xF1oa;1.234,50\r\n2;Jos\xE9;Vi\xF1"
                    "a;12,5\r\n");
    std::string output;
    const int status = client::run_program(
        store,
        {"load", file.path(), "--source", "erp", "--decimal-comma", "--register", "people", "--key", "id"},
        &output);
    BOOST_TEST(status == 0, output);
    BOOST_TEST(output.find("CSV, semicolon, Windows-1252, with header") != std::string::npos, output);
    BOOST_TEST(store.value("SELECT string_agg(concat_ws('|', id, nombre, ciudad, monto), ' ' ORDER BY id) "
                           "FROM landing.erp") == "1|María|Ñuñoa|1234.50 2|José|Viña|12.5");
    BOOST_TEST(
        store.value(
            "SELECT concat_ws(' ', kind, relation, key_column) FROM cdp_data.source WHERE name = 'erp'") ==
        "people landing.erp id");
    // In one column only.
    const int again = client::run_program(store,
                                          {"load", file.path(), "--source", "erp2", "--encoding=latin-1",
                                           "--delimiter", ";", "--decimal-comma=id"},
                                          &output);
    BOOST_TEST(again == 0, output);
    BOOST_TEST(store.value("SELECT max(monto) FROM landing.erp2") == "12,5");
}

BOOST_AUTO_TEST_CASE(broken_lines_become_rejects) {
    Store store;
    const std::string text = "id,name\n1,Ana\n2\n3,José\n4,\xFF\n5,\"open\n6,nul\0\n7,Eva\n"s;
    Program program(store, {"load", "-", "--source", "crm", "--encoding", "utf-8"});
    program.send(text);
    BOOST_TEST(program.finish() == 0, program.errors());
    BOOST_TEST(store.value("SELECT string_agg(id || name, ' ' ORDER BY id) FROM landing.crm") ==
               "1Ana 3José 7Eva");
    BOOST_TEST(store.value("SELECT string_agg(concat_ws('|', line_number, reason, original), E'\\n' ORDER BY "
                           "line_number) FROM "
                           "cdp_data.reject WHERE relation = 'landing.crm'") ==
               "3|expected 2 fields, found 1|2\n"
               "5|bytes that are not UTF-8|4,\\xFF\n"
               "6|unbalanced quote starting in line 6|5,\"open\n"
               "7|a NUL byte|6,nul\\x00");
    BOOST_TEST(program.says("4 lines rejected"));

    Program strict(store, {"load", "-", "--source", "other", "--max-rejects", "3", "--encoding", "utf-8"});
    strict.send(text);
    BOOST_TEST(strict.finish() == 1);
    BOOST_TEST(strict.says("more than 3 lines cannot be read"), strict.errors());
    BOOST_TEST(store.value("SELECT to_regclass('landing.other') IS NULL") == "t");
    Program dry(store, {"load", "-", "--source", "other", "--dry-run"});
    dry.send(text);
    BOOST_TEST(dry.finish() == 0);
    BOOST_TEST(dry.says("would load"));
    BOOST_TEST(store.value("SELECT to_regclass('landing.other') IS NULL") == "t");
}

BOOST_AUTO_TEST_CASE(json_lines_are_messages_or_rows) {
    Store store;
    Program messages(store, {"load", "-", "--source", "web", "--register", "messages"});
    messages.send("{\"type\":\"identify\",\"userId\":\"1\"}\nnot json\n\n{\"type\":\"track\"}\n");
    BOOST_TEST(messages.finish() == 0, messages.errors());
    BOOST_TEST(store.value("SELECT string_agg(message, ' ' ORDER BY message) FROM landing.web") ==
               "{\"type\":\"identify\",\"userId\":\"1\"} {\"type\":\"track\"}");
    BOOST_TEST(store.value("SELECT kind FROM cdp_data.source") == "messages");
    Program people(store, {"load", "-", "--source", "app", "--register", "people", "--key", "id"});
    people.send("{\"id\":1,\"name\":\"A\\tB\"}\n{\"id\":2,\"name\":null,\"tags\":[1]}\n");
    BOOST_TEST(people.finish() == 0, people.errors());
    BOOST_TEST(
        store.value("SELECT string_agg(concat_ws('|', id, name, tags), ' ' ORDER BY id) FROM landing.app") ==
        "1|A\tB 2|[1]");
}

BOOST_AUTO_TEST_CASE(a_table_that_does_not_fit_is_explained) {
    Store store;
    store.session.run("CREATE TABLE typed (id int, name text)");
    Program typed(store, {"load", "-", "--source", "crm", "--table", "typed"});
    typed.send("id,name\n1,Ana\n");
    BOOST_TEST(typed.finish() == 1);
    BOOST_TEST(typed.says("ALTER TABLE public.typed ALTER COLUMN \"id\" TYPE text"), typed.errors());
    store.session.run("ALTER TABLE typed ALTER id TYPE text");
    Program wide(store, {"load", "-", "--source", "crm", "--table", "typed"});
    wide.send("id,name,city\n1,Ana,X\n");
    BOOST_TEST(wide.finish() == 1);
    BOOST_TEST(wide.says("ADD \"city\" text"), wide.errors());
}
