#include "cli/day_verbs.h"

#include <unistd.h>

#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "cli/answer.h"
#include "cli/exit_status.h"
#include "cli/live.h"
#include "runtime/deploy/preview.h"
#include "runtime/deploy/switches.h"
#include "solver/model/text.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;

struct DayOptions {
  LiveOptions live;
  std::string node;
  std::string resource;
  std::string on_off;
  bool keep_services = false;
  int wait_s = 300;
};

std::optional<Json> AskForLive(const DayOptions& options) {
  return AskLive(options.live, {{"verb", "status"}, {"configuration", true}});
}

bool IsConfigured(const Json& live) {
  if (live.value("configured", false)) return true;
  std::cerr << "picket: picketd has no configuration yet; `picket apply FILE` gives it one\n";
  return false;
}

bool HasNode(const Json& live, const std::string& name) {
  std::string known;
  for (const Json& node : live.at("nodes")) {
    const std::string candidate = node.at("name").get<std::string>();
    if (solver::EqualFolded(candidate, name)) return true;
    known += " " + candidate;
  }
  std::cerr << "picket: there is no node `" << name << "`; the nodes are" << known << '\n';
  return false;
}

// The document of a change that is not played before: it says only what is done.
Json ChangeWithoutPreview(const std::string& change) {
  Json document = Envelope("picket-change");
  document["change"] = change;
  document["then"] = Json::array();
  document["messages"] = Json::array();
  return document;
}

int Done(const DayOptions& options, const Shown& shown, const std::optional<Json>& answer) {
  if (!answer) return kEnvironmentWrong;
  if (options.live.json()) TellChange(shown, *answer);
  return kOk;
}

// As JSON: null erases.
Json ValueOrNull(const std::optional<std::string>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// Sets a switch of a node (standby, maintenance) permanently, after showing what that leads to.
int SetNode(const DayOptions& options, const std::string& title, const std::string& name, const std::string& word,
            bool on) {
  const auto live = AskForLive(options);
  if (!live) return kEnvironmentWrong;
  if (!IsConfigured(*live) || !HasNode(*live, options.node)) return kInputWrong;
  const runtime::Hard now = runtime::HardFrom(*live);
  const auto value = on ? std::optional(word) : runtime::ValueThatEnds(now.cib, options.node, name, word);
  const runtime::Hard hard = Applied(now, runtime::SetPermanent{options.node, name, value});
  const Shown shown = ShowChange(options.live, title, *live, hard, nullptr);
  if (!shown.agreed) return shown.status;
  return Done(options, shown,
              AskLive(options.live, {{"verb", "set-attribute"},
                                     {"node", options.node},
                                     {"name", name},
                                     {"value", ValueOrNull(value)},
                                     {"permanent", true}}));
}

int Maintenance(const DayOptions& options) {
  const bool on = options.on_off == "on";
  const std::string word = on ? "true" : "false";
  if (!options.node.empty()) {
    return SetNode(options, "maintenance of " + options.node + " is " + options.on_off, "maintenance", word, on);
  }
  const auto live = AskForLive(options);
  if (!live) return kEnvironmentWrong;
  if (!IsConfigured(*live)) return kInputWrong;
  const runtime::Hard now = runtime::HardFrom(*live);
  const auto value = on ? std::optional(word) : runtime::ValueThatEnds(now.cib, "", "maintenance-mode", word);
  const runtime::Hard hard = Applied(now, runtime::SetProperty{"maintenance-mode", value});
  const Shown shown =
      ShowChange(options.live, "maintenance of the whole cluster is " + options.on_off, *live, hard, nullptr);
  if (!shown.agreed) return shown.status;
  return Done(
      options, shown,
      AskLive(options.live, {{"verb", "set-property"}, {"name", "maintenance-mode"}, {"value", ValueOrNull(value)}}));
}

int Cleanup(const DayOptions& options) {
  const auto live = AskForLive(options);
  if (!live) return kEnvironmentWrong;
  if (!IsConfigured(*live)) return kInputWrong;
  if (!options.node.empty() && !HasNode(*live, options.node)) return kInputWrong;
  // A resource whose history is forgotten is probed first; what follows from the probe is not known here.
  const std::string what = options.resource.empty() ? "what has failed" : options.resource;
  const Shown shown = ShowChange(options.live, "the history of " + what + " is forgotten", *live, std::nullopt,
                                 [&](runtime::Replica& replica) {
                                   for (const auto& node : replica.Snapshot({}).nodes) {
                                     for (const auto& history : node->history) {
                                       if (!options.resource.empty() && history.id != options.resource) continue;
                                       if (!options.node.empty() && !solver::EqualFolded(options.node, *node->uname))
                                         continue;
                                       replica.Apply(runtime::FailuresCleared{*node->uname, history.id, false});
                                     }
                                   }
                                 });
  if (!shown.agreed) return shown.status;
  const auto answer =
      AskLive(options.live, {{"verb", "cleanup"}, {"resource", options.resource}, {"node", options.node}});
  if (!answer) return kEnvironmentWrong;
  if (options.live.json()) {
    TellChange(shown, *answer);
    return kOk;
  }
  for (const Json& cleaned : answer->at("cleaned")) {
    std::cout << "forgotten: " << cleaned.at("resource").get<std::string>() << " on "
              << cleaned.at("node").get<std::string>() << '\n';
  }
  if (answer->at("cleaned").empty()) std::cout << "there was nothing to forget\n";
  return kOk;
}

// A daemon that ends closes its connections one after the other: the socket may take callers for a moment
// longer.
bool IsGone(const std::string& socket, bool closing) {
  constexpr int kTries = 50;
  for (int i = 0; i < (closing ? kTries : 1); ++i) {
    if (i > 0) usleep(100 * 1000);
    runtime::Connection again;
    std::string error;
    if (!again.Open(socket, error)) return true;
  }
  return false;
}

int Stop(const DayOptions& options) {
  const auto live = AskForLive(options);
  if (!live) return kEnvironmentWrong;
  const std::string node = live->at("node").get<std::string>();
  Shown shown;
  shown.document = ChangeWithoutPreview("picketd on " + node + " ends");
  if (live->value("configured", false) && !options.keep_services) {
    shown = ShowChange(options.live, "picketd on " + node + " stops what runs here and leaves", *live, std::nullopt,
                       [&](runtime::Replica& replica) {
                         replica.Apply(runtime::AttributeSet{node, "shutdown", "1"});
                       });
    if (!shown.agreed) return shown.status;
  }
  runtime::Connection connection;
  std::string error;
  if (!connection.Open(options.live.folders().socket(), error) ||
      !connection.Send({{"verb", "stop"}, {"keep_services", options.keep_services}})) {
    std::cerr << "picket: " << error << '\n';
    return kEnvironmentWrong;
  }
  // The connection ends with the daemon.
  auto answer = connection.Read(options.wait_s * 1000);
  if (answer && answer->contains("error")) {
    std::cerr << "picket: " << answer->at("error").get<std::string>() << '\n';
    return kEnvironmentWrong;
  }
  Json still_runs = Json::array();
  while (answer) {
    for (const Json& resource : answer->value("still_runs", Json::array())) {
      std::cerr << "picket: " << resource.get<std::string>() << " is not managed and goes on running on " << node
                << '\n';
      still_runs.push_back(resource);
    }
    answer = connection.Read(options.wait_s * 1000);
  }
  if (!IsGone(options.live.folders().socket(), connection.ended())) {
    std::cerr << "picket: picketd is still stopping services after " << options.wait_s
              << " s; `picket events` says what it waits for\n";
    return kVerdict;
  }
  return Done(options, shown, Json{{"still_runs", still_runs}});
}

CLI::App* AddVerb(CLI::App& program, int& status, const std::string& name, const std::string& help,
                  const std::string& example, const std::shared_ptr<DayOptions>& options,
                  int (*run)(const DayOptions&)) {
  CLI::App* verb = program.add_subcommand(name, help);
  AddChangeOptions(*verb, options->live);
  verb->footer("Example: picket " + example);
  verb->callback([options, run, &status] { status = run(*options); });
  return verb;
}

int Standby(const DayOptions& options) {
  return SetNode(options, options.node + " gives its resources away", "standby", "on", true);
}

int Online(const DayOptions& options) {
  return SetNode(options, options.node + " may run resources", "standby", "off", false);
}

int Recover(const DayOptions& options) {
  Shown shown;
  shown.document = ChangeWithoutPreview("picketd goes on with what it has");
  return Done(options, shown, AskLive(options.live, {{"verb", "recover"}}));
}

}  // namespace

