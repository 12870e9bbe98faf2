#include "cli/explain_verb.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/diagnostics/registry.h"

namespace picket::cli {
namespace {

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

int Run(std::string code) {
  if (code.empty()) {
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
  std::cout << info->code << ": " << info->title << "\n\n";
  Print(info->explanation, 78);
  if (!info->example.empty()) {
    std::cout << "\nFor example:\n\n";
    std::string_view rest = info->example;
    while (!rest.empty()) {
      const std::size_t newline = rest.find('\n');
      std::cout << "    " << rest.substr(0, newline) << '\n';
      rest = newline == std::string_view::npos ? "" : rest.substr(newline + 1);
    }
  }
  return kOk;
}

}  // namespace

void AddExplainVerb(CLI::App& program, int& status) {
  CLI::App* verb = program.add_subcommand("explain", "Explain the code of a diagnostic");
  const auto code = std::make_shared<std::string>();
  verb->add_option("CODE", *code, "E0207, for example; without one, all are listed");
  verb->footer("Example: picket explain E0206");
  verb->callback([code, &status] { status = Run(*code); });
}

}  // namespace picket::cli
