// SPDX-License-Identifier: PostgreSQL
// The one place that includes the Boost.Test runner; every test file includes <boost/test/unit_test.hpp>
// only.
#define BOOST_TEST_MODULE cdp
#include <boost/test/included/unit_test.hpp>
