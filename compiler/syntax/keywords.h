// The lists of words with a meaning of their own: the grammar, the formatter and the completion read them here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler {

/// The words that open a statement. No word is reserved: each of these is a
/// keyword only where a statement may begin.
inline const std::vector<std::string>& StatementKeywords() {
  static const std::vector<std::string> words = {
      "import",     "let",          "for",         "if",         "define",       "use",   "xml",     "cluster", "node",
      "property",   "rsc_defaults", "op_defaults", "primitive",  "rsc_template", "fence", "fencing", "group",   "clone",
      "promotable", "bundle",       "location",    "colocation", "separate",     "order", "depend",  "ticket",  "tag",
      "role",       "acl",          "alert",       "test",       "invariant",    "assume"};
  return words;
}

inline bool IsStatementKeyword(std::string_view word) {
  for (const std::string& keyword : StatementKeywords()) {
    if (keyword == word) return true;
  }
  return false;
}

inline bool IsRole(std::string_view word) {
  return word == "started" || word == "stopped" || word == "promoted" || word == "unpromoted";
}

inline bool IsAction(std::string_view word) {
  return word == "start" || word == "stop" || word == "promote" || word == "demote";
}

/// What a condition can ask of a resource or a node.
inline bool IsState(std::string_view word) {
  return word == "running" || word == "stopped" || word == "promoted" || word == "unpromoted" || word == "fenced" ||
         word == "online" || IsAction(word);
}

inline bool IsLocationVerb(std::string_view word) {
  return word == "prefers" || word == "avoids" || word == "allows" || word == "only" || word == "never";
}

/// What `on-fail` of an operation can be.
inline const std::vector<std::string>& FailureReactions() {
  static const std::vector<std::string> words = {"ignore",  "block",   "demote", "stop",
                                                 "restart", "standby", "fence",  "restart-container"};
  return words;
}

/// The words with which a fault of a test, or what people do on purpose, begins.
inline constexpr std::string_view kFaultWords =
    "kill shutdown reboot leave crash confirm standby online isolate cut partition heal fail hang repair grant revoke "
    "set "
    "advance restart maintenance unmanage manage disable enable move ban clear cleanup refresh deploy delete by";

/// Those of them that nodes follow.
constexpr bool IsNodesFault(std::string_view word) {
  return word == "kill" || word == "standby" || word == "online" || word == "isolate" || word == "shutdown" ||
         word == "reboot" || word == "leave" || word == "crash" || word == "confirm";
}

/// The words of a list with blanks between them.
inline std::vector<std::string> WordsOf(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    const std::size_t blank = list.find(' ');
    words.emplace_back(list.substr(0, blank));
    list = blank == std::string_view::npos ? "" : list.substr(blank + 1);
  }
  return words;
}

/// Words that join parts of a sentence: after a role or an action one of these
/// shows that the role was meant as a name (`order start then b`).
inline bool IsConnective(std::string_view word) {
  return word == "then" || word == "with" || word == "from" || word == "on" || word == "of" || word == "by" ||
         word == "and" || word == "or" || word == "for" || word == "where" || word == "when" || word == "over" ||
         word == "before" || word == "implies" || word == "in" || word == "grants" || IsLocationVerb(word);
}

}  // namespace picket::compiler
