#include "web/engine/words.h"

#include "compiler/format/spelling.h"
#include "compiler/syntax/ast.h"
#include "solver/model/overloaded.h"

namespace picket::web {
namespace {

namespace say = compiler::scenario;

std::string Words(const std::vector<say::Name>& names) {
  std::string text;
  for (const say::Name& name : names) text += (text.empty() ? "" : ", ") + WordOf(name.id);
  return text;
}

std::string Of(const std::optional<say::Name>& name, const char* preposition) {
  return name ? std::string(preposition) + WordOf(name->id) : std::string();
}

}  // namespace

std::string WordOf(std::string_view name) {
  // What names may not be bare beside, taken together: a name in quotes is right everywhere.
  static constexpr std::string_view kWords =
      " on by of from to link and or not implies before any fence node start stop promote demote monitor "
      "migrate "
      "notify running stopped promoted unpromoted fenced fencing online count downtime at during given "
      "expect kill "
      "cluster true false when if within ";
  const bool bare = compiler::format::IsPlainName(name) && !(name[0] >= '0' && name[0] <= '9') && name[0] != '-' &&
                    kWords.find(" " + std::string(name) + " ") == std::string_view::npos;
  return bare ? std::string(name) : compiler::format::Quoted(name);
}

std::string OneLine(std::string_view text) {
  std::string line;
  char quote = 0;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      line += c;
      if (c == '\\' && i + 1 < text.size())
        line += text[++i];
      else if (c == quote)
        quote = 0;
      continue;
    }
    if (c == '#') {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    // A line ends a step within `during { … }`; a semicolon does too.
    if (c == '\n' && depth > 0 && !line.empty() && line.back() != '{' && line.back() != ';' && line.back() != ' ')
      line += ';';
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == ';')) line.pop_back();
  return line;
}

std::string StepOf(const say::Fault& any) {
  return std::visit(
      Overloaded{
          [](const say::Kill& fault) { return "kill " + Words(fault.nodes); },
          [](const say::Standby& fault) { return "standby " + Words(fault.nodes); },
          [](const say::Online& fault) { return "online " + Words(fault.nodes); },
          [](const say::Isolate& fault) { return "isolate " + Words(fault.nodes); },
          [](const say::CutLink& fault) { return "cut link " + WordOf(fault.link.id) + Of(fault.node, " of "); },
          [](const say::FailResource& fault) {
            return "fail " + WordOf(fault.resource.id) + (fault.operation ? " " + *fault.operation : "") +
                   Of(fault.node, " on ") + (fault.timed_out ? " rc=timeout" : "") +
                   (fault.times == say::FailResource::kAlways ? " times=always"
                    : fault.times > 1                         ? " times=" + std::to_string(fault.times)
                                                              : "");
          },
          [](const say::FailFence& fault) {
            return "fail " + WordOf(fault.device.id) + " fencing rc=" +
                   (fault.how == say::FailFence::How::kTimesOut ? "timeout"
                    : fault.how == say::FailFence::How::kLies   ? "0"
                                                                : "1");
          },
          [](const say::Hang& fault) { return "hang " + WordOf(fault.resource.id); },
          [](const say::Grant& fault) { return "grant " + WordOf(fault.ticket.id); },
          [](const say::Revoke& fault) { return "revoke " + WordOf(fault.ticket.id); },
          [](const say::Heal& fault) { return "heal" + Of(fault.link, " link ") + Of(fault.node, " of "); },
          [](const say::Repair& fault) { return "repair " + WordOf(fault.subject.id); },
          [](const auto&) { return std::string(); },
      },
      any);
}

}  // namespace picket::web
