#include "compiler/check/lints.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "compiler/check/lint_families.h"
#include "compiler/check/rule_contexts.h"
#include "compiler/diagnostics/codes.h"

namespace picket::compiler {

void CheckLints(const std::vector<ast::Statement>& statements, const Symbols& symbols, const Topology& topology,
                bool names_are_known, const NameInTarget& name_in_target, Diagnostics& diagnostics) {
  const PolicyView view(statements, symbols);
  if (!names_are_known) return;
  CheckRuleContexts(statements, diagnostics);
  LintFencing(view, diagnostics);
  LintCluster(view, topology, diagnostics);
  LintRelations(view, diagnostics);
  LintPromotion(view, diagnostics);
  LintRemotes(view, diagnostics);
  LintPlaces(view, diagnostics);
  LintResources(view, diagnostics);
  LintOptions(view, diagnostics);
  LintOperations(view, diagnostics);
  LintMigration(view, diagnostics);
  LintStandstill(view, diagnostics);
  LintIdle(view, diagnostics);
  LintDates(view, diagnostics);
  LintAttributes(view, diagnostics);
  LintBlocks(view, diagnostics);
  LintNumbers(view, diagnostics);
  LintRepeats(view, diagnostics);
  LintSides(view, diagnostics);
  LintSharing(view, diagnostics);
  LintHosts(view, diagnostics);
  LintAddresses(view, topology, diagnostics);
  LintNetworks(view, diagnostics);
  LintPlaceholders(view, diagnostics);
  LintAgents(view, diagnostics);
  LintStorage(view, diagnostics);
  LintReplication(view, diagnostics);
  LintMeaning(view, diagnostics);
  if (name_in_target) LintTarget(view, name_in_target, diagnostics);
}

namespace {

// Errors that a reason lets stand: a cluster takes such a policy, and it can be played.
bool MayBeAllowed(const Diagnostic& diagnostic) {
  return diagnostic.severity == Severity::kWarning || diagnostic.code == "E0213";
}

}  // namespace

void CheckAllows(const std::vector<ast::Comment>& comments, Diagnostics& diagnostics) {
  constexpr std::string_view kAllow = "allow ";
  for (const ast::Comment& comment : comments) {
    const std::string_view text = comment.text;
    for (std::size_t at = 0; (at = text.find(kAllow, at)) != std::string_view::npos; at += kAllow.size()) {
      const std::string_view rest = text.substr(at + kAllow.size());
      const bool starts_word = at == 0 || text[at - 1] == ' ' || text[at - 1] == '#';
      if (!starts_word || rest.size() < 2 || (rest[0] != 'W' && rest[0] != 'E')) continue;
      const std::size_t digits = rest.find_first_not_of("0123456789", 1);
      const std::string code(rest.substr(0, digits));
      if (code.size() < 3) continue;
      const std::string_view behind = digits == std::string_view::npos ? "" : rest.substr(digits);
      std::string what, help;
      if (!IsCode(code)) {
        what = "there is no message `" + code + "`";
        help = "`picket explain` lists the codes";
      } else if (code[0] == 'E' && code != "E0213") {
        what = "`" + code + "` is an error, which no comment allows";
        help = "`picket explain " + code + "` says what helps";
      } else if (!behind.starts_with(':') || behind.find_first_not_of(" \t", 1) == std::string_view::npos) {
        what = "`allow " + code + "` allows nothing without a reason";
        help = "write `# allow " + code + ": why it is meant`";
      } else {
        continue;
      }
      diagnostics.Warning("W0495", comment.span, std::move(what)).help.push_back(std::move(help));
    }
  }
}

void DropAllowed(const std::vector<ast::Comment>& comments, const SourceMap& sources, Diagnostics& diagnostics) {
  // (file, line, code) of every comment that allows something.
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::string>> allowed;
  for (const ast::Comment& comment : comments) {
    std::string_view text = comment.text;
    // One comment may allow several.
    for (std::size_t word = 0; (word = text.find("allow ", word)) != std::string_view::npos; word += 11) {
      if (word + 11 > text.size()) break;
      const std::string_view code = text.substr(word + 6, 5);
      const std::size_t colon = word + 11;
      const bool reason =
          colon < text.size() && text[colon] == ':' && text.find_first_not_of(' ', colon + 1) != std::string_view::npos;
      if (!reason) continue;
      allowed.emplace(comment.span.file, sources.PlaceOf(comment.span).line, std::string(code));
    }
  }
  if (allowed.empty()) return;
  diagnostics.TakeBack([&](const Diagnostic& d) {
    return MayBeAllowed(d) && allowed.contains({d.span.file, sources.PlaceOf(d.span).line, std::string(d.code)});
  });
}

}  // namespace picket::compiler
