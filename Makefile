# pgcdp: builds the PostgreSQL module (PGXS) and assembles its SQL. The core library is CMake's (see CMakeLists.txt).
# Start with `make help`.

CDP_RELEASE := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" extension/cdp.control)

.DEFAULT_GOAL := all

MODULE_big = cdp
EXTENSION = extension/cdp
OBJS = $(patsubst %.cpp,%.o,$(wildcard src/pg/*.cpp src/pg/bridge/*.cpp))
DATA_built = extension/cdp--$(CDP_RELEASE).sql
DATA = $(wildcard extension/upgrade/cdp--*--*.sql)
# Each SQL test creates the extension in a database of its own, so pg_regress runs once for each (below).
NO_INSTALLCHECK = 1
SQL_TESTS = $(patsubst sql/%.sql,%,$(wildcard sql/*.sql))
EXTRA_CLEAN = $(OBJS:.o=.d) extension/cdp--*.sql results regression.diffs regression.out

CORE_BUILD ?= build/core
CORE_LIB = $(CORE_BUILD)/libcdp_core.a

PG_CPPFLAGS = -Isrc/core -Isrc/pg -DCDP_VERSION=\"$(CDP_RELEASE)\"
# -Wno-register: server headers up to 15 still say `register`, which C++17 removed.
PG_CXXFLAGS = -std=c++20 -ffp-contract=off -Wall -Wextra -Werror \
	-Wno-register -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers -MMD -MP
SHLIB_LINK = $(CORE_LIB) -lphonenumber -lsimdjson -licui18n -licuuc -lstdc++ \
	-Wl,--version-script=src/pg/exports.map -Wl,--exclude-libs,ALL

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
# The module is C++20 with exception tables; inlining it into JIT code gains nothing and would need clang.
override with_llvm = no
include $(PGXS)

ifeq ($(filter $(MAJORVERSION),14 15 16 17 18),)
ifndef CDP_ANY_POSTGRES
$(error pgcdp supports PostgreSQL 14 to 18, $(PG_CONFIG) is $(MAJORVERSION); set CDP_ANY_POSTGRES=1 to try anyway)
endif
endif

# CMake decides whether the archive is stale; an unchanged archive keeps its time and the module is not relinked.
$(CORE_LIB): FORCE
	@test -f $(CORE_BUILD)/CMakeCache.txt || cmake -S . -B $(CORE_BUILD) -DCDP_BUILD_TESTS=OFF > /dev/null
	@MAKEFLAGS= cmake --build $(CORE_BUILD) --target cdp_core -j $$(nproc) > $(CORE_BUILD)/make.log || { cat $(CORE_BUILD)/make.log; exit 1; }
FORCE:
$(shlib): $(CORE_LIB) src/pg/exports.map

extension/cdp--$(CDP_RELEASE).sql: scripts/assemble_sql $(wildcard extension/install/*.sql extension/store/*/*.sql) extension/cdp.control
	scripts/assemble_sql > $@.tmp && mv $@.tmp $@

# Debian builds PGXS without dependency tracking.
-include $(OBJS:.o=.d)

.PHONY: FORCE help test installcheck dist format lint client install-client
help:
	@echo "make                build the module for $$($(PG_CONFIG) --version) (another: PG_CONFIG=/path/to/pg_config)"
	@echo "make install        install it into that server"
	@echo "make client         build the program cdp, for the person who runs the platform (needs libpqxx)"
	@echo "make install-client install it into /usr/local/bin"
	@echo "make installcheck   SQL tests against a running server"
	@echo "make test           every test, on private servers (the same as scripts/test)"
	@echo "make dist           a zip for PGXN, from the last commit"
	@echo "make format         clang-format over all C++"
	@echo "make lint           clang-tidy over the core"
	@echo "make clean          remove what was built (build/ stays; remove it by hand for a fresh start)"
test:
	scripts/test
installcheck:
	@failed=''; for test in $(SQL_TESTS); do $(pg_regress_installcheck) $$test || failed="$$failed $$test"; done; \
		test -z "$$failed" || { echo "failed:$$failed"; exit 1; }
# Configured anew, since libpqxx may have come after the core was built.
client:
	@cmake -S . -B $(CORE_BUILD) > /dev/null
	@MAKEFLAGS= cmake --build $(CORE_BUILD) --target cdp_client -j $$(nproc)
install-client: client
	cmake --install $(CORE_BUILD) --component client
dist:
	git archive --format zip --prefix=cdp-$(CDP_RELEASE)/ --output build/cdp-$(CDP_RELEASE).zip HEAD
format:
	git ls-files '*.cpp' '*.hpp' | xargs clang-format -i
lint: $(CORE_LIB)
	cmake -S . -B $(CORE_BUILD) -DCMAKE_EXPORT_COMPILE_COMMANDS=ON > /dev/null
	git ls-files 'src/core/*.cpp' | xargs -P $$(nproc) -n 1 clang-tidy --quiet -p $(CORE_BUILD)
