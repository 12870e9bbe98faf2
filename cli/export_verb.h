// `picket export`.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket export FILE --as crmsh|pcs`: a policy or a CIB in the words of another tool.
void AddExportVerb(CLI::App& program, int& status);

}  // namespace picket::cli
