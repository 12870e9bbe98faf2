#include "cli/serve_cluster.h"

#include <sys/random.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <iostream>
#include <sstream>

#include "cli/adopt.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/interactive.h"
#include "cli/live_port.h"
#include "cli/proposal.h"
#include "cli/read_cib.h"
#include "compiler/topology/corosync_reader.h"
#include "runtime/control/client.h"
#include "runtime/deploy/preview.h"
#include "runtime/deploy/push.h"
#include "runtime/deploy/switches.h"
#include "simulator/world/from_topology.h"
#include "solver/cib/document.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using Verb = web::Change::Verb;
using web::Json;

constexpr int64_t kSettings_s = 60;  // for how long links and votes are not read again
constexpr int64_t kAnew_s = 30;      // after so long even the same CIB is told anew: some of it depends on the time
constexpr size_t kDriftMax = 200;

std::string LiveInput(const ServeOptions& options) {
  return options.input.empty() ? "live:" : options.input;
}

std::string ConfigurationText(const pugi::xml_document& cib) {
  std::ostringstream text;
  cib.document_element().child("configuration").print(text, "", pugi::format_raw);
  return text.str();
}

// What the policy would do to one object, on one line.
std::string DriftLine(const runtime::Change& change) {
  static constexpr const char* kWords[] = {"is missing: ", "differs: ", "should be gone: "};
  std::string line = kWords[static_cast<size_t>(change.kind)] + change.object;
  if (!change.about.empty()) line += " (" + change.about + ")";
  for (const runtime::Detail& detail : change.details) {
    const auto told = [](const std::string& value) { return value.empty() ? std::string("not set") : value; };
    line += (&detail == &change.details.front() ? ": " : "; ") + detail.part + " is " + told(detail.before) +
            ", the policy says " + told(detail.after);
  }
  return line;
}

Json DriftLines(const Proposal& proposal) {
  Json lines = Json::array();
  const Drift drift = DriftOf(proposal);
  for (const runtime::Change& change : drift.changes) lines.push_back(DriftLine(change));
  for (const std::string& key : drift.beside) lines.push_back("not in the policy: " + key);
  if (lines.size() > kDriftMax) {
    const size_t more = lines.size() - kDriftMax;
    lines.erase(lines.begin() + kDriftMax, lines.end());
    lines.push_back("and " + std::to_string(more) + " more: `picket drift`");
  }
  return lines;
}

}  // namespace

ServeCluster::ServeCluster(const ServeOptions& options, web::Board& board) : options_(options), board_(board) {
  if (!IsFile()) host_.name = LiveInput(options).substr(std::string("live:").size());
}

ServeCluster::~ServeCluster() {
  End();
}

bool ServeCluster::IsFile() const {
  return !IsLive(LiveInput(options_));
}

std::string ServeCluster::Told() const {
  if (IsFile()) return "from the file " + options_.input;
  return host_.name.empty() ? "the cluster of this machine" : "the cluster of " + host_.name;
}

int ServeCluster::Begin() {
  if (IsFile()) {
    Unread unread;
    const auto text = ReadInput(options_.input, std::cin, unread);
    if (!text) return TellUnread(options_.input, unread);
    if (const std::string why = WhyNoCib(*text); !why.empty()) return TellNoCib(options_.input, why);
  }
  if (!options_.policy.empty()) {
    Wanted wanted;
    if (const int status = LoadWanted({options_.policy, "", false}, "", wanted); status != kOk) return status;
  }
  std::string reason;
  if (Look(reason)) return kOk;
  std::cerr << "picket: " << reason << '\n';
  return kEnvironmentWrong;
}

bool ServeCluster::Look(std::string& reason) {
  std::optional<std::string> text;
  if (IsFile()) {
    Unread unread;
    text = ReadInput(options_.input, std::cin, unread);
    if (!text) reason = options_.input + ": " + unread.text;
  } else {
    bool from_picketd = false;
    text = QueryCib(host_, reason, &from_picketd);
    picketd_ = from_picketd;
  }
  if (!text) return false;
  const int64_t now_s = NowS();
  if (*text == text_ && now_s - taken_s_ < kAnew_s && board_.StillSo(now_s)) return true;
  auto reading = std::make_shared<web::Reading>();
  if (!web::ReadCibText(*text, now_s, *reading, reason)) return false;
  Json picture;
  solver::WithLargeStack([&] { picture = web::PictureOf(*reading, now_s); });
  Json drift = DriftOf(*reading, now_s);
  board_.Show(std::move(reading), std::move(picture), std::move(drift), now_s);
  text_ = std::move(*text);
  taken_s_ = now_s;
  return true;
}

