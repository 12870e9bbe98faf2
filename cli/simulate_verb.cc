#include "cli/simulate_verb.h"

#include <ctime>
#include <iostream>
#include <memory>

#include "cli/exit_status.h"
#include "cli/simulate_options.h"
#include "cli/simulate_run.h"
#include "solver/cib/values.h"

namespace picket::cli {

namespace {

// As a shell would want it, which is how it is told in the XML output: quotes only where there are blanks.
std::string Quoted(const std::string& word) {
  if (word.find(' ') == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string RequestOf(const std::vector<std::string>& words) {
  std::string request;
  for (const std::string& word : words) request += (request.empty() ? "" : " ") + Quoted(word);
  return request;
}

// `-x`, the option that the last word ends with, as it was written.
std::string LastOption(const std::vector<std::string>& words) {
  const std::string& last = words.back();
  if (last.starts_with("--") || last.empty()) return last;
  return std::string("-") + last.back();
}

std::string FirstUnknown(const CLI::ParseError& error) {
  // CLI11 lists them behind a colon, separated by blanks.
  const std::string text = error.what();
  const size_t colon = text.find(": ");
  if (colon == std::string::npos) return text;
  const std::string list = text.substr(colon + 2);
  return list.substr(0, list.find(' '));
}

bool IsNumber(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

int Run(SimulateOptions& options, const std::vector<std::string>& words) {
  if (!IsNumber(options.repeat)) {
    std::cerr << "crm_simulate: Cannot parse integer value “" << options.repeat << "” for -N\n";
    return simulate_exit::kUsage;
  }
  options.request = RequestOf(words);
  return RunSimulate(options, std::time(nullptr), {std::cin, std::cout, std::cerr});
}

}  // namespace

void AddSimulateVerb(CLI::App& program, const std::vector<std::string>& words, int& status) {
  CLI::App* verb =
      program.add_subcommand("simulate", "What the cluster would do: crm_simulate's options, output and exit codes");
  auto options = std::make_shared<SimulateOptions>();
  AddSimulateOptions(*verb, *options);
  verb->callback([options, words, &status] { status = Run(*options, words); });
}

int TellSimulateUsageError(const CLI::ParseError& error, const std::vector<std::string>& words, std::ostream& err) {
  err << "crm_simulate: ";
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    err << "Unknown option " << FirstUnknown(error) << '\n';
  } else if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    err << "Missing argument for " << LastOption(words) << '\n';
  } else {
    err << error.what() << '\n';
  }
  return simulate_exit::kUsage;
}

}  // namespace picket::cli
