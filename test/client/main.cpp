// SPDX-License-Identifier: PostgreSQL
// Runs the client tests, but only where scripts/test says that the server is a private one: they create and
// drop databases and roles.
#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_ALTERNATIVE_INIT_API
#include <boost/test/included/unit_test.hpp>
#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
    if (std::getenv("CDP_PRIVATE_SERVER") == nullptr) {
        std::cout << "the client tests need a private server: run scripts/test client\n";
        return 77;
    }
    return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
