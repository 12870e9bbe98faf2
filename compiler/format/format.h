// A policy in its canonical spelling.
//
// The tree decides what is written, the text it came from only where blank
// lines and comments stand and which blocks are on one line. So the output
// means the same, and formatting it again changes nothing: both are tested
// on generated trees and on every sample. What the format looks like is told
// in layout.h.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/ast.h"

namespace picket::compiler {

/// The text of a file that was parsed without errors out of `source`.
std::string Format(const ast::File& file, std::string_view source);

/// What a tree without a text says about its layout. A statement or an item is
/// named by the `begin` of its span; whoever makes the tree numbers them.
struct LayoutNotes {
  std::map<std::uint32_t, std::vector<std::string>> comments;  ///< Lines before it, with their `#`.
  std::set<std::uint32_t> blank_before;
  std::set<std::uint32_t> spread;  ///< Blocks that are not to be on one line.
};

/// The text of statements that were made, not read.
std::string Print(const std::vector<ast::Statement>& statements, const LayoutNotes& notes = {});

/// True if both mean the same: equal but for places and for quotes that make
/// no difference.
bool SameMeaning(std::vector<ast::Statement> left, std::vector<ast::Statement> right);

}  // namespace picket::compiler