Json ServeCluster::DriftOf(const web::Reading& reading, int64_t now_s) {
  if (options_.policy.empty()) return nullptr;
  // By its text: picketd changes attributes of nodes without a new version.
  std::string configuration = ConfigurationText(reading.document);
  if (drift_of_ == configuration && now_s - drift_s_ < kAnew_s) return drift_;
  drift_of_ = std::move(configuration);
  drift_s_ = now_s;
  solver::WithLargeStack([&] {
    Wanted wanted;
    const std::string schema = reading.document.document_element().attribute("validate-with").value();
    if (LoadWanted({options_.policy, "", false}, schema, wanted) != kOk) {
      drift_ = Json::array({"the policy " + options_.policy + " cannot be read now; the server's messages say why"});
      return;
    }
    Proposal proposal;
    Propose(wanted, reading.document, {}, proposal);
    drift_ = DriftLines(proposal);
    for (Json& line : drift_) line = web::Masked(reading, Scrubbed(line.get<std::string>(), wanted.secret_values));
    const std::lock_guard lock(mutex_);
    if (wanted.settings) settings_ = *wanted.settings;
    settings_of_policy_ = wanted.settings.has_value();
  });
  return drift_;
}

void ServeCluster::Watch() {
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!ending_) {
      wake_.wait_for(lock, std::chrono::duration<double>(soon_ ? 0.2 : options_.every_s), [this] { return ending_; });
      if (ending_) return;
      soon_ = false;
      lock.unlock();
      std::string reason;
      try {
        if (!Look(reason)) board_.Lose(reason, NowS());
      } catch (const std::exception& error) {
        board_.Lose(error.what(), NowS());
      }
      lock.lock();
    }
  });
}

void ServeCluster::End() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ServeCluster::LookSoon() {
  {
    const std::lock_guard lock(mutex_);
    soon_ = true;
  }
  wake_.notify_all();
}

int64_t ServeCluster::NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

int64_t ServeCluster::NowS() {
  return static_cast<int64_t>(std::time(nullptr));
}

