// What the command line offers, as data: verbs, their options and the values that an option takes. It is read
// from the declarations that `--help` prints, so that completion and manual pages cannot say anything else.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace picket::cli {

struct OptionWords {
  std::vector<std::string> names;    // `-k`, `--tests`; one name without dashes for a positional argument
  std::string description;           // one sentence
  std::vector<std::string> choices;  // the values it takes, if they are a closed set
  bool takes_value = false;
  bool repeats = false;  // several values may follow
  bool required = false;
  bool positional = false;
};

struct VerbWords {
  std::string name;
  std::string description;
  std::string footer;  // exit statuses, an example
  std::vector<OptionWords> options;
  std::vector<VerbWords> verbs;  // verbs of a verb, as of `lab`
};

// What `program` and its verbs declare, in the order of declaration. Hidden options and verbs are left out.
VerbWords DescribeCommands(const CLI::App& program);

// The names of the verbs of a verb, and of its options with their dashes.
std::vector<std::string> NamesOfVerbs(const VerbWords& verb);
std::vector<std::string> NamesOfOptions(const VerbWords& verb);

}  // namespace picket::cli
