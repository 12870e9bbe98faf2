// What the functions that turn elements of a CIB into statements share.
//
// Each of them makes the most readable statement that it can think of for an
// element, and gives nothing if the language has no word for what stands
// there. None of them has to be sure: import.cc compiles what comes out and
// compares it with the element, so an oversight costs readability, never
// content.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/format/format.h"
#include "compiler/syntax/ast.h"

namespace picket::compiler::import {

using pugi::xml_node;
using Statements = std::vector<ast::Statement>;

/// How much sugar a statement may have.
enum class Level {
  kReadable,  ///< depend, promotable, fence … for, guest of, write meta of
  kPlain,     ///< One statement for one element.
  kXml,       ///< The element as it is.
};

std::string_view Attribute(xml_node node, const char* name);
bool Has(xml_node node, const char* name);

ast::Text MakeText(std::string_view literal, bool quoted = false);
ast::Value MakeValue(std::string_view literal, bool quoted = false);
ast::Expr MakeExpr(ast::Value value);
ast::Expr MakeCall(std::string_view name, std::vector<ast::Argument> arguments);
ast::Argument MakeArgument(std::string_view name, std::string_view value);

class Reader {
 public:
  Reader(const pugi::xml_document& document, bool all_ids);

  /// Numbers a statement or an item, for the notes about its layout. Comments
  /// that have been met since the last one belong to it.
  Span Number();
  /// Keeps what an XML comment says; false if the node is none.
  bool IsComment(xml_node node);
  /// Whether the node is a comment of a resource before anything else in it: it is about the resource.
  static bool IsLeading(xml_node node);
  /// Gives the statement with that number what stands in the leading comments of a resource.
  void TakeLeading(xml_node resource, std::uint32_t number);
  /// Keeps a remark of our own.
  void Remark(std::string_view line);
  /// What has been kept and belongs to nothing yet.
  std::vector<std::string> TakeRemarks() { return std::exchange(pending_, {}); }
  LayoutNotes notes;

  /// The id of an inner element if it has to be written.
  std::optional<ast::Text> InnerId(xml_node node) const;
  bool IsReferenced(std::string_view id) const { return referenced_.contains(std::string(id)); }

  ast::Option MakeOption(std::string_view name, ast::Value value);
  ast::Option MakeOption(std::string_view name, std::string_view value) { return MakeOption(name, MakeValue(value)); }
  ast::Statement MakeStatement(decltype(ast::Statement::what) what);

  /// The names of all entries in the section of nodes.
  std::set<std::string> nodes;
  /// Nodes that something refers to.
  std::set<std::string> used_nodes;
  /// Guest nodes and the resources in whose meta attributes they are named.
  std::map<std::string, std::string> guests;

 private:
  std::uint32_t number_ = 0;
  std::vector<std::string> pending_;
  bool all_ids_;
  std::set<std::string> referenced_;
};

// blocks.cc: attribute blocks, operations, descriptions.

/// What the pairs of a block are, which decides what must be quoted.
enum class Pairs { kParameters, kMeta, kUtilization, kProperty };

/// The block of that tag to which lines without an id of a block belong: the
/// first that has nothing but pairs, and to which nobody refers.
xml_node PlainBlock(const Reader& reader, xml_node owner, const char* tag);
/// A block with its keyword; `named` if it must not be mixed up with the plain one.
bool ReadBlock(Reader& reader, xml_node block, std::string_view keyword, bool named,
               const std::set<std::string>& without, ast::Attributes& out);
/// The pairs of a block, but for those in `without`.
bool ReadPairs(Reader& reader, xml_node block, Pairs kind, const std::set<std::string>& without,
               std::vector<ast::Pair>& out);
/// The items of a resource, a node, an alert: everything but members. `plain`
/// is the tag of the block whose pairs need no keyword, `without` are names of
/// pairs that are said elsewhere.
template <class Item>
bool ReadItems(Reader& reader, xml_node owner, std::string_view plain, const std::set<std::string>& without,
               std::vector<Item>& out);
extern template bool ReadItems(Reader&, xml_node, std::string_view, const std::set<std::string>&,
                               std::vector<ast::Item>&);
extern template bool ReadItems(Reader&, xml_node, std::string_view, const std::set<std::string>&,
                               std::vector<ast::BundleItem>&);
extern template bool ReadItems(Reader&, xml_node, std::string_view, const std::set<std::string>&,
                               std::vector<ast::AlertItem>&);

// rules.cc
bool ReadRule(Reader& reader, xml_node rule, ast::Rule& out);

// resources.cc
std::optional<Statements> ReadNode(Reader& reader, xml_node node, Level level);
std::optional<Statements> ReadProperties(Reader& reader, xml_node block);
std::optional<Statements> ReadDefaults(Reader& reader, xml_node block, std::string_view keyword);
std::optional<Statements> ReadResource(Reader& reader, xml_node resource, Level level);

// constraints.cc
std::optional<Statements> ReadConstraint(Reader& reader, xml_node constraint);
/// A colocation and an order that say together that one needs the other, in
/// either order, as one `depend`.
std::optional<Statements> ReadDependency(Reader& reader, xml_node one, xml_node other);
/// Levels of one target that stand together.
std::optional<Statements> ReadLevels(Reader& reader, const std::vector<xml_node>& levels);

// administration.cc
std::optional<Statements> ReadTag(Reader& reader, xml_node tag);
std::optional<Statements> ReadAcl(Reader& reader, xml_node acl, Level level);
std::optional<Statements> ReadAlert(Reader& reader, xml_node alert);

/// started, stopped, promoted or unpromoted; nothing for any other word.
std::optional<ast::Text> RoleWord(std::string_view role);

}  // namespace picket::compiler::import
