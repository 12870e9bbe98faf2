// What the verbs that work on a policy have in common: reading and reporting,
// pictures of the graph.
#pragma once

#include <optional>
#include <string>

#include "compiler/compile.h"

namespace picket::cli {

/// The exit status of what the compiler found: 0, 2 for bad input, 3 if a file
/// could not be read; with `strict`, warnings are a verdict (1).
int StatusOf(const compiler::CompileResult& result, bool strict);

/// Prints what the compiler found as text on stderr, and gives the exit status.
/// With `in_a_document` nothing is printed: the caller's document has it.
int TellDiagnostics(const compiler::CompileResult& result, bool in_a_document, bool strict);

/// The graph of a compiled policy in the form that the file's ending asks for: `.dot`, `.json`, and by Graphviz `.svg`
/// and `.png`. Nothing, and the reason, for any other ending or if Graphviz is not there.
std::optional<std::string> GraphAs(const compiler::Compiled& compiled, const compiler::SourceMap& sources,
                                   const std::string& format, std::string& reason);

/// Whether a form of the graph is made by Graphviz.
bool NeedsGraphviz(const std::string& format);

/// A text for Graphviz as an SVG; nothing, and the reason, if Graphviz is not there.
std::optional<std::string> SvgOf(const std::string& dot, std::string& reason);

/// "svg" of "graph.svg".
std::string EndingOf(const std::string& path);

/// Writes a file whole or not at all, `-` being stdout; false after telling
/// why on stderr.
bool WriteOutput(const std::string& path, const std::string& text);

/// The compiler's target for "2.1" or "3.0".
compiler::emit::Target TargetOf(const std::string& version);

}  // namespace picket::cli
