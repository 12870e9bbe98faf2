// Blocks of name–value pairs: instance_attributes, meta_attributes,
// utilization, cluster_property_set.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/emit/context.h"

namespace picket::compiler::emit {

/// What pairs of a block mean, which decides how their values are spelt.
enum class PairKind { kParameter, kMeta, kUtilization, kProperty };

/// Collects the blocks of one owner. Plain lines, and blocks without condition,
/// score and name, become one block, which stands where the first of them
/// stands; every other block is one of its own.
class Blocks {
 public:
  /// `parent` receives the elements, `owner` is the id from which theirs are
  /// derived.
  Blocks(Context& context, pugi::xml_node parent, std::string owner)
      : context_(context), parent_(parent), owner_(std::move(owner)) {}

  /// A plain line `name = value` of a block with this tag.
  void Plain(const char* tag, PairKind kind, const ast::Option& option);
  /// `[name] from id` as a plain line.
  void Plain(const char* tag, PairKind kind, const ast::PairReference& reference);
  /// A block with its keyword. `rules` is where the rule will be used.
  void Block(const char* tag, PairKind kind, const ast::Attributes& block);
  /// A pair that no line of the author is behind (`pcmk_host_list` from `for`).
  void Derived(const char* tag, PairKind kind, std::string_view name, std::string_view value, const Span& span);
  /// The id that the common block of a tag gets, if not `owner-tag`.
  void NameCommon(std::string id) { common_id_ = std::move(id); }

 private:
  pugi::xml_node Common(const char* tag, const Span& span);
  void Pair(pugi::xml_node set, PairKind kind, const ast::Option& option);
  void Pair(pugi::xml_node set, PairKind kind, const ast::PairReference& reference);

  Context& context_;
  pugi::xml_node parent_;
  std::string owner_;
  std::string common_id_;
  std::vector<std::pair<std::string, pugi::xml_node>> common_;
  /// By block (the hash of its element): the options that it sets, and where.
  std::unordered_map<std::size_t, std::unordered_map<std::string, Span>> names_;
};

/// The tag of a block's keyword: params and attributes are
/// instance_attributes, meta is meta_attributes.
const char* TagOf(std::string_view keyword);
PairKind PairKindOf(std::string_view keyword);

/// A value as the CIB has it: as it is written, but for `inf` and sizes.
std::string Spelt(const ast::Text& text, PairKind kind);

/// The name that a cluster option has in the target version.
std::string OptionName(std::string_view name, Target target);

}  // namespace picket::compiler::emit
