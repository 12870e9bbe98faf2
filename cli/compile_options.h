// The options with which every verb compiles a policy or imports a CIB, so that no verb checks less than another.
#pragma once

#include "compiler/compile.h"
#include "compiler/import/import.h"
#include "simulator/checks/fencing.h"

namespace picket::cli {

/// How every verb compiles a policy: with the checks that ask what a cluster
/// does with it, so that `check`, `test` and `picketd` cannot disagree.
inline compiler::CompileOptions ReviewedOptions() {
  compiler::CompileOptions options;
  options.review = simulator::CheckFencing;
  return options;
}

/// How a CIB becomes a policy that is then compiled so.
inline compiler::import::ImportOptions ReviewedImport() {
  compiler::import::ImportOptions options;
  options.review = simulator::CheckFencing;
  return options;
}

}  // namespace picket::cli
