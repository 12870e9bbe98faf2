#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"
#include "compiler/syntax/shape.h"

// Numbers that say something else than they seem to: scores beyond INFINITY (W0454), switches that look like
// quantities (W0455), utilization that is no whole number (W0456), milliseconds where seconds are read
// (W0457).
namespace picket::compiler {
namespace {

// From here on a bare number of seconds is taken for milliseconds, if it is a multiple of 500 and no whole
// hours.
constexpr std::int64_t kLongS = 5000;

constexpr std::int64_t kInstancesMax = 1000;

std::string InWords(std::int64_t s) {
  if (s >= 48 * 3600) return std::to_string(s / (24 * 3600)) + " days";
  if (s >= 2 * 3600) return std::to_string(s / 3600) + " hours";
  return std::to_string(s / 60) + " minutes";
}

class NumberLinter {
 public:
  explicit NumberLinter(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void operator()(const ast::Defaults& node) {
    const bool operations = node.block.kind.literal == "op_defaults";
    const bool resources = node.block.kind.literal == "rsc_defaults";
    ForEachOption(node.block, [&](const ast::Option& option) {
      if (resources) Meta(option);
      const std::string& name = option.name.literal;
      if (operations || name.ends_with("-timeout") || name.ends_with("-delay") || name.ends_with("-interval")) {
        Duration(option);
      }
      if (name.starts_with("node-health-")) Score(option);
    });
  }
  void operator()(const ast::Primitive& node) { Items(node.items, false); }
  void operator()(const ast::Fence& node) { Items(node.items, false); }
  void operator()(const ast::Members& node) { Items(node.items, true); }
  void operator()(const ast::Node& node) { Items(node.items, false); }
  void operator()(const ast::Bundle& node) {
    for (const ast::BundleItem& item : node.items) {
      const auto* option = std::get_if<ast::Option>(&item);
      if (option != nullptr && option->name.literal == "replicas") Instances(*option);
    }
  }
  void operator()(const ast::Location& node) {
    for (const ast::Clause& clause : node.clauses) Scores(clause.options);
  }
  void operator()(const ast::Relation& node) { Scores(node.options); }
  template <class Other>
  void operator()(const Other&) {}

 private:
  void Items(const std::vector<ast::Item>& items, bool plain) {
    for (const ast::Item& item : items) {
      if (const auto* option = std::get_if<ast::Option>(&item); option != nullptr && plain) Meta(*option);
      if (const auto* operation = std::get_if<ast::Operation>(&item)) {
        for (const ast::Option& option : operation->options) {
          const std::string& name = option.name.literal;
          if (name == "interval" || name == "timeout" || name == "start-delay") Duration(option);
        }
      }
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block == nullptr) continue;
      const std::string& kind = block->kind.literal;
      ForEachOption(*block, [&](const ast::Option& option) {
        if (kind == "meta") Meta(option);
        if (kind == "utilization") Utilization(option);
      });
    }
  }

  void Scores(const std::vector<ast::Option>& options) {
    for (const ast::Option& option : options) {
      if (option.name.literal == "score") Score(option);
    }
  }

  // W0454
  void Score(const ast::Option& option) {
    const ast::Text* text = TextOf(option);
    const auto number = text != nullptr ? AsInteger(text->literal) : std::nullopt;
    if (!number || (*number <= kInfinity && *number >= -kInfinity)) return;
    const char* inf = *number > 0 ? "inf" : "-inf";
    Diagnostic& warning = diagnostics_.Warning("W0454", option.value.span,
                                               "`" + text->literal + "` is beyond INFINITY, which is 1000000");
    warning.label = std::string("counts as `") + inf + '`';
    warning.help.push_back("write `" + option.name.literal + "=" + inf + "` if it is absolute, or less than 1000000");
  }

