#include "cli/carry_out.h"

#include <pwd.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <set>
#include <tuple>

#include "cli/answer.h"
#include "cli/exit_status.h"
#include "cli/journal.h"
#include "cli/live_port.h"
#include "cli/proposal_text.h"
#include "cli/unpack.h"
#include "runtime/deploy/push.h"
#include "runtime/deploy/serving.h"
#include "solver/cib/document.h"
#include "solver/cib/values.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;
using pugi::xml_document;
using runtime::PushResult;

constexpr int kStopLimit_s = 300;
constexpr const char* kInputs = "/var/lib/pacemaker/pengine/";

// Where the course of an apply is told: with JSON the standard output holds one document and nothing else.
std::ostream& Course(const CarryOptions& options) {
  return options.format == "json" ? std::cerr : std::cout;
}

// --- who did it

std::string TimeText(int64_t now_s) {
  const auto time = static_cast<time_t>(now_s);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string Author() {
  const passwd* user = getpwuid(getuid());
  char name[HOST_NAME_MAX + 1] = {};
  gethostname(name, sizeof name - 1);
  return std::string(user ? user->pw_name : "somebody") + "@" + name;
}

std::string Nonce() {
  unsigned char bytes[8] = {};
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) bytes[0] = static_cast<unsigned char>(getpid());
  std::string text;
  for (const unsigned char byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

// The commit that the file is from; empty where there is none. With a `+` if it was changed since.
std::string CommitOf(const std::string& file) {
  const size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  const ProgramLimits limits{std::chrono::seconds(5), 1 << 16};
  ProgramRun run = RunProgram({"git", "-C", folder, "rev-parse", "HEAD"}, {"LC_ALL=C"}, limits);
  if (run.end != ProgramRun::End::kExited || run.status != 0) return "";
  std::string commit = run.output.substr(0, run.output.find('\n'));
  const ProgramRun changed =
      RunProgram({"git", "-C", folder, "status", "--porcelain", "--", file.substr(slash + 1)}, {"LC_ALL=C"}, limits);
  return commit + (changed.output.empty() ? "" : "+");
}

std::map<std::string, std::string> NotesFor(const Wanted& wanted, const xml_document& live) {
  std::map<std::string, std::string> notes = {{"at", TimeText(NowS())},
                                              {"by", Author()},
                                              {"from", wanted.source},
                                              {"base", VersionText(runtime::VersionOf(live))},
                                              {"run", Nonce()}};
  if (const std::string commit = CommitOf(wanted.source); !commit.empty()) notes["commit"] = commit;
  return notes;
}

// --- afterwards

std::string CoordinatorOf(const xml_document& cib) {
  const std::string id = cib.document_element().attribute("dc-uuid").value();
  for (const auto node : cib.document_element().child("configuration").child("nodes").children("node")) {
    if (id == node.attribute("id").value()) return node.attribute("uname").value();
  }
  return id;
}

using Actions = std::set<simulator::ForetoldAction>;

// A state that the scheduler was given, and what it asked for.
struct SavedInput {
  runtime::CibVersion version;
  Readable readable;
};

// The inputs that the coordinator's scheduler was given since then, oldest first, and at last what is live.
std::vector<std::unique_ptr<SavedInput>> InputsSince(const Host& host, const runtime::CibVersion& since,
                                                     const xml_document& live) {
  std::vector<std::unique_ptr<SavedInput>> inputs;
  std::string reason;
  const auto keep = [&](const xml_document& document) {
    auto input = std::make_unique<SavedInput>();
    input->version = runtime::VersionOf(document);
    if (MakeReadable(document, input->readable, reason)) inputs.push_back(std::move(input));
  };
  for (const char* series : {"pe-input", "pe-warn", "pe-error"}) {
    const auto last = ReadFileOn(host, std::string(kInputs) + series + ".last", reason);
    if (!last) continue;
    for (int64_t number = solver::ParseInteger(*last).value_or(0) - 1; number >= 0; --number) {
      const auto text = ReadFileOn(host, std::string(kInputs) + series + "-" + std::to_string(number) + ".bz2", reason);
      xml_document document;
      if (!text || !ReadLive(*text, document, reason)) break;
      const runtime::CibVersion version = runtime::VersionOf(document);
      if (std::pair(version.admin_epoch, version.epoch) < std::pair(since.admin_epoch, since.epoch)) break;
      keep(document);
    }
  }
  const auto key = [](const runtime::CibVersion& version) {
    return std::tuple(version.admin_epoch, version.epoch, version.num_updates);
  };
  std::sort(inputs.begin(), inputs.end(),
            [&](const auto& a, const auto& b) { return key(a->version) < key(b->version); });
  if (!inputs.empty()) keep(live);
  return inputs;
}

// Where what is, in which role: by the names that histories use.
class Roles {
 public:
  Roles(const Readable& readable, solver::Run& run) {
    solver::ReadStatus(readable.cluster, readable.state, run, nullptr);
    for (const solver::Resource& resource : run.resources) {
      if (!resource.is_primitive()) continue;
      for (const solver::NodeId node : resource.active) {
        for (const std::string& name : HistoryNames(resource)) {
          solver::Role& role = roles_.try_emplace({name, run.at(node).name}, resource.role).first->second;
          role = std::max(role, resource.role);
        }
      }
    }
  }

  // An instance of an anonymous clone has the name of its primitive in histories; one of a unique clone has its own.
  static std::set<std::string> HistoryNames(const solver::Resource& resource) {
    std::set<std::string> names = {resource.id};
    if (!resource.history_id.empty()) names.insert(resource.history_id);
    if (!resource.unique) names.insert(resource.config_id);
    return names;
  }

  // Whether the action has left its trace. One that another of the same transition undoes leaves none.
  bool Show(const simulator::ForetoldAction& action, const Actions& beside) const {
    const auto found = roles_.find({action.instance, action.node});
    const auto has = [&](const char* operation) {
      return beside.contains({operation, action.instance, action.node, 0});
    };
    if (action.operation == "start") return found != roles_.end() || has("stop");
    if (action.operation == "stop") return found == roles_.end() || has("start");
    const bool promoted = found != roles_.end() && found->second == solver::Role::kPromoted;
    if (action.operation == "promote") return promoted || has("demote");
    if (action.operation == "monitor" && action.interval_ms > 0) return found != roles_.end();
    return true;
  }

 private:
  std::map<std::pair<std::string, std::string>, solver::Role> roles_;
};

// What was done, of what the scheduler asked for: a transition may be given up in the middle. Nothing if its
// inputs cannot be read.
std::optional<Actions> ActionsSince(const Host& host, const runtime::CibVersion& since, const xml_document& live,
                                    solver::Run& run) {
  const auto inputs = InputsSince(host, since, live);
  if (inputs.empty()) return std::nullopt;
  Actions done;
  for (size_t i = 0; i + 1 < inputs.size(); ++i) {
    const Readable& given = inputs[i]->readable;
    const std::vector<simulator::ForetoldAction> asked = simulator::ActionsOrdered(given.cluster, given.state, run);
    const Actions beside(asked.begin(), asked.end());
    const Roles after(inputs[i + 1]->readable, run);
    for (const auto& action : asked) {
      if (after.Show(action, beside)) done.insert(action);
    }
  }
  return done;
}

class Aftermath {
 public:
  Aftermath(const Wanted& wanted, const CarryOptions& options, const Proposal& agreed, runtime::CibVersion since)
      : wanted_(wanted), options_(options), agreed_(agreed), since_(since) {}

  int Watch() {
    solver::Run run;
    Readable readable;
    if (!Settle(readable, run)) return kVerdict;
    Course(options_) << "settled\n";
    CompareActions(readable, run);
    solver::ReadStatus(readable.cluster, readable.state, run, nullptr);
    const std::vector<std::string> lines = runtime::NotRunning(run);
    for (const std::string& line : lines) std::cerr << "picket: " << line << '\n';
    return lines.empty() ? kOk : kVerdict;
  }

 private:
  // Until nothing is left to do, twice in a row.
  bool Settle(Readable& readable, solver::Run& run) {
    const int64_t end_s = NowS() + options_.wait_s;
    std::string reason = "the cluster is still at work";
    for (int quiet = 0; NowS() <= end_s;) {
      xml_document cib;
      const auto text = QueryCib(options_.host, reason);
      const bool read = text && ReadLive(*text, cib, reason) && MakeReadable(cib, readable, reason);
      const bool rests = read && !cib.select_node("//lrm_rsc_op[@op-status='-1']") &&
                         simulator::ActionsOrdered(readable.cluster, readable.state, run).empty();
      quiet = rests ? quiet + 1 : 0;
      live_.reset(cib);
      if (quiet == 3) return true;
      usleep(400000);
    }
    std::cerr << "picket: not settled after " << options_.wait_s << " s: " << reason << '\n';
    return false;
  }

  void CompareActions(const Readable& readable, solver::Run& run) {
    if (IsCibFromFile()) return;
    const Host coordinator = options_.host.Other(CoordinatorOf(readable.document));
    const auto done = ActionsSince(coordinator, since_, live_, run);
    if (!done) {
      Course(options_) << "note: the scheduler's inputs on " << coordinator.Told()
                       << " cannot be read, so what the cluster did is not compared with what was foretold\n";
      return;
    }
    const Actions foretold(agreed_.foresight.actions.begin(), agreed_.foresight.actions.end());
    int differences = 0;
    for (const auto& action : foretold) {
      if (done->contains(action)) continue;
      Course(options_) << "foretold and not done: " << ActionText(action) << '\n';
      ++differences;
    }
    for (const auto& action : *done) {
      if (foretold.contains(action)) continue;
      Course(options_) << "done and not foretold: " << ActionText(action) << '\n';
      ++differences;
    }
    if (differences == 0) Course(options_) << "done as foretold: " << done->size() << " actions\n";
  }

  const Wanted& wanted_;
  const CarryOptions& options_;
  const Proposal& agreed_;
  runtime::CibVersion since_;
  xml_document live_;  // as it was read last
};

// --- the carrying out

class Carrying {
 public:
  Carrying(const Wanted& wanted, const ProposalMaker& make, const CarryOptions& options)
      : wanted_(wanted),
        make_(make),
        options_(options),
        port_(options.host, [this](std::string text) { return Scrubbed(std::move(text), hidden_); }) {
    push_.allow_no_quorum = options.host.name.empty() && IsCibFromFile();
  }

  int Run(const std::string& live_text) {
    xml_document live;
    std::string reason;
    if (!ReadLive(live_text, live, reason)) return Tell(reason, kInputWrong);
    notes_ = NotesFor(wanted_, live);
    Remember(live);
    if (!make_(live, notes_, agreed_, reason)) return Tell(reason, kVerdict);
    if (TellObjections(wanted_, agreed_)) return kInputWrong;
    if (!TellUnfilled()) return kInputWrong;
    if (wanted_.plan && wanted_.plan->at("text") != ChangesText(agreed_.changes)) {
      std::cerr << "picket: the cluster has changed since the plan was made (" << PlanBase() << ", now "
                << VersionText(agreed_.base) << "); the same policy would now change:\n"
                << ChangesText(agreed_.changes) << "picket: nothing was changed; make a new plan\n";
      return kVerdict;
    }
    Foresee(wanted_, agreed_);
    std::cout << (options_.format == "json" ? JsonText(JsonOf(wanted_, agreed_)) : TextOf(wanted_, agreed_))
              << std::flush;
    if (agreed_.changes.empty() && !agreed_.unnoted) return kOk;
    int status = kOk;
    if (!Agreed(status)) return status;
    return Go();
  }

 private:
  static int Tell(const std::string& what, int status) {
    std::cerr << "picket: " << what << '\n';
    return status;
  }

  // The secrets that messages have to be kept free of: the policy's, and what is live of this policy and the last one.
  void Remember(const xml_document& live) {
    hidden_ = wanted_.secret_values;
    hidden_.merge(SecretValuesIn(live, wanted_.secrets));
    hidden_.merge(SecretValuesIn(live, runtime::ReadOwnership(live.document_element().child("configuration")).secrets));
  }

  std::string PlanBase() const {
    const auto base = wanted_.plan->find("base");
    if (base == wanted_.plan->end() || !base->is_object()) return "?";
    return std::to_string(base->value("admin_epoch", 0)) + "." + std::to_string(base->value("epoch", 0));
  }

  // A placeholder is never written where a value is expected.
  bool TellUnfilled() {
    bool good = true;
    for (const auto& pair : agreed_.alignment.target.select_nodes("//nvpair[starts-with(@value,'secret(')]")) {
      const std::string value = pair.node().attribute("value").value();
      if (!runtime::IsSecretPlaceholder(value)) continue;
      std::cerr << wanted_.PlaceOf(pair.node().attribute("id").value()) << "error: " << value
                << " has no value: give the folder of the secrets with `--secrets FOLDER`\n";
      good = false;
    }
    return good;
  }

  bool Agreed(int& status) {
    if (options_.dry_run) return false;
    if (options_.yes) return true;
    if (isatty(STDIN_FILENO)) {
      std::cerr << "Do it? [y/N] " << std::flush;
      std::string answer;
      std::getline(std::cin, answer);
      if (answer == "y" || answer == "Y" || answer == "yes") return true;
    }
    status = isatty(STDIN_FILENO) ? kVerdict : kInputWrong;
    std::cerr << "picket: nothing was changed"
              << (status == kInputWrong ? "; use --yes to make the changes, or --dry-run to see them only" : "")
              << '\n';
    return false;
  }

  int Go() {
    std::optional<runtime::CibVersion> since;
    if (agreed_.in_two_steps) {
      const PushResult stopped = Push(
          port_, [this](const auto& live, auto& target, auto& reason) { return Stop(live, target, reason); }, push_);
      if (const int status = TellEnd(stopped, "the removed resources are told to stop,"); status != kOk) return status;
      since = stopped.applied;
      if (const int status = AwaitStopped(); status != kOk) return status;
    }
    const PushResult result = Push(
        port_, [this](const auto& live, auto& target, auto& reason) { return Again(live, target, reason); }, push_);
    if (const int status = TellEnd(result, "in force"); status != kOk) return status;
    if (result.end == PushResult::End::kApplied) WriteDown(result);
    if (options_.wait_s <= 0 || (result.end == PushResult::End::kNothing && !since)) return kOk;
    const int status = Aftermath(wanted_, options_, agreed_, since.value_or(result.applied)).Watch();
    return IsStillInForce() ? status : kVerdict;
  }

  // A part of a cluster that was cut off right then loses its change when the others come back.
  bool IsStillInForce() {
    std::string reason;
    xml_document live;
    const auto text = QueryCib(options_.host, reason);
    if (!text || !ReadLive(*text, live, reason)) return Tell(reason, kVerdict) == kOk;
    const auto run_of = [](const xml_document& cib) {
      const auto notes = runtime::ReadOwnership(cib.document_element().child("configuration")).notes;
      const auto run = notes.find("run");
      return run == notes.end() ? std::string() : run->second;
    };
    if (run_of(live) == run_of(pushed_target_) || runtime::MeanTheSame(live, pushed_target_)) return true;
    std::cerr << "picket: the change was made and is no longer live: somebody applied something else, or this part of "
                 "the cluster was cut off; `picket plan` shows what is live\n";
    return false;
  }

  // The target for what is live now, if it is still what was agreed to.
  bool Again(const xml_document& live, xml_document& target, std::string& reason) {
    Proposal now;
    if (!make_(live, notes_, now, reason)) return false;
    if (now.changes != agreed_.changes && !now.changes.empty()) {
      reason = "somebody else changed the same objects (" + VersionText(agreed_.base) + " -> " + VersionText(now.base) +
               ", " + live.document_element().attribute("update-client").value() + " on " +
               live.document_element().attribute("update-origin").value() + "); the same policy would now change:\n" +
               ChangesText(now.changes);
      return false;
    }
    if (!now.alignment.objections.empty()) {
      reason = now.alignment.objections.front().what;
      return false;
    }
    pushed_live_.reset(live);
    pushed_target_.reset(now.alignment.target);
    target.reset(now.alignment.target);
    return true;
  }

  bool Stop(const xml_document& live, xml_document& target, std::string& reason) {
    xml_document unused;
    if (!Again(live, unused, reason)) return false;
    std::set<std::string> added;
    if (!StopFirst(live, agreed_.changes, target, &added)) target.reset(live);
    unstopped_.reset(live);
    target.document_element().remove_child("status");
    runtime::Ownership notes = runtime::ReadOwnership(target.document_element().child("configuration"));
    ++notes.serial;
    notes.owned.merge(added);  // A policy that wants the resource after all takes it away again.
    notes.notes["run"] = notes_.at("run") + "-stop";
    runtime::WriteOwnership(target.document_element().child("configuration"), notes);
    return true;
  }

  int AwaitStopped() {
    const int64_t end_s = NowS() + std::max(options_.wait_s, kStopLimit_s);
    std::vector<std::string> active;
    std::string reason;
    while (NowS() <= end_s) {
      xml_document cib;
      const auto text = QueryCib(options_.host, reason);
      if (text && ReadLive(*text, cib, reason)) {
        active = StillActive(cib, agreed_.changes);
        if (active.empty()) return kOk;
      }
      usleep(300000);
    }
    std::cerr << "picket: " << (active.empty() ? reason : active.front() + " does not stop")
              << "; nothing was deleted; run apply again to go on\n";
    return kVerdict;
  }

  int TellEnd(const PushResult& result, const std::string& done) {
    const std::string reason = Scrubbed(result.reason, hidden_);
    switch (result.end) {
      case PushResult::End::kApplied:
        Course(options_) << done << " as " << VersionText(result.applied)
                         << (result.tries > 1 ? ", on attempt " + std::to_string(result.tries) : "") << '\n'
                         << std::flush;
        if (result.moved_since) Course(options_) << "note: somebody changed the configuration right after this apply\n";
        return kOk;
      case PushResult::End::kNothing:
        Course(options_) << "there is nothing left to change\n";
        return kOk;
      case PushResult::End::kMoved:
        return Tell(reason + (reason.ends_with('\n') ? "" : "\n") + "picket: nothing was changed", kVerdict);
      case PushResult::End::kRefused:
        return Tell("nothing was changed: " + reason, kEnvironmentWrong);
      case PushResult::End::kUnknown:
        return Tell("it is unknown whether the change was made: " + reason + "; `picket plan` shows what is live",
                    kEnvironmentWrong);
    }
    return kDefect;
  }

  void WriteDown(const PushResult& result) {
    if (agreed_.in_two_steps) UndoStop(unstopped_, agreed_.changes, pushed_live_);
    HideSecrets(runtime::ReadOwnership(pushed_live_.document_element().child("configuration")).secrets, pushed_live_);
    HideSecrets(wanted_.secrets, pushed_live_, &pushed_target_);
    wanted_.Hide(pushed_target_);
    pushed_live_.document_element().remove_child("status");
    Json entry = {{"format", "picket-journal"}, {"version", 1}, {"host", options_.host.name}};
    for (const auto& [name, value] : notes_) entry[name] = value;
    entry["applied"] = VersionText(result.applied);
    entry["changes"] = ChangesText(agreed_.changes);
    entry["before"] = solver::DocumentText(pushed_live_);
    entry["after"] = solver::DocumentText(pushed_target_);
    entry["secrets"] = wanted_.secrets;
    std::string reason;
    if (!AppendToJournal(ClusterNameOf(pushed_live_), entry, reason))
      std::cerr << "picket: warning: the change is in force, but it is missing in the journal, so `rollback` cannot "
                   "take it back: "
                << reason << '\n';
  }

  const Wanted& wanted_;
  const ProposalMaker& make_;
  const CarryOptions& options_;
  LivePort port_;
  runtime::PushOptions push_;
  std::map<std::string, std::string> notes_;
  std::set<std::string> hidden_;  // values
  Proposal agreed_;
  xml_document pushed_live_, pushed_target_;
  xml_document unstopped_;  // before what goes was told to stop
};

}  // namespace

int CarryOut(const Wanted& wanted, const std::string& live_text, const ProposalMaker& make,
             const CarryOptions& options) {
  return Carrying(wanted, make, options).Run(live_text);
}

int ApplyToPacemaker(const WantedOptions& wanted_options, const CarryOptions& options) {
  std::string reason;
  const auto text = QueryCib(options.host, reason);
  if (!text) {
    std::cerr << "picket: " << reason << '\n';
    return kEnvironmentWrong;
  }
  Wanted wanted;
  if (const int status = LoadWanted(wanted_options, SchemaOf(*text), wanted); status != kOk) return status;
  const std::string schema = SchemaOf(*text);
  const ProposalMaker make = [&](const xml_document& live, const auto& notes, Proposal& proposal, std::string& why) {
    // The policy is written in the words of one schema.
    const std::string now = live.document_element().attribute("validate-with").value();
    if (now != schema) {
      why = "somebody changed the schema of the configuration from " + schema + " to " + now;
      return false;
    }
    Propose(wanted, live, notes, proposal);
    return true;
  };
  int status = kOk;
  solver::WithLargeStack([&] { status = CarryOut(wanted, *text, make, options); });
  return status;
}

}  // namespace picket::cli
