#include "cli/status_verb.h"

#include <unistd.h>

#include <ctime>
#include <iostream>
#include <memory>
#include <string>

#include "cli/answer.h"
#include "cli/exit_status.h"
#include "cli/live.h"
#include "simulator/text/status_text.h"
#include "solver/cib/document.h"
#include "solver/cib/read.h"
#include "solver/model/query.h"
#include "solver/model/role.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;

struct StatusOptions {
  LiveOptions live;
  bool watch = false;
  bool cib = false;
  bool follow = false;
  uint64_t since = 0;
};

// --- status ----------------------------------------------------------------------------------------------------

std::string DoingOf(const Json& status) {
  const Json& view = status.at("view");
  if (status.at("waits_for_operator").get<bool>()) {
    const std::string awaited = view.value("waits_for", std::string());
    const std::string number = std::to_string(status.at("index").get<uint64_t>());
    return view.at("group").get<bool>() && awaited != "the other members"
               ? "nothing is started without " + awaited + ": `picket recover` goes on with number " + number
               : "the newest configuration is lost: `picket recover` goes on with number " + number;
  }
  if (!view.at("active").get<bool>()) return "waiting for " + view.at("waits_for").get<std::string>();
  if (!status.at("configured").get<bool>()) return "no configuration yet";
  std::string doing = status.at("leaving").get<bool>() ? "leaving" : "";
  if (!view.at("started").get<bool>()) return "waiting for all nodes before anything is started";
  if (!status.at("settled").get<bool>()) {
    if (!doing.empty()) doing += ", ";
    doing += "carrying out transition " + std::to_string(status.at("transition").get<uint64_t>());
  }
  return doing.empty() ? "settled" : doing;
}

// Who is here, in a group of several.
void TellView(const Json& status) {
  const Json& view = status.at("view");
  if (!view.at("group").get<bool>() || !view.at("active").get<bool>()) return;
  std::cout << "  view " << view.at("term").get<uint64_t>() << " of";
  for (const Json& name : view.at("members")) std::cout << ' ' << name.get<std::string>();
  std::cout << (status.at("quorate").get<bool>() ? ", with quorum" : ", without quorum") << "; "
            << view.at("coordinator").get<std::string>() << " coordinates\n";
  for (const Json& node : status.at("nodes")) {
    const std::string standing = node.at("standing").get<std::string>();
    if (standing != "member") std::cout << "  " << node.at("name").get<std::string>() << " is " << standing << '\n';
  }
  for (const Json& fence : status.at("fencing")) {
    std::cout << "  " << fence.at("by").get<std::string>() << " fences " << fence.at("node").get<std::string>() << " ("
              << fence.at("action").get<std::string>() << ")\n";
  }
}

Json ResourcesOf(const solver::Run& run) {
  Json resources = Json::array();
  for (size_t i = 0; i < run.resources.size(); ++i) {
    const solver::Resource& resource = run.resources[i];
    if (!resource.is_primitive()) continue;
    Json nodes = Json::array();
    for (const solver::NodeId node : resource.active) nodes.push_back(run.at(node).name);
    const bool unpromoted = solver::IsRoleShownAsUnpromoted(run, solver::ResourceId(i));
    resources.push_back({{"id", resource.id},
                         {"class", resource.cls},
                         {"provider", resource.provider},
                         {"type", resource.type},
                         {"role", solver::RoleName(unpromoted ? solver::Role::kUnpromoted : resource.role)},
                         {"nodes", std::move(nodes)},
                         {"failed", resource.failed},
                         {"managed", resource.managed},
                         {"blocked", resource.blocked}});
  }
  return resources;
}

void TellText(const Json& status, solver::Run* run) {
  std::cout << "picketd on " << status.at("node").get<std::string>() << ", configuration "
            << status.at("index").get<uint64_t>();
  const std::string source = status.at("source").get<std::string>();
  if (!source.empty()) std::cout << " from " << source;
  std::cout << ": " << DoingOf(status) << '\n';
  TellView(status);
  for (const Json& flight : status.at("in_flight")) {
    std::cout << "  in flight: " << flight.at("operation").get<std::string>() << " of "
              << flight.at("resource").get<std::string>() << " on " << flight.at("node").get<std::string>() << '\n';
  }
  for (const Json& message : status.at("messages")) std::cout << "  note: " << message.get<std::string>() << '\n';
  if (!run) return;
  simulator::TextWriter writer(std::cout, false);
  simulator::WriteStatus(writer, *run, "Cluster status", {true, false, true});
}

