// The verb `import`: a CIB, or text of crmsh or pcs, as a policy. The translation itself is in compiler/import.
#pragma once

#include <CLI/CLI.hpp>

namespace picket::cli {

/// `picket import`: a CIB as a policy that compiles to the same configuration
/// (docs/import.md).
void AddImportVerb(CLI::App& app, int& status);

}  // namespace picket::cli
