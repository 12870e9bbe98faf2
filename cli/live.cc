#include "cli/live.h"

#include <unistd.h>

#include <iostream>

#include "cli/answer.h"
#include "cli/exit_status.h"
#include "runtime/deploy/preview.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;

// On a terminal people are asked; a program has to say --yes.
bool Agreed(const LiveOptions& options, const Question& question, Shown& shown) {
  if (const std::string why = question.objection ? question.objection(shown.plan) : ""; !why.empty()) {
    std::cerr << "picket: nothing was changed: " << why << '\n';
    shown.status = kVerdict;
    return false;
  }
  if (options.dry_run) return false;
  if (options.yes) return true;
  if (!isatty(STDIN_FILENO)) {
    std::cerr << "picket: nothing was changed: say --yes to do it, or --dry-run to see only\n";
    shown.status = kInputWrong;
    return false;
  }
  const std::string& word = question.word;
  std::cerr << question.text << (word.empty() ? " [y/N] " : " Type " + word + " to go on: ") << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (word.empty() ? answer == "y" || answer == "Y" || answer == "yes" : answer == word) return true;
  std::cerr << "picket: nothing was changed\n";
  shown.status = kVerdict;
  return false;
}

}  // namespace

void AddLiveOptions(CLI::App& verb, LiveOptions& options) {
  verb.add_option("--dir", options.folder, "the folder that picketd was started with, if it was");
  verb.add_option("--format", options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

void AddChangeOptions(CLI::App& verb, LiveOptions& options) {
  AddLiveOptions(verb, options);
  verb.add_flag("-y,--yes", options.yes, "do it without asking");
  verb.add_flag("--dry-run", options.dry_run, "only show what would happen");
}

std::optional<Json> AskLive(const LiveOptions& options, const Json& request) {
  std::string error;
  std::optional<Json> answer = runtime::Ask(options.folders().socket(), request, error);
  if (!answer) std::cerr << "picket: " << error << '\n';
  return answer;
}

Shown ShowChange(const LiveOptions& options, const std::string& title, const Json& live,
                 const std::optional<runtime::Hard>& hard, const Change& change, const Question& question) {
  Shown shown;
  std::string error;
  std::optional<runtime::Replica> replica = runtime::ReplicaFrom(live, hard, error);
  if (!replica) {
    std::cerr << "picket: " << error << '\n';
    shown.status = kInputWrong;
    return shown;
  }
  if (change) change(*replica);
  solver::WithLargeStack([&] { shown.plan = runtime::Preview(*replica, live); });
  if (options.json()) {
    shown.document = Envelope("picket-change");
    shown.document["change"] = title;
    shown.document["then"] = shown.plan.changes;
    shown.document["messages"] = shown.plan.messages;
  } else {
    std::cout << title << '\n';
    if (shown.plan.changes.empty()) std::cout << "  nothing else changes\n";
    for (const std::string& line : shown.plan.changes) std::cout << "  then: " << line << '\n';
    for (const std::string& message : shown.plan.messages) std::cerr << "  note: " << message << '\n';
  }
  std::cout << std::flush;
  shown.agreed = Agreed(options, question, shown);
  if (options.json() && !shown.agreed) std::cout << JsonText(shown.document) << std::flush;
  return shown;
}

void TellChange(const Shown& shown, const Json& answer) {
  Json document = shown.document;
  document["answer"] = answer;
  std::cout << JsonText(document);
}

}  // namespace picket::cli
