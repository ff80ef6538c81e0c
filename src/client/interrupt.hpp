// SPDX-License-Identifier: PostgreSQL
// Ctrl-C (and SIGTERM). The signals are blocked everywhere and taken by a thread of their own, which notes
// the request, wakes whoever waits for input and cancels the statement that runs on the server. Everybody
// else asks check_interrupt() between two pieces of work. C++17, since server.cpp includes it.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

namespace cdp::client {

struct Interrupted : std::runtime_error {
    explicit Interrupted(const std::string& text = "interrupted") : std::runtime_error(text) {}
};

void watch_for_interrupts();  // once, before any other thread
bool interrupted() noexcept;
void check_interrupt();  // throws Interrupted

// Waits until `file` can be read (or is at its end); throws Interrupted. False after `milliseconds`, if >= 0.
bool wait_for_input(int file, int milliseconds = -1);
// Sleeps, unless interrupted.
void wait(int milliseconds);

// While it exists, Ctrl-C calls `cancel` (from the other thread), or, when it is empty, ends the program at
// once.
class OnInterrupt {
  public:
    explicit OnInterrupt(std::function<void()> cancel);
    ~OnInterrupt();
    OnInterrupt(const OnInterrupt&) = delete;
    OnInterrupt& operator=(const OnInterrupt&) = delete;
};

inline constexpr int kExitInterrupted = 3;

}  // namespace cdp::client
