// The options that Pacemaker reads: cluster options (spec 01 §6.2), meta-attributes of resources and clones, and
// options of operations. One table says for each in which block it belongs and what its value looks like.
//
// Only names and spellings: what a value means is for the lints, what Pacemaker 3 thinks of it for lint_target.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler {

/// The block in which an option is read.
enum class OptionBlock : uint8_t {
  kCluster,    ///< `property`
  kResource,   ///< `meta` of a resource, `rsc_defaults`
  kClone,      ///< the same, of clones only
  kOperation,  ///< `op`, `op_defaults`
  kElement,    ///< none: an attribute or a setting beside the blocks (option_values.h)
};

enum class OptionShape : uint8_t {
  kAny,
  kBoolean,
  kDuration,
  kInteger,
  kScore,
  kWords,
  kNatural,  ///< from 0 on
  kCount,    ///< from 1 on
  kPort,
  kPorts,  ///< `8000-8010`
  kPrefix,
  kAddress,
  kPath,
};

struct KnownOption {
  std::string_view name;
  OptionBlock block = OptionBlock::kResource;
  OptionShape shape = OptionShape::kAny;
  std::vector<std::string> words = {};  ///< Of kWords, in lower case.
};

/// Null for a name that no such block has. `name` is compared letter by letter.
const KnownOption* FindClusterOption(std::string_view name);
/// Meta-attributes, of resources or of clones.
const KnownOption* FindMeta(std::string_view name);
const KnownOption* FindOperationOption(std::string_view name);
/// True for meta-attributes that only clones read.
bool IsCloneOption(std::string_view name);
/// True for meta-attributes that nobody takes for a parameter of an agent: no agent that is known has such a one.
bool IsPlainlyMeta(std::string_view name);

/// The names, for suggestions.
std::vector<std::string> ClusterOptionNames();
/// Meta-attributes that only clones read.
std::vector<std::string> CloneOptionNames();
/// Of meta-attributes and of operations: people set both in one block.
std::vector<std::string> MetaAndOperationNames();

}  // namespace picket::compiler
