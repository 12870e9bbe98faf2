#include "compiler/profile/profile.h"

#include <algorithm>
#include <array>

#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

using Relation = Opinion::Relation;
using Subject = Opinion::Subject;

constexpr std::size_t kOpinionsMax = 10000;

// The words of a line. A text in double quotes is one word and keeps the quote in front, which tells it from others.
std::optional<std::vector<std::string>> WordsOf(std::string_view line) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < line.size()) {
    const char c = line[at];
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at;
    } else if (c == '#') {
      break;
    } else if (c == '"') {
      const std::size_t end = line.find('"', at + 1);
      if (end == std::string_view::npos) return std::nullopt;
      words.emplace_back(line.substr(at, end - at));
      at = end + 1;
    } else {
      const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
      words.emplace_back(line.substr(at, end - at));
      at = end;
    }
  }
  return words;
}

std::optional<Relation> RelationOf(std::string_view word) {
  if (word == "=") return Relation::kEqual;
  if (word == "!=") return Relation::kNotEqual;
  if (word == ">=") return Relation::kAtLeast;
  if (word == "<=") return Relation::kAtMost;
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(ProfileFault& fault) : fault_(fault) {}

  std::optional<Profile> Read(std::string_view text) {
    while (!text.empty()) {
      ++fault_.line;
      const std::size_t end = std::min(text.find('\n'), text.size());
      const auto words = WordsOf(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (!words) return Fail("a text in quotes has no end", "close it with `\"` on the same line");
      if (!words->empty() && !Line(*words)) return std::nullopt;
    }
    if (profile_.name.empty()) return Fail("no profile", "begin with a line `profile NAME`");
    return std::move(profile_);
  }

 private:
  std::optional<Profile> Fail(std::string message, std::string help) {
    Refuse(std::move(message), std::move(help));
    return std::nullopt;
  }
  bool Refuse(std::string message, std::string help) {
    fault_.message = std::move(message);
    fault_.help = std::move(help);
    return false;
  }

  bool Line(std::vector<std::string> words) {
    if (profile_.name.empty() || words.front() == "profile") {
      if (words.front() != "profile" || words.size() != 2 || words[1].front() == '"' || !profile_.name.empty())
        return Refuse("expected one line `profile NAME` before all others", "begin with a line `profile NAME`");
      profile_.name = words[1];
      return true;
    }
    if (profile_.opinions.size() == kOpinionsMax)
      return Refuse("more than " + std::to_string(kOpinionsMax) + " lines", "split it into several profiles");
    Opinion opinion;
    if (words.back().front() == '"' && words.size() > 1) {
      opinion.reason = words.back().substr(1);
      words.pop_back();
    }
    if (words.size() > 2 && words[words.size() - 2] == "where") {
      opinion.where = words.back();
      words.resize(words.size() - 2);
    }
    if (!Compared(words, opinion) || !Named(words, opinion)) return false;
    profile_.opinions.push_back(std::move(opinion));
    return true;
  }

  // The relation and the value at the end; leaves what is in front of them.
  bool Compared(std::vector<std::string>& words, Opinion& opinion) {
    const auto relation = words.size() >= 3 ? RelationOf(words[words.size() - 2]) : std::nullopt;
    if (!relation) {
      return Refuse("expected a comparison such as `= 30s` or `>= 2`",
                    "write `SUBJECT NAME = VALUE`, with blanks around `=`, `!=`, `>=` or `<=`");
    }
    opinion.relation = *relation;
    opinion.value = words.back().front() == '"' ? words.back().substr(1) : words.back();
    words.resize(words.size() - 2);
    const bool bounds = *relation == Relation::kAtLeast || *relation == Relation::kAtMost;
    const auto number = AsInteger(opinion.value);
    if (bounds && !AsDurationMs(opinion.value) && !(number && *number >= 0)) {
      return Refuse("`" + opinion.value + "` is no amount that can be compared",
                    "write a number such as `2`, or a duration such as `30s`");
    }
    return true;
  }

  struct Form {
    std::string_view word;
    Subject subject;
    std::size_t words;  // with the first
    std::string_view form;
  };
  static constexpr std::array<Form, 12> kForms = {{
      {"totem", Subject::kSection, 2, "totem OPTION"},
      {"quorum", Subject::kSection, 2, "quorum OPTION"},
      {"crypto", Subject::kSection, 2, "crypto OPTION"},
      {"sbd", Subject::kSection, 2, "sbd OPTION"},
      {"property", Subject::kProperty, 2, "property OPTION"},
      {"rsc_defaults", Subject::kDefaults, 2, "rsc_defaults OPTION"},
      {"op_defaults", Subject::kDefaults, 2, "op_defaults OPTION"},
      {"param", Subject::kParameter, 3, "param AGENT PARAMETER"},
      {"meta", Subject::kMeta, 3, "meta AGENT OPTION"},
      {"op", Subject::kOperation, 4, "op AGENT OPERATION OPTION"},
      {"links", Subject::kLinks, 1, "links"},
      {"transport", Subject::kTransport, 1, "transport"},
  }};

  bool Named(const std::vector<std::string>& words, Opinion& opinion) {
    const auto form = std::find_if(kForms.begin(), kForms.end(), [&](const Form& one) { return one.word == words[0]; });
    if (form == kForms.end()) {
      std::vector<std::string> known;
      for (const Form& one : kForms) known.emplace_back(one.word);
      const auto nearest = Nearest(words[0], known);
      return Refuse("`" + words[0] + "` is nothing that a profile speaks of",
                    nearest ? "did you mean `" + *nearest + "`?"
                            : "known are totem, quorum, crypto, sbd, property, rsc_defaults, op_defaults, param, meta, "
                              "op, links and transport");
    }
    // An operation may say its role.
    const bool role = form->subject == Subject::kOperation && words.size() == 5;
    if (words.size() != form->words && !role)
      return Refuse("`" + words[0] + "` is followed by too much or too little",
                    "write `" + std::string(form->form) + " = VALUE`");
    opinion.subject = form->subject;
    if (form->subject == Subject::kSection || form->subject == Subject::kDefaults) opinion.section = words[0];
    if (form->words >= 3) opinion.agent = words[1];
    if (form->words == 4) opinion.operation = words[2];
    if (role) opinion.role = words[3];
    if (form->words > 1) opinion.name = words.back();
    return true;
  }

  ProfileFault& fault_;
  Profile profile_;
};

}  // namespace

std::optional<Profile> ReadProfile(std::string_view text, ProfileFault& fault) {
  fault = {};
  return Reader(fault).Read(text);
}

}  // namespace picket::compiler