int TellStatus(const StatusOptions& options) {
  auto status = AskLive(options.live, {{"verb", "status"}});
  if (!status) return kEnvironmentWrong;
  const std::string text = status->at("cib").get<std::string>();
  if (options.cib) {
    std::cout << text;
    return kOk;
  }
  pugi::xml_document document;
  solver::DocumentError error;
  solver::Cluster cluster;
  solver::State state;
  solver::Run run;
  const bool configured = status->at("configured").get<bool>();
  if (configured) {
    if (!solver::ParseDocument(text, document, error)) {
      std::cerr << "picket: " << error.message << '\n';
      return kDefect;
    }
    cluster = solver::ReadCluster(document);
    state = solver::ReadState(document, {}, {});
    solver::ReadStatus(cluster, state, run, nullptr);
  }
  if (options.live.json()) {
    status->erase("cib");
    (*status)["resources"] = configured ? ResourcesOf(run) : Json::array();
    Json document = Envelope("picket-status");
    document.update(*status);
    std::cout << JsonText(document);
  } else {
    TellText(*status, configured ? &run : nullptr);
  }
  std::cout << std::flush;
  return kOk;
}

int Watch(const StatusOptions& options) {
  runtime::Connection connection;
  std::string error;
  if (!connection.Open(options.live.folders().socket(), error) || !connection.Send({{"verb", "watch"}})) {
    std::cerr << "picket: " << error << '\n';
    return kEnvironmentWrong;
  }
  const bool terminal = isatty(STDOUT_FILENO) != 0 && !options.live.json();
  while (connection.Read(-1)) {
    // Several changes in a row are one picture.
    while (connection.Read(50)) {
    }
    if (terminal) std::cout << "\033[H\033[2J";
    const int status = TellStatus(options);
    if (status != kOk) return status;
    if (!std::cout) return kEnvironmentWrong;
    if (!terminal && !options.live.json()) std::cout << '\n';
  }
  std::cerr << "picket: picketd is gone\n";
  return kOk;
}

// --- events ----------------------------------------------------------------------------------------------------

void TellEvent(const StatusOptions& options, const Json& event) {
  if (options.live.json()) {
    Json document = Envelope("picket-event");
    document.update(event);
    std::cout << document.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    return;
  }
  const time_t when = static_cast<time_t>(event.at("wall_ms").get<int64_t>() / 1000);
  tm local{};
  localtime_r(&when, &local);
  char stamp[32];
  std::strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", &local);
  std::cout << stamp << "  ";
  const std::string level = event.at("level").get<std::string>();
  if (level == "warning" || level == "error") std::cout << level << ": ";
  for (const char* part : {"node", "resource"}) {
    const std::string text = event.at(part).get<std::string>();
    if (!text.empty()) std::cout << text << ": ";
  }
  std::cout << event.at("text").get<std::string>() << std::endl;
}

int Events(const StatusOptions& options) {
  runtime::Connection connection;
  std::string error;
  if (!connection.Open(options.live.folders().socket(), error) ||
      !connection.Send({{"verb", "events"}, {"since", options.since}, {"follow", options.follow}})) {
    std::cerr << "picket: " << error << '\n';
    return kEnvironmentWrong;
  }
  while (const auto event = connection.Read(-1)) {
    if (event->contains("end")) return kOk;
    if (event->contains("error")) {
      std::cerr << "picket: " << event->at("error").get<std::string>() << '\n';
      return kInputWrong;
    }
    TellEvent(options, *event);
    if (!std::cout) return kEnvironmentWrong;
  }
  return options.follow ? kOk : kEnvironmentWrong;
}

}  // namespace

void AddStatusVerbs(CLI::App& program, int& status) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App* verb = program.add_subcommand("status", "What a running picketd does, and what runs where");
  AddLiveOptions(*verb, options->live);
  verb->add_flag("--watch", options->watch, "again whenever something changes");
  verb->add_flag("--cib", options->cib, "the whole CIB as it is now, for `picket simulate -x`");
  verb->footer("Example: picket status --watch");
  verb->callback([options, &status] { status = options->watch ? Watch(*options) : TellStatus(*options); });

  options = std::make_shared<StatusOptions>();
  verb = program.add_subcommand("events", "What a running picketd did, oldest first");
  AddLiveOptions(*verb, options->live);
  verb->add_flag("-f,--follow", options->follow, "and what it does from now on");
  verb->add_option("--since", options->since, "only those with a higher number");
  verb->footer("Example: picket events --follow");
  verb->callback([options, &status] { status = Events(*options); });
}

}  // namespace picket::cli
