// SPDX-License-Identifier: PostgreSQL
// Statements over our own tables with parameters, for use inside a guard. Arrays are built in plain C from
// views.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "bridge/convert.hpp"
#include "bridge/guard.hpp"
#include "bridge/postgres.hpp"
#include "bridge/query.hpp"

namespace cdp::pg {

struct Parameter {
    Oid type;
    Datum value;
    bool is_null = false;
};

// Plain C: a list of parameters for SPI.
inline ParamListInfo make_parameters(const Parameter* parameters, int count) {
    ParamListInfo list = makeParamList(count);
    for (int i = 0; i < count; ++i)
        list->params[i] = {parameters[i].value, parameters[i].is_null, PARAM_FLAG_CONST, parameters[i].type};
    return list;
}

// Runs a statement that returns nothing; the number of rows it touched.
inline uint64_t run_sql(const char* statement, std::initializer_list<Parameter> parameters) {
    const Parameter* list = parameters.begin();
    const int count = static_cast<int>(parameters.size());
    return pg_call([&] {
        SPI_connect();
        SPIExecuteOptions options{};
        options.params = make_parameters(list, count);
        const int code = SPI_execute_extended(statement, &options);
        if (code < 0) elog(ERROR, "the statement cannot be run: %s", SPI_result_code_string(code));
        const uint64_t touched = SPI_processed;
        SPI_finish();
        return touched;
    });
}

// The same for one whose rows the reader takes (see query.hpp); sees what this transaction wrote.
template <typename Reader>
void read_sql(const char* statement, std::initializer_list<Parameter> parameters, Reader& reader) {
    const Parameter* list = parameters.begin();
    const int count = static_cast<int>(parameters.size());
    read_with(reader, [&](DestReceiver* destination) {
        SPIExecuteOptions options{};
        options.params = make_parameters(list, count);
        options.must_return_tuples = true;
        options.dest = destination;
        return SPI_execute_extended(statement, &options);
    });
}

// Arrays; palloc'd in the current context.
inline Datum text_array(std::span<const std::string_view> values) {
    const std::string_view* data = values.data();
    const int count = static_cast<int>(values.size());
    return pg_call([&] {
        auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * (count + 1)));
        auto* nulls = static_cast<bool*>(palloc0(sizeof(bool) * (count + 1)));
        for (int i = 0; i < count; ++i) {
            nulls[i] = data[i].data() == nullptr;  // a view of nothing is NULL
            elements[i] = nulls[i] ? Datum{0} : make_text(data[i]);
        }
        int dimensions[1] = {count};
        int bounds[1] = {1};
        return PointerGetDatum(
            construct_md_array(elements, nulls, 1, dimensions, bounds, TEXTOID, -1, false, TYPALIGN_INT));
    });
}
// Also of timestamptz, which are 64-bit numbers too.
inline Datum bigint_array(std::span<const int64_t> values, Oid element = INT8OID) {
    const int64_t* data = values.data();
    const int count = static_cast<int>(values.size());
    return pg_call([&] {
        auto* elements = static_cast<Datum*>(palloc(sizeof(Datum) * (count + 1)));
        for (int i = 0; i < count; ++i) elements[i] = Int64GetDatum(data[i]);
        return PointerGetDatum(construct_array(elements, count, element, 8, true, TYPALIGN_DOUBLE));
    });
}

// A memory context for one piece of work, current until the end of the scope. Its destructor cannot fail.
class Workspace {
  public:
    explicit Workspace(const char* name) {
        caller_ = CurrentMemoryContext;
        // Its name must be a constant.
        context_ = pg_call([&] {
            return AllocSetContextCreateInternal(CurrentMemoryContext, name, ALLOCSET_DEFAULT_SIZES);
        });
        MemoryContextSwitchTo(context_);
    }
    ~Workspace() {
        MemoryContextSwitchTo(caller_);
        MemoryContextDelete(context_);
    }
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;
    MemoryContext context() const { return context_; }

  private:
    MemoryContext caller_;
    MemoryContext context_;
};

}  // namespace cdp::pg
