// SPDX-License-Identifier: PostgreSQL
// Runs the program cdp as a person would, against the private server.
//
//     Program program(database, {"load", "-", "--source", "crm"});
//     program.send("id,name\n1,Ana\n");
//     BOOST_TEST(program.finish() == 0);
//     BOOST_TEST(program.says("loaded 1 rows"));
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "support.hpp"

namespace client {

class Program {
  public:
    // Starts it; stdin is a pipe. The database is given as -d.
    Program(const Database& database, const std::vector<std::string>& arguments);
    explicit Program(const std::vector<std::string>& arguments);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    void send(const std::string& text);  // to its stdin; nothing when it has ended
    void signal(int number);
    int finish();  // closes stdin, waits; the exit status, or 128 + the signal that ended it

    // After finish().
    const std::string& output() const { return output_; }
    const std::string& errors() const { return errors_; }
    bool says(const std::string& part) const { return (output_ + errors_).find(part) != std::string::npos; }

    // The most memory it has had so far (VmHWM), in MB; 0 when it has ended.
    double peak_megabytes() const;

  private:
    pid_t process_ = -1;
    int input_ = -1;
    std::string output_path_, errors_path_, output_, errors_;
    int status_ = -1;
};

// Runs it to its end.
int run_program(const Database& database, const std::vector<std::string>& arguments,
                std::string* output = nullptr);

}  // namespace client
