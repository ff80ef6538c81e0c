// SPDX-License-Identifier: PostgreSQL
#include "interrupt.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

namespace cdp::client {
namespace {

struct State {
    std::atomic<bool> requested{false};
    std::mutex mutex;
    bool active = false;
    std::function<void()> cancel;
    int wake[2] = {-1, -1};
};

// Never destroyed: the thread outlives main().
State& state() {
    static auto* const the_state = new State;
    return *the_state;
}

sigset_t watched_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    return signals;
}

void watch() {
    const sigset_t signals = watched_signals();
    std::chrono::steady_clock::time_point first;
    while (true) {
        int signal = 0;
        if (sigwait(&signals, &signal) != 0) continue;
        State& s = state();
        const auto now = std::chrono::steady_clock::now();
        if (s.requested.exchange(true)) {
            // A second one means it: the server undoes what was not committed. Not one that came along with
            // the first, as when it is sent to the program and to its group.
            if (now - first > std::chrono::seconds(1)) _exit(kExitInterrupted);
            continue;
        }
        first = now;
        [[maybe_unused]] const ssize_t written = write(s.wake[1], "x", 1);
        const std::lock_guard<std::mutex> lock(s.mutex);
        if (!s.active) continue;
        if (!s.cancel) _exit(kExitInterrupted);
        s.cancel();
    }
}

}  // namespace

void watch_for_interrupts() {
    const sigset_t signals = watched_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error of write()
    if (pipe(state().wake) != 0) throw std::runtime_error("no pipe could be opened");
    std::thread(watch).detach();
}

bool interrupted() noexcept {
    return state().requested.load(std::memory_order_relaxed);
}

void check_interrupt() {
    if (interrupted()) throw Interrupted();
}

bool wait_for_input(int file, int milliseconds) {
    pollfd files[2] = {{file, POLLIN, 0}, {state().wake[0], POLLIN, 0}};
    const int ready = poll(files, 2, milliseconds);
    check_interrupt();
    return ready != 0;
}

void wait(int milliseconds) {
    pollfd wake{state().wake[0], POLLIN, 0};
    poll(&wake, 1, milliseconds);
    check_interrupt();
}

OnInterrupt::OnInterrupt(std::function<void()> cancel) {
    const std::lock_guard<std::mutex> lock(state().mutex);
    state().cancel = std::move(cancel);
    state().active = true;
}

OnInterrupt::~OnInterrupt() {
    const std::lock_guard<std::mutex> lock(state().mutex);
    state().active = false;
    state().cancel = nullptr;
}

}  // namespace cdp::client
