// From a policy to everything that is known about it: the compiler's front
// door.
//
// The pipeline is parse, expand, check, emit; each pass reports what it finds
// and goes on as far as it can, so that one run shows many mistakes. The
// result holds plain data only: nothing in it points into the compiler.
#pragma once

#include <functional>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <utility>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/emit/context.h"
#include "compiler/expand/expand.h"
#include "compiler/graph/dependency_graph.h"
#include "compiler/scenario/scenario.h"
#include "compiler/source_map/source_map.h"
#include "compiler/topology/topology.h"

namespace picket::compiler {

/// Which agents a policy is checked against (compiler/agents/choose.h), and
/// what follows.
struct AgentOptions {
  /// A lock that the user names; empty: `agents.lock` beside the policy, else
  /// the built-in set.
  std::string lock;
  /// Mistakes against the built-in set are errors too. Without, they are
  /// warnings: the nodes may have other versions.
  bool strict = false;
};

/// A compilation as far as it went, for checks that ask what a cluster does
/// with it.
struct Review {
  const pugi::xml_document& cib;
  const Topology& topology;
  const SourceMap& source_map;
  /// The nodes that run Corosync, in the order of the text, and their names' places.
  std::vector<std::pair<std::string, Span>> members;
  /// `fencing NODE: none "reason"`: each as the attributes of a fencing-level
  /// (`target`, `target-pattern`, or `target-attribute` and `target-value`).
  std::vector<std::vector<std::pair<std::string, std::string>>> unfenced;
  /// Whether what fence devices and levels name is there, and whether every
  /// name is: what is said about others would be wrong once they are mended.
  bool fencing_names_are_known = true;
  bool names_are_known = true;
  Diagnostics& diagnostics;
  /// What an agent (`fence_ipmilan`) takes a parameter for where nothing is set; nothing if that is not known.
  std::function<std::optional<std::string>(std::string_view agent, std::string_view parameter)> agent_default;
  /// Where an option of a section of `cluster` is set (`totem`, `token`); without a section, one of `cluster` itself.
  std::function<std::optional<Span>(std::string_view section, std::string_view option)> cluster_place;
  /// Where the cluster gets its name; nothing if the policy has no `cluster`.
  std::optional<Span> cluster_name;
};

struct CompileOptions {
  emit::Target target = emit::Target::k21;
  /// Also tells what Pacemaker 3 deprecates, ignores or takes otherwise.
  bool tells_target_3 = false;
  /// Reads imported files; the file system if unset.
  FileReader read;
  /// Unset: agents are not checked.
  std::optional<AgentOptions> agents;
  /// Whether tests and invariants are looked at. They are not in a policy that
  /// another one's test deploys.
  bool with_scenario = true;
  /// Called once the CIB is made, also if it has errors; what it finds counts
  /// like what the compiler finds. Unset: whether nodes can be fenced is not
  /// looked at.
  std::function<void(const Review&)> review;
};

struct Compiled {
  pugi::xml_document cib;
  Topology topology;
  scenario::Scenario scenario;
  DependencyGraph graph;
  /// Values that deployment fills in.
  std::vector<emit::Secret> secrets;
};

struct CompileResult {
  /// The files that were read, and where each element comes from.
  SourceMap source_map;
  Diagnostics diagnostics;
  /// Set if there were no errors.
  std::optional<Compiled> compiled;
  /// True if the file itself could not be read: the environment's fault.
  bool unreadable = false;
};

/// Compiles the policy in a file; `-` is standard input.
CompileResult Compile(const std::string& path, const CompileOptions& options);

/// Compiles a text as if it had been read from `path`.
CompileResult CompileText(std::string text, const std::string& path, const CompileOptions& options);

/// The tree of a text before and after expansion, for `--dump ast|model`.
/// Diagnostics of the parse and of the expansion go into `result`.
std::string DumpAstOf(std::string text, const std::string& path, CompileResult& result);
std::string DumpModelOf(std::string text, const std::string& path, const CompileOptions& options,
                        CompileResult& result);

/// Reads a whole file, or standard input for `-`; nothing if that fails or it
/// is larger than a policy may be.
std::optional<std::string> ReadSource(const std::string& path);

}  // namespace picket::compiler
