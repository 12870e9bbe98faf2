#include "cli/command_tree.h"

#include <string_view>

namespace picket::cli {
namespace {

// The set in a type such as `TEXT:{text,json,junit}`; empty if the type is no set.
std::vector<std::string> ChoicesOf(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

OptionWords Describe(const CLI::Option& option) {
  OptionWords words;
  words.positional = option.get_positional();
  if (words.positional) {
    words.names.push_back(option.get_name(true));
  } else {
    for (const std::string& name : option.get_snames()) words.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) words.names.push_back("--" + name);
  }
  words.description = option.get_description();
  words.choices = ChoicesOf(option.get_type_name());
  words.takes_value = option.get_type_size_max() > 0 && option.get_items_expected_max() > 0;
  words.repeats = option.get_items_expected_max() > 1;
  words.required = option.get_required();
  return words;
}

}  // namespace

VerbWords DescribeCommands(const CLI::App& program) {
  VerbWords words{program.get_name(), program.get_description(), program.get_footer(), {}, {}};
  for (const CLI::Option* option : program.get_options()) {
    if (!option->get_group().empty()) words.options.push_back(Describe(*option));
  }
  const auto shown = [](const CLI::App* verb) { return !verb->get_group().empty(); };
  for (const CLI::App* verb : program.get_subcommands(shown)) {
    // A group of options is a nameless verb to the library; its options are the verb's own.
    const VerbWords described = DescribeCommands(*verb);
    if (verb->get_name().empty()) {
      words.options.insert(words.options.end(), described.options.begin(), described.options.end());
    } else {
      words.verbs.push_back(described);
    }
  }
  return words;
}

std::vector<std::string> NamesOfVerbs(const VerbWords& verb) {
  std::vector<std::string> names;
  for (const VerbWords& one : verb.verbs) names.push_back(one.name);
  return names;
}

std::vector<std::string> NamesOfOptions(const VerbWords& verb) {
  std::vector<std::string> names;
  for (const OptionWords& option : verb.options) {
    if (option.positional) continue;
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

}  // namespace picket::cli