  void Meta(const ast::Option& option) {
    const ast::Text* text = TextOf(option);
    if (text == nullptr) return;
    const std::string& name = option.name.literal;
    const auto number = ScoreNumber(text->literal);
    if (name == "failure-timeout") Duration(option);
    if (name == "resource-stickiness" || name == "priority") Score(option);
    if (name == "clone-max" || name == "clone-node-max") Instances(option);
    if (!number) return;
    if (name == "resource-stickiness" && *number < 0) {
      Switch(option, "a resource leaves the node that it runs on whenever it can",
             "write `resource-stickiness=" + std::to_string(-*number) + "` if it shall stay, `0` if it may move");
    } else if (name == "migration-threshold" && *number <= 0) {
      Switch(option, "no number of failures moves the resource away: 0 switches the limit off",
             "write `migration-threshold=1` if the first failure shall move it; leave it out for no limit");
    } else if ((name.starts_with("clone-") || name.starts_with("promoted-") || name.starts_with("master-")) &&
               name.ends_with("-max") && *number <= 0) {
      Switch(option, "no copy is ever " + std::string(name.starts_with("clone-") ? "started" : "promoted"),
             "leave it out, or write how many; `meta target-role=stopped` stops a resource");
    }
  }

  // E0405: each instance is a resource of its own for everybody who works on the configuration.
  void Instances(const ast::Option& option) {
    const ast::Text* text = TextOf(option);
    const auto number = text != nullptr ? AsInteger(text->literal) : std::nullopt;
    if (!number || *number <= kInstancesMax) return;
    diagnostics_
        .Error("E0405", option.value.span,
               "this expands to too much: more than " + std::to_string(kInstancesMax) + " instances")
        .help.push_back("write at most `" + option.name.literal + "=" + std::to_string(kInstancesMax) + "`");
  }

  // W0455
  void Switch(const ast::Option& option, const std::string& what, const std::string& help) {
    Diagnostic& warning = diagnostics_.Warning("W0455", option.span, what);
    warning.help.push_back(help);
  }

  // W0456
  void Utilization(const ast::Option& option) {
    const ast::Text* text = TextOf(option);
    if (text == nullptr || text->literal.empty()) return;
    const std::string& value = text->literal;
    if (AsInteger(value).value_or(0) < 0) {
      Diagnostic& warning = diagnostics_.Warning(
          "W0456", option.value.span, "`" + option.name.literal + "` is negative: it makes room on its node");
      warning.help.push_back("write how much is needed, or how much there is");
      return;
    }
    if (AsInteger(value) || (!text->quoted && AsMebibytes(value))) return;
    std::string help = "write a whole number, or a size such as `4GiB`";
    std::size_t digits = 0;
    while (digits < value.size() && std::isdigit(static_cast<unsigned char>(value[digits])) != 0) ++digits;
    const std::string unit = value.substr(digits);
    if (digits > 0 && !unit.empty() && std::isalpha(static_cast<unsigned char>(unit[0])) != 0) {
      const char letter = static_cast<char>(std::toupper(static_cast<unsigned char>(unit[0])));
      if (letter == 'G' || letter == 'M' || letter == 'T' || letter == 'K') {
        help = "write `" + option.name.literal + "=" + value.substr(0, digits) + letter + "iB`, which becomes MiB";
      }
    } else if (unit.starts_with(".")) {
      help = "count in smaller units everywhere, such as thousandths: `" + option.name.literal + "=" +
             std::to_string(static_cast<std::int64_t>(std::strtod(value.c_str(), nullptr) * 1000)) + "`";
    }
    Diagnostic& warning = diagnostics_.Warning("W0456", option.value.span,
                                               "`" + option.name.literal + "` is a whole number, not `" + value + "`");
    warning.label = digits > 0 ? "read as `" + value.substr(0, digits) + "`" : "read as 0";
    warning.help.push_back(help);
  }

  // W0457
  void Duration(const ast::Option& option) {
    const ast::Text* text = TextOf(option);
    const auto seconds = text != nullptr ? AsInteger(text->literal) : std::nullopt;
    if (!seconds || *seconds < kLongS || *seconds % 500 != 0 || *seconds % 3600 == 0) return;
    Diagnostic& warning = diagnostics_.Warning(
        "W0457", option.value.span, "`" + text->literal + "` without a unit is seconds: " + InWords(*seconds));
    const std::string ms = *seconds % 1000 == 0 ? std::to_string(*seconds / 1000) + "s" : text->literal + "ms";
    warning.help.push_back("write `" + option.name.literal + "=" + ms + "` if milliseconds are meant, `" +
                           text->literal + "s` if not");
  }

  Diagnostics& diagnostics_;
};

}  // namespace

void LintNumbers(const PolicyView& view, Diagnostics& diagnostics) {
  NumberLinter linter(diagnostics);
  for (const ast::Statement& statement : view.statements()) std::visit(linter, statement.what);
}

}  // namespace picket::compiler
