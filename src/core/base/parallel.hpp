// SPDX-License-Identifier: PostgreSQL
// Independent pieces of one computation on several threads. The pieces are numbered; a piece writes to its
// own place, so that the result does not depend on how many threads there are or which is faster.
//
// The host may be a PostgreSQL backend: the threads take no signals (all are blocked in them), touch nothing
// of the host and are joined before run_pieces() returns or throws. The calling thread works too, and only
// its tick asks the host whether to go on; the others look at a flag.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "base/tick.hpp"

namespace cdp {

// Thrown in the threads when another piece failed or the host wants to stop; never seen by the caller.
struct Stopped {};

class Pieces {
  public:
    explicit Pieces(size_t count) : count_(count) {}

    // Calls piece(i, worker, tick) for every i below the count, in any order; worker is below `workers`. The
    // first exception, or the host's through `tick`, ends all and is thrown.
    template <typename Piece>
    void run(unsigned workers, Tick& tick, Piece&& piece) {
        workers = static_cast<unsigned>(std::clamp<size_t>(workers, 1, std::max<size_t>(count_, 1)));
        std::vector<std::exception_ptr> failures(workers);
        const auto work = [&](unsigned worker, Tick& own) {
            try {
                for (size_t i = next_++; i < count_ && !stop_; i = next_++) piece(i, worker, own);
            } catch (const Stopped&) {
            } catch (...) {
                failures[worker] = std::current_exception();
                stop_ = true;
            }
        };
        {
            SignalsBlocked blocked;
            std::vector<std::thread> threads;
            threads.reserve(workers);
            const Joiner joiner{threads, stop_};
            for (unsigned worker = 1; worker < workers; ++worker) {
                threads.emplace_back([&, worker] {
                    Tick own(
                        [](void* stop) {
                            if (*static_cast<const std::atomic<bool>*>(stop)) throw Stopped{};
                        },
                        &stop_);
                    work(worker, own);
                });
            }
            blocked.restore();
            work(0, tick);
            for (std::thread& thread : threads) thread.join();
        }
        for (const std::exception_ptr& failure : failures) {
            if (failure) std::rethrow_exception(failure);
        }
    }

  private:
    class SignalsBlocked {
      public:
        SignalsBlocked() {
            sigset_t all;
            sigfillset(&all);
            pthread_sigmask(SIG_SETMASK, &all, &before_);
        }
        SignalsBlocked(const SignalsBlocked&) = delete;
        SignalsBlocked& operator=(const SignalsBlocked&) = delete;
        ~SignalsBlocked() { restore(); }
        void restore() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

      private:
        sigset_t before_;
    };
    // Threads that are still there when an exception passes (one could not be started).
    struct Joiner {
        std::vector<std::thread>& threads;
        std::atomic<bool>& stop;
        ~Joiner() {
            for (std::thread& thread : threads) {
                if (!thread.joinable()) continue;
                stop = true;
                thread.join();
            }
        }
    };

    size_t count_;
    std::atomic<size_t> next_{0};
    std::atomic<bool> stop_{false};
};

}  // namespace cdp
