// SPDX-License-Identifier: PostgreSQL
#include "program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

extern char** environ;

namespace client {
namespace {

std::string temporary_path() {
    char name[] = "/tmp/cdp_program_XXXXXX";
    const int file = mkstemp(name);
    BOOST_REQUIRE(file >= 0);
    close(file);
    return name;
}

std::string take_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    unlink(path.c_str());
    return text.str();
}

std::vector<std::string> with_database(const Database& database, std::vector<std::string> arguments) {
    arguments.push_back("-d");
    arguments.push_back(database.name());
    return arguments;
}

}  // namespace

Program::Program(const Database& database, const std::vector<std::string>& arguments)
    : Program(with_database(database, arguments)) {}

Program::Program(const std::vector<std::string>& arguments)
    : output_path_(temporary_path()), errors_path_(temporary_path()) {
    ::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    BOOST_REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    input_ = ends[1];
    std::vector<std::string> words{CDP_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawn_file_actions_addopen(&actions, 1, output_path_.c_str(), O_WRONLY | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, errors_path_.c_str(), O_WRONLY | O_TRUNC, 0600);
    BOOST_REQUIRE(posix_spawn(&process_, CDP_PROGRAM, &actions, nullptr, pointers.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
}

Program::~Program() {
    if (status_ >= 0) return;
    if (process_ > 0) kill(process_, SIGKILL);
    finish();
}

void Program::send(const std::string& text) {
    size_t sent = 0;
    while (sent < text.size()) {
        const ssize_t written = write(input_, text.data() + sent, text.size() - sent);
        if (written <= 0) return;
        sent += static_cast<size_t>(written);
    }
}

void Program::signal(int number) {
    kill(process_, number);
}

int Program::finish() {
    close(input_);
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    output_ = take_file(output_path_);
    errors_ = take_file(errors_path_);
    return status_;
}

double Program::peak_megabytes() const {
    std::ifstream file("/proc/" + std::to_string(process_) + "/status");
    std::string line;
    while (std::getline(file, line)) {
        if (line.rfind("VmHWM:", 0) == 0) return std::stod(line.substr(6)) / 1024;
    }
    return 0;
}

int run_program(const Database& database, const std::vector<std::string>& arguments, std::string* output) {
    Program program(database, arguments);
    const int status = program.finish();
    if (output != nullptr) *output = program.output() + program.errors();
    return status;
}

}  // namespace client
