#include "cli/explain_verb.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/answer.h"
#include "cli/exit_status.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/diagnostics/registry.h"
#include "solver/model/behaviour.h"

namespace picket::cli {
namespace {

struct ExplainArguments {
  std::string code;  // empty: all of them
  std::string format = "text";
};

// Paragraphs as wide as a page; indented where they are an example.
void Print(std::string_view text, std::size_t width) {
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    if (column > 0 && column + 1 + blank > width) {
      std::cout << '\n';
      column = 0;
    }
    std::cout << (column > 0 ? " " : "") << text.substr(0, blank);
    column += blank + (column > 0 ? 1 : 0);
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  std::cout << '\n';
}

// Since when in the two lines, as a person writes it.
std::string SinceText(const solver::BehaviourInfo& info) {
  const auto name = [](solver::Release release) { return std::string(solver::ReleaseName(release)); };
  if (!info.since3) return name(*info.since2) + ", in 2.1 only";
  if (!info.since2) return name(*info.since3);
  return *info.since3 == solver::Release::k3_0_0 ? name(*info.since2) : name(*info.since2) + ", " + name(*info.since3);
}

// Every rule that one release has and another has not (spec 07).
int TellVersions(const ExplainArguments& arguments) {
  if (arguments.format == "json") {
    nlohmann::ordered_json document = Envelope("picket-versions");
    document["rules"] = nlohmann::ordered_json::array();
    for (const solver::BehaviourInfo& info : solver::AllBehaviours()) {
      nlohmann::ordered_json rule = {{"entry", info.entry}};
      if (info.since2) rule["since_2"] = solver::ReleaseName(*info.since2);
      if (info.since3) rule["since_3"] = solver::ReleaseName(*info.since3);
      rule["changes"] = solver::EffectText(info.effect);
      rule["now"] = info.now;
      rule["before"] = info.before;
      document["rules"].push_back(std::move(rule));
    }
    std::cout << JsonText(document);
    return kOk;
  }
  for (const solver::BehaviourInfo& info : solver::AllBehaviours()) {
    std::cout << info.entry << "  since " << SinceText(info) << "  (" << solver::EffectText(info.effect) << ")\n";
    std::cout << "    " << info.now << "\n    Before: " << info.before << '\n';
  }
  return kOk;
}

nlohmann::ordered_json JsonOf(const compiler::CodeInfo& info) {
  return {{"code", info.code},       {"severity", info.code.starts_with('W') ? "warning" : "error"},
          {"title", info.title},     {"explanation", info.explanation},
          {"example", info.example}, {"remedy", info.remedy}};
}

int TellJson(const std::vector<const compiler::CodeInfo*>& codes) {
  nlohmann::ordered_json document = Envelope("picket-explain");
  document["codes"] = nlohmann::ordered_json::array();
  for (const compiler::CodeInfo* info : codes) document["codes"].push_back(JsonOf(*info));
  std::cout << JsonText(document);
  return kOk;
}

// A page of the manual: a heading for each code, which is what SARIF's `helpUri` names.
int TellMarkdown(const std::vector<const compiler::CodeInfo*>& codes) {
  std::cout << "# Diagnostics\n\n`picket explain CODE` prints one of these. W codes are warnings.\n";
  for (const compiler::CodeInfo* info : codes) {
    std::cout << "\n<a id=\"" << info->code << "\"></a>\n\n## " << info->code << ": " << info->title << "\n\n";
    Print(info->explanation, 110);
    if (!info->example.empty()) std::cout << "\nBad:\n\n```picket\n" << info->example << "```\n";
    if (!info->remedy.empty()) std::cout << "\nGood:\n\n```picket\n" << info->remedy << "```\n";
  }
  return kOk;
}

// A policy below its heading, indented.
void PrintExample(const std::string& heading, std::string_view policy) {
  if (policy.empty()) return;
  std::cout << '\n' << heading << "\n\n";
  while (!policy.empty()) {
    const std::size_t newline = policy.find('\n');
    std::cout << "    " << policy.substr(0, newline) << '\n';
    policy = newline == std::string_view::npos ? "" : policy.substr(newline + 1);
  }
}

int TellText(const compiler::CodeInfo& info) {
  std::cout << info.code << ": " << info.title << "\n\n";
  Print(info.explanation, 78);
  PrintExample("Bad, this is " + std::string(info.code) + ":", info.example);
  PrintExample("Good:", info.remedy);
  return kOk;
}

int Run(const ExplainArguments& arguments) {
  std::string code = arguments.code;
  if (code == "versions") return TellVersions(arguments);
  if (code.empty()) {
    std::vector<const compiler::CodeInfo*> all;
    for (const compiler::CodeInfo& info : compiler::AllCodes()) all.push_back(&info);
    if (arguments.format == "json") return TellJson(all);
    if (arguments.format == "markdown") return TellMarkdown(all);
    for (const compiler::CodeInfo& info : compiler::AllCodes()) {
      std::cout << info.code << "  " << info.title << '\n';
    }
    return kOk;
  }
  std::transform(code.begin(), code.end(), code.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const compiler::CodeInfo* info = compiler::FindCode(code);
  if (info == nullptr) {
    std::cerr << "picket: no diagnostic has the code `" << code << "`\n";
    std::vector<std::string> codes;
    for (const compiler::CodeInfo& one : compiler::AllCodes()) codes.emplace_back(one.code);
    if (auto nearest = compiler::Nearest(code, codes)) {
      std::cerr << "help: did you mean `" << *nearest << "`?\n";
    }
    return kInputWrong;
  }
  if (arguments.format == "json") return TellJson({info});
  if (arguments.format == "markdown") return TellMarkdown({info});
  return TellText(*info);
}

}  // namespace

void AddExplainVerb(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("explain", "Explain the code of a diagnostic");
  const auto arguments = std::make_shared<ExplainArguments>();
  verb->add_option("CODE", arguments->code,
                   "E0207, for example; without one, all are listed; `versions`: what the releases do differently");
  verb->footer("Example: picket explain E0206");
  verb->add_option("--format", arguments->format, "text, json; or markdown, as a page of the manual")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();
  verb->callback([arguments, &status] { status = Run(*arguments); });
}

}  // namespace picket::cli