void AddDayVerbs(CLI::App& program, int& status) {
  auto options = std::make_shared<DayOptions>();
  CLI::App* verb = AddVerb(program, status, "standby", "Move everything away from a node and keep it away",
                           "standby n1 --yes", options, Standby);
  verb->add_option("NODE", options->node, "the node")->required();

  options = std::make_shared<DayOptions>();
  verb = AddVerb(program, status, "online", "Let a node that was on standby run resources again", "online n1 --yes",
                 options, Online);
  verb->add_option("NODE", options->node, "the node")->required();

  options = std::make_shared<DayOptions>();
  verb = AddVerb(program, status, "maintenance", "Leave everything as it is, or take it in hand again",
                 "maintenance on --yes", options, Maintenance);
  verb->add_option("STATE", options->on_off, "on or off")->required()->check(CLI::IsMember({"on", "off"}));
  verb->add_option("--node", options->node, "only this node");

  options = std::make_shared<DayOptions>();
  verb = AddVerb(program, status, "cleanup", "Forget failures, so that what failed is probed and tried again",
                 "cleanup db --yes", options, Cleanup);
  verb->add_option("RESOURCE", options->resource, "the resource; by default whatever has failed");
  verb->add_option("--node", options->node, "only on this node");

  options = std::make_shared<DayOptions>();
  verb = AddVerb(program, status, "stop", "Stop what runs on this node, then picketd", "stop --yes", options, Stop);
  verb->add_flag("--keep-services", options->keep_services, "end picketd only; the next one takes over what runs");
  verb->add_option("--wait", options->wait_s, "how many seconds to wait for it")->capture_default_str();

  options = std::make_shared<DayOptions>();
  AddVerb(program, status, "recover", "Go on with an older configuration after the newest one was lost", "recover",
          options, Recover);
}

}  // namespace picket::cli
