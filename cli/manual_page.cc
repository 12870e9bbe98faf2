#include "cli/manual_page.h"

#include <string_view>

namespace picket::cli {
namespace {

// Text for roff: a dash is a dash that can be searched for, and no line begins with a request.
std::string Roff(std::string_view text) {
  std::string result;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
    line_begins = c == '\n';
  }
  return result;
}

std::string Upper(std::string text) {
  for (char& c : text) c = c == ' ' ? '-' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string Dashed(std::string path) {
  for (char& c : path) {
    if (c == ' ') c = '-';
  }
  return path;
}

std::string Synopsis(const VerbWords& verb, const std::string& path) {
  std::string text = ".B " + Roff(path) + "\n[options]";
  for (const OptionWords& option : verb.options) {
    if (!option.positional) continue;
    const std::string name = option.names.front() + (option.repeats ? " ..." : "");
    text += option.required ? " " + Roff(name) : " [" + Roff(name) + "]";
  }
  return text + (verb.verbs.empty() ? "\n" : " verb\n");
}

std::string OptionEntry(const OptionWords& option) {
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + name;
  std::string text = ".TP\n.B " + Roff(names) + "\n" + Roff(option.description) + "\n";
  if (!option.choices.empty()) {
    std::string choices;
    for (const std::string& choice : option.choices) choices += (choices.empty() ? "" : ", ") + choice;
    text += "One of: " + Roff(choices) + ".\n";
  }
  return text;
}

}  // namespace

std::string ManualPage(const VerbWords& verb, const std::string& path, const std::string& version) {
  std::string text = ".TH " + Upper(path) + " 1 \"\" \"picket " + Roff(version) + "\" \"Picket\"\n";
  text += ".SH NAME\n" + Roff(Dashed(path)) + " \\- " + Roff(verb.description) + "\n";
  text += ".SH SYNOPSIS\n" + Synopsis(verb, path);
  if (!verb.verbs.empty()) {
    text += ".SH VERBS\n";
    for (const VerbWords& inner : verb.verbs) {
      text += ".TP\n.B " + Roff(inner.name) + "\n" + Roff(inner.description) + "\n";
    }
  }
  text += ".SH OPTIONS\n";
  for (const OptionWords& option : verb.options) text += OptionEntry(option);
  for (const VerbWords& inner : verb.verbs) {
    if (path == "picket" || inner.options.size() <= 1) continue;  // each verb of the program has a page of its own
    text += ".SS " + Roff(path + " " + inner.name) + "\n";
    for (const OptionWords& option : inner.options) text += OptionEntry(option);
  }
  if (!verb.footer.empty()) text += ".SH NOTES\n" + Roff(verb.footer) + "\n";
  text += path == "picket" ? ".SH SEE ALSO\n.B picketd\n(8)\n" : ".SH SEE ALSO\n.BR picket (1)\n";
  return text;
}

}  // namespace picket::cli
