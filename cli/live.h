// What the verbs that talk to a running picketd have in common: where it is, asking it, showing a change before it
// is made, and asking whether it should be.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "execution/plan/orders.h"
#include "runtime/control/client.h"
#include "runtime/store/replica.h"

namespace picket::cli {

struct LiveOptions {
  std::string folder;
  std::string format = "text";
  bool yes = false;
  bool dry_run = false;

  runtime::Folders folders() const { return runtime::FoldersIn(folder); }
  bool json() const { return format == "json"; }
};

void AddLiveOptions(CLI::App& verb, LiveOptions& options);
// The above, and --yes and --dry-run.
void AddChangeOptions(CLI::App& verb, LiveOptions& options);

// One question to picketd; complains on stderr if there is no good answer.
std::optional<nlohmann::ordered_json> AskLive(const LiveOptions& options, const nlohmann::ordered_json& request);

// Changes a replica of what is live, and shows what the cluster would then do.
using Change = std::function<void(runtime::Replica&)>;
struct Shown {
  execution::Plan plan;
  nlohmann::ordered_json document;  // for programs: `picket-change`, so far without the answer
  bool agreed = false;              // to be carried out
  int status = 0;                   // the exit status if not
};
// How people are asked whether they mean it.
struct Question {
  std::string text = "Do it?";
  std::string word;  // what has to be typed; empty: yes
  // Why a change that would lead to this is pointless or something else than was asked for; empty if it is not.
  std::function<std::string(const execution::Plan&)> objection;
};
// `title` says what is about to be done. For programs nothing is printed if the change is agreed to:
// `TellChange` does that once picketd has answered. `hard`: the hard state after the change, if that is what
// changes.
Shown ShowChange(const LiveOptions& options, const std::string& title, const nlohmann::ordered_json& live,
                 const std::optional<runtime::Hard>& hard, const Change& change, const Question& question = {});

// Prints for programs what was shown and what picketd answered, as one document.
void TellChange(const Shown& shown, const nlohmann::ordered_json& answer);

}  // namespace picket::cli
