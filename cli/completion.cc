#include "cli/completion.h"

#include <functional>
#include <string_view>

namespace picket::cli {
namespace {

std::string Replaced(std::string_view text, char what, std::string_view by) {
  std::string result;
  for (const char c : text) {
    if (c == what) {
      result += by;
    } else {
      result += c;
    }
  }
  return result;
}

// A word in single quotes, as all three shells read it (fish has its own escape).
std::string Quoted(std::string_view text) {
  return "'" + Replaced(text, '\'', "'\\''") + "'";
}

std::string FishQuoted(std::string_view text) {
  return "'" + Replaced(Replaced(text, '\\', "\\\\"), '\'', "\\'") + "'";
}

std::string Joined(const std::vector<std::string>& words, std::string_view between) {
  std::string result;
  for (const std::string& word : words) {
    if (!result.empty()) result += between;
    result += word;
  }
  return result;
}

// Calls `visit` for the program, its verbs and their verbs, each with its path: "", "lab", "lab up".
void ForEachVerb(const VerbWords& verb, const std::string& path,
                 const std::function<void(const std::string&, const VerbWords&)>& visit) {
  visit(path, verb);
  for (const VerbWords& inner : verb.verbs) {
    ForEachVerb(inner, path.empty() ? inner.name : path + " " + inner.name, visit);
  }
}

// One line of the table that Bash looks in: what may follow the verb, or an option of it.
std::string BashRow(const std::string& key, const std::vector<std::string>& words) {
  return "    " + Quoted(key) + ") words=" + Quoted(Joined(words, " ")) + " ;;\n";
}

}  // namespace

std::string BashCompletion(const VerbWords& program) {
  std::string verbs;
  std::string options;
  std::string values;
  ForEachVerb(program, "", [&](const std::string& path, const VerbWords& verb) {
    if (!verb.verbs.empty()) verbs += BashRow(path, NamesOfVerbs(verb));
    options += BashRow(path, NamesOfOptions(verb));
    for (const OptionWords& option : verb.options) {
      if (option.choices.empty() || option.positional) continue;
      for (const std::string& name : option.names) values += BashRow(path + "|" + name, option.choices);
    }
  });
  return R"(# Completion of picket for Bash.
_picket() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local path='' words='' inner i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    _picket_verbs "$path"
    inner=" $words "
    [[ $inner == *" ${COMP_WORDS[i]} "* ]] && path="${path:+$path }${COMP_WORDS[i]}"
  done
  words=''
  _picket_values "$path|$previous"
  if [[ -z $words ]]; then
    if [[ $current == -* ]]; then
      _picket_options "$path"
    else
      _picket_verbs "$path"
    fi
  fi
  if [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    compopt -o filenames 2>/dev/null
  fi
}

_picket_verbs() {
  words=''
  case $1 in
)" + verbs +
         R"(  esac
}

_picket_options() {
  case $1 in
)" + options +
         R"(  esac
}

_picket_values() {
  case $1 in
)" + values +
         R"(  esac
}

complete -F _picket picket
)";
}

namespace {

// Text in a description of `_arguments`: brackets and colons mean something there.
std::string ZshText(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string ZshOptions(const VerbWords& verb) {
  std::string result;
  for (const OptionWords& option : verb.options) {
    const std::string value = option.choices.empty() ? ":value:_files" : ":value:(" + Joined(option.choices, " ") + ")";
    if (option.positional) {
      const std::string many = option.repeats ? "*" : "";
      result += " \\\n    " + Quoted(many + ":" + ZshText(option.names.front()) + value.substr(value.rfind(':')));
      continue;
    }
    for (const std::string& name : option.names) {
      result += " \\\n    " +
                Quoted("*" + name + "[" + ZshText(option.description) + "]" + (option.takes_value ? value : ""));
    }
  }
  return result;
}

std::string ZshFunctionName(const std::string& path) {
  return "_picket" + (path.empty() ? "" : "_" + Replaced(Replaced(path, ' ', "_"), '-', "_"));
}

std::string ZshFunction(const std::string& path, const VerbWords& verb) {
  std::string text = ZshFunctionName(path) + "() {\n";
  if (verb.verbs.empty()) return text + "  _arguments" + ZshOptions(verb) + "\n}\n\n";
  text += "  local state\n  local -a line verbs\n  _arguments -C" + ZshOptions(verb) +
          " \\\n    '1: :->verb' '*:: :->rest'\n  case $state in\n  verb)\n    verbs=(\n";
  for (const VerbWords& inner : verb.verbs) {
    text += "      " + Quoted(ZshText(inner.name) + ":" + inner.description) + "\n";
  }
  text += "    )\n    _describe verb verbs ;;\n  rest)\n    case $line[1] in\n";
  for (const VerbWords& inner : verb.verbs) {
    text += "    " + inner.name + ") " + ZshFunctionName(path.empty() ? inner.name : path + " " + inner.name) + " ;;\n";
  }
  return text + "    esac ;;\n  esac\n}\n\n";
}

}  // namespace

std::string ZshCompletion(const VerbWords& program) {
  std::string text = "#compdef picket\n# Completion of picket for zsh.\n\n";
  ForEachVerb(program, "", [&](const std::string& path, const VerbWords& verb) { text += ZshFunction(path, verb); });
  return text + "_picket \"$@\"\n";
}

std::string FishCompletion(const VerbWords& program) {
  std::string text = "# Completion of picket for fish.\n";
  ForEachVerb(program, "", [&](const std::string& path, const VerbWords& verb) {
    std::string when;
    for (const std::string& word : CLI::detail::split(path, ' ')) {
      if (!word.empty()) when += (when.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + word);
    }
    const std::string base = "complete -c picket";
    const std::string here = when.empty() ? "" : " -n " + FishQuoted(when);
    const std::string none = "not __fish_seen_subcommand_from " + Joined(NamesOfVerbs(verb), " ");
    for (const VerbWords& inner : verb.verbs) {
      const std::string condition = when.empty() ? none : when + "; and " + none;
      text += base + " -f -n " + FishQuoted(condition) + " -a " + inner.name + " -d " + FishQuoted(inner.description) +
              "\n";
    }
    for (const OptionWords& option : verb.options) {
      if (option.positional) continue;
      std::string line = base + here;
      for (const std::string& name : option.names) {
        line += name.rfind("--", 0) == 0 ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (option.takes_value) line += " -r";
      if (!option.choices.empty()) line += " -f -a " + FishQuoted(Joined(option.choices, " "));
      text += line + " -d " + FishQuoted(option.description) + "\n";
    }
  });
  return text;
}

}  // namespace picket::cli