std::string ServeCluster::Random() {
  unsigned char bytes[24];
  if (getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) std::abort();
  std::string text;
  for (const unsigned char byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

simulator::WorldSettings ServeCluster::Settings() {
  const int64_t now_s = NowS();
  std::unique_lock lock(mutex_);
  const bool old = settings_s_ == 0 || now_s - settings_s_ > kSettings_s;
  if (!IsFile() && !settings_of_policy_ && old) {
    settings_s_ = now_s;
    lock.unlock();
    const auto text = ReadLiveCorosync(LiveInput(options_));
    compiler::CorosyncError error;
    const auto topology = text ? compiler::ReadCorosyncConf(*text, error) : std::nullopt;
    lock.lock();
    if (topology) settings_ = simulator::SettingsFrom(*topology);
  }
  simulator::WorldSettings settings = settings_;
  settings.picket_engine = picketd_;
  settings.keep_story = false;
  return settings;
}

std::vector<Verb> ServeCluster::Verbs() {
  if (IsFile()) return {};
  if (!picketd_) return web::AllVerbs();
  // picketd's requests go to the socket of this machine.
  if (!host_.name.empty()) return {};
  return {Verb::kStandby, Verb::kOnline, Verb::kMaintenanceOn, Verb::kMaintenanceOff, Verb::kCleanup};
}

std::string ServeCluster::Carry(const web::Change& change, const std::string& configuration) {
  std::string why;
  if (picketd_)
    why = CarryByPicketd(change);
  else
    why = web::IsEdit(change) ? CarryByPatch(change, configuration) : CarryByCleanup(change);
  LookSoon();
  bool reachable = false;
  const auto reading = board_.Last(reachable);
  return reading ? web::Masked(*reading, why) : why;
}

std::string ServeCluster::CarryByPatch(const web::Change& change, const std::string& configuration) {
  LivePort port(host_, [this](const std::string& text) {
    bool reachable = false;
    const auto reading = board_.Last(reachable);
    return reading ? web::Masked(*reading, text) : text;
  });
  runtime::PushOptions push;
  push.allow_no_quorum = host_.name.empty() && IsCibFromFile();
  const runtime::TargetMaker make = [&](const pugi::xml_document& live, pugi::xml_document& target,
                                        std::string& reason) {
    if (VersionText(runtime::VersionOf(live)) != configuration) {
      reason = "somebody else has changed the configuration; look again";
      return false;
    }
    target.reset(live);
    target.document_element().remove_child("status");
    return web::Edit(change, target, reason);
  };
  const runtime::PushResult result = runtime::Push(port, make, push);
  switch (result.end) {
    case runtime::PushResult::End::kApplied:
      return "";
    case runtime::PushResult::End::kNothing:
      return "there was nothing to change";
    case runtime::PushResult::End::kUnknown:
      return "it is not known whether that was done: " + result.reason;
    default:
      return "nothing was changed: " + result.reason;
  }
}

std::string ServeCluster::CarryByCleanup(const web::Change& change) {
  std::vector<std::string> words = {"crm_resource", "--cleanup"};
  if (!change.resource.empty()) words.insert(words.end(), {"--resource=" + change.resource});
  if (!change.node.empty()) words.insert(words.end(), {"--node=" + change.node});
  const ProgramRun run = host_.Run(words);
  if (run.end == ProgramRun::End::kExited && run.status == 0) return "";
  return "crm_resource: " + Complaint(run);
}

std::string ServeCluster::CarryByPicketd(const web::Change& change) {
  const std::string socket = runtime::FoldersIn({}).socket();
  std::string error;
  const auto status = runtime::Ask(socket, {{"verb", "status"}, {"configuration", true}}, error);
  if (!status) return error;
  Json request;
  const auto turn = [&](const char* name, bool on, const char* on_word, const char* off_word) {
    Json value = on_word;
    if (!on) {
      const auto kept = runtime::ValueThatEnds(runtime::HardFrom(*status).cib, change.node, name, off_word);
      value = kept ? Json(*kept) : Json(nullptr);
    }
    request = {{"verb", change.node.empty() ? "set-property" : "set-attribute"}, {"name", name}, {"value", value}};
    if (!change.node.empty()) request.update({{"node", change.node}, {"permanent", true}});
  };
  switch (change.verb) {
    case Verb::kStandby:
    case Verb::kOnline:
      turn("standby", change.verb == Verb::kStandby, "on", "off");
      break;
    case Verb::kMaintenanceOn:
    case Verb::kMaintenanceOff:
      turn(change.node.empty() ? "maintenance-mode" : "maintenance", change.verb == Verb::kMaintenanceOn, "true",
           "false");
      break;
    case Verb::kCleanup:
      request = {{"verb", "cleanup"}, {"resource", change.resource}, {"node", change.node}};
      break;
    default:
      return "picketd does not offer this";
  }
  return runtime::Ask(socket, request, error) ? "" : error;
}

std::string ServeCluster::WhatIf(const web::Reading& reading, std::string& reason) {
  pugi::xml_document document;
  document.reset(reading.document);
  // Agents write these texts freely. `web/serve/picture` masks the values of parameters.
  for (const auto& found : document.select_nodes("//@exit-reason")) {
    found.attribute().set_value(web::Masked(reading, found.attribute().value()).c_str());
  }
  const auto taken = static_cast<std::time_t>(NowS());
  std::tm fields{};
  char stamp[32] = {};
  if (gmtime_r(&taken, &fields)) std::strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M UTC", &fields);
  std::string html;
  const std::string name = ClusterNameOf(reading.document) + " as of " + stamp;
  if (MakeInteractive(name, solver::DocumentText(document), html, reason) != kOk) return "";
  return html;
}

void ServeCluster::NewToken(const std::string& token) {
  if (on_new_token) on_new_token(token);
}

void ServeCluster::WithLargeStack(const std::function<void()>& work) {
  solver::WithLargeStack(work);
}

}  // namespace picket::cli
