// The rules that translation units of the grammar share. Each is a Spirit
// rule inside; across the border it is a function, so that no unit has to
// instantiate another one's parsers.
#pragma once

#include "compiler/syntax/ast.h"
#include "compiler/syntax/grammar/state.h"

namespace picket::compiler::grammar {

// expression.cc
bool ParseExpr(Cursor& first, State& state, ast::Expr& out);
// values.cc
bool ParseValue(Cursor& first, State& state, ast::Value& out);
bool ParseOption(Cursor& first, State& state, ast::Option& out);
bool ParseArgument(Cursor& first, State& state, ast::Argument& out);
bool ParseRule(Cursor& first, State& state, ast::Rule& out);
// items.cc
bool ParsePair(Cursor& first, State& state, ast::Pair& out);
bool ParseAttributes(Cursor& first, State& state, ast::Attributes& out);
bool ParseDescription(Cursor& first, State& state, ast::Description& out);
bool ParseResourceItem(Cursor& first, State& state, ast::Item& out);
bool ParseCollectionItem(Cursor& first, State& state, ast::Item& out);
bool ParseNodeItem(Cursor& first, State& state, ast::Item& out);
// constraints.cc
bool ParseReference(Cursor& first, State& state, ast::Reference& out);

// One for each family of statements.
bool ParseControl(Cursor& first, State& state, ast::Statement& out);
bool ParseCluster(Cursor& first, State& state, ast::Statement& out);
bool ParseResource(Cursor& first, State& state, ast::Statement& out);
bool ParsePrimitive(Cursor& first, State& state, ast::Primitive& out);
bool ParseBundle(Cursor& first, State& state, ast::Statement& out);
bool ParseFencing(Cursor& first, State& state, ast::Statement& out);
bool ParseLocation(Cursor& first, State& state, ast::Statement& out);
bool ParseRelation(Cursor& first, State& state, ast::Statement& out);
bool ParseAdministration(Cursor& first, State& state, ast::Statement& out);
bool ParseScenario(Cursor& first, State& state, ast::Statement& out);
bool ParseAssume(Cursor& first, State& state, ast::Statement& out);
// faults.cc
bool ParseFault(Cursor& first, State& state, ast::TestStep& out);

// statements.cc
bool ParseStatement(Cursor& first, State& state, ast::Statement& out);
/// `{ statements }`, for define, for and if.
bool ParseBlock(Cursor& first, State& state, std::vector<ast::Statement>& out);
/// Everything up to the end of the tokens.
void ParseStatements(Cursor& first, State& state, std::vector<ast::Statement>& out);

}  // namespace picket::compiler::grammar
