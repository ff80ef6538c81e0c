// SPDX-License-Identifier: PostgreSQL
// The commands of the program cdp. Each returns the exit status: 0 done, 1 failed; exceptions are main()'s.
#pragma once

#include "arguments.hpp"

namespace cdp::client {

const Command& load_command();
const Command& refresh_command();
const Command& run_due_command();
const Command& status_command();
const Command& export_command();

int run_load(const Arguments& arguments);
int run_refresh(const Arguments& arguments);
int run_run_due(const Arguments& arguments);
int run_status(const Arguments& arguments);
int run_export(const Arguments& arguments);

// Connects, asking for the password on the terminal where one is needed.
std::unique_ptr<Server> connect(const Arguments& arguments);

}  // namespace cdp::client
