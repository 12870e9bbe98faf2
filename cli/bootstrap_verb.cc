#include "cli/bootstrap_verb.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <iostream>
#include <memory>

#include "cli/answer.h"
#include "cli/bootstrap_do.h"
#include "cli/bootstrap_emit.h"
#include "cli/bootstrap_foretell.h"
#include "cli/bootstrap_text.h"
#include "cli/bootstrap_undo.h"
#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/policy_io.h"
#include "solver/schedule.h"

namespace picket::cli {
namespace {

using runtime::BootstrapPlan;
using runtime::NodeFacts;

struct BootstrapOptions {
  std::string file;
  RoundOptions round;
  std::string format = "text";
  std::string emit;
  bool yes = false;
  bool dry_run = false;
  bool restart = false;
  bool undo = false;
  int wait_s = 0;  // 0: reckoned from the policy
};

// Checks of doctor that bootstrap mends itself, or that are about the services and not about the cluster
// below them. What any other check finds has to be mended, or waived, before anything is changed.
bool IsInTheWay(const std::string& check, const compiler::Topology& topology, bool anyone_runs) {
  static const char* const kOurs[] = {"node-name",      "names",         "leftovers", "corosync-conf",   "authkey",
                                      "quorum",         "services",      "online",    "started-at-boot", "agents",
                                      "agent-versions", "fence-devices", "watchdog",  "password",        "crypto",
                                      "time-sync",      "selinux"};
  if (std::find(std::begin(kOurs), std::end(kOurs), check) != std::end(kOurs)) return false;
  if (check == "pacemaker-version" && topology.engine == compiler::Engine::kPicket) return false;
  // A Corosync that runs complains of nodes that this very run starts.
  return check != "udp" || !anyone_runs;
}

std::string NewRun() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  unsigned char bytes[2] = {};
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) bytes[0] = static_cast<unsigned char>(getpid());
  char text[48];
  const size_t size = strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  std::snprintf(text + size, sizeof text - size, "-%02x%02x", bytes[0], bytes[1]);
  return text;
}

// One that was begun for this cluster and has not ended: what is done now belongs to it.
std::string UnfinishedRun(const std::vector<NodeFacts>& nodes, const std::string& cluster) {
  std::string found;
  for (const NodeFacts& facts : nodes)
    for (const auto& line : facts.All("bootstrap")) {
      const bool plain = line[0].find_first_not_of("0123456789abcdefTZ-") == std::string::npos;
      if (line.size() > 2 && line[1] == "begun" && line[2] == cluster && plain) found = std::max(found, line[0]);
    }
  return found;
}

class Bootstrap {
 public:
  Bootstrap(const BootstrapOptions& options, const compiler::CompileResult& result,
            const std::vector<runtime::Waiver>& waivers)
      : options_(options), topology_(result.compiled->topology), waivers_(waivers), round_(options.round, result) {}

  int Run() {
    round_.Probe();
    if (options_.undo) return UndoBootstrap(round_, topology_, UndoSettings());
    if (!round_.reached_all()) return TellUnreached();
    leave_ = runtime::NodesThatLeave(topology_, nodes());
    leaving_ = ProbeNodes(leave_, options_.round.way, "");
    plan_ = runtime::PlanBootstrap(topology_, nodes(), leave_, leaving_, waivers_);
    AddFindings();
    Foretell();
    Show();
    if (!plan_.objections.empty()) return TellObjections();
    unfinished_ = UnfinishedRun(nodes(), topology_.cluster);
    if (plan_.empty()) return NothingToDo();
    if (plan_.stops_all && !options_.restart && !options_.dry_run)
      return Tell("nothing was changed: this stops a running cluster with all its services; use --restart to allow it",
                  kVerdict);
    int status = kOk;
    if (!Agreed(status)) return status;
    return Go();
  }

 private:
  const std::vector<NodeFacts>& nodes() const { return round_.patient().nodes; }
  std::ostream& course() const { return options_.format == "json" ? std::cerr : std::cout; }
  static int Tell(const std::string& what, int status) {
    std::cerr << "picket: " << what << '\n';
    return status;
  }

  std::chrono::seconds Wait() const {
    if (options_.wait_s > 0) return std::chrono::seconds(options_.wait_s);
    return std::chrono::seconds(120 + 5 * topology_.DetectionMs() / 1000);
  }

  UndoOptions UndoSettings() const {
    return {options_.round.way, options_.restart, Wait(), options_.format,
            [this](int& status) { return Agreed(status); }};
  }

  bool AnyoneRuns() const { return std::any_of(nodes().begin(), nodes().end(), runtime::RunsCorosync); }

  int TellUnreached() const {
    for (const NodeFacts& facts : nodes()) {
      if (facts.known()) continue;
      const bool password = facts.trouble.find("ermission denied") != std::string::npos ||
                            facts.trouble.find("password") != std::string::npos;
      std::cerr << "picket: " << facts.node << " is not reached: " << runtime::Plain(facts.trouble)
                << (password ? ": Picket types no password; `ssh-copy-id " + facts.node +
                                   "`, and for --sudo no password there"
                             : std::string())
                << '\n';
    }
    return Tell("nothing was changed: bootstrap begins only when it reaches every node", kEnvironmentWrong);
  }

  // What doctor finds and bootstrap does not mend.
  void AddFindings() {
    const bool anyone_runs = AnyoneRuns();
    if (!anyone_runs && plan_.objections.empty()) round_.Meet();
    for (const runtime::Checked& check : runtime::Examine(round_.patient())) {
      if (!IsInTheWay(check.name, topology_, anyone_runs)) continue;
      for (const runtime::Finding& finding : check.findings) {
        const bool known = std::any_of(plan_.objections.begin(), plan_.objections.end(), [&](const auto& objection) {
          return objection.node == finding.node && check.name.ends_with("-version");
        });
        if (known || check.name == "root" || WaiverFor(waivers_, check.name, finding.node)) continue;
        plan_.objections.push_back({finding.node, check.name + ": " + finding.evidence, finding.remedy});
      }
    }
  }

  void Foretell() {
    std::vector<std::string> joining, leaving;
    for (const runtime::NodeSteps& steps : plan_.nodes) {
      if (steps.joins) joining.push_back(steps.node);
      if (steps.leaves && !steps.stop.empty()) leaving.push_back(steps.node);
    }
    if (joining.empty() && leaving.empty()) return;
    for (size_t i = 0; i < nodes().size(); ++i) {
      if (!nodes()[i].Has("process", "pacemakerd")) continue;
      std::string reason;
      const auto cib = QueryCib(round_.hosts()[i], reason);
      foretold_ =
          cib ? ForetellNodes(*cib, topology_, joining, leaving) : std::vector<std::string>{"not foretold: " + reason};
      return;
    }
  }

  void Show() const {
    if (options_.format == "json") {
      auto json = JsonOf(plan_, foretold_);
      json["policy"] = options_.file;
      json["cluster"] = topology_.cluster;
      std::cout << JsonText(json) << std::flush;
    } else if (plan_.objections.empty()) {
      std::cout << TextOf(plan_, foretold_) << std::flush;
    }
  }

  int TellObjections() const {
    for (const auto& objection : plan_.objections)
      std::cerr << "picket: " << (objection.node.empty() ? "" : objection.node + ": ") << runtime::Plain(objection.what)
                << "\n        do: " << runtime::Plain(objection.remedy) << '\n';
    return Tell("nothing was changed", kVerdict);
  }

  int NothingToDo() {
    std::vector<std::string> lacking;
    for (const NodeFacts& facts : nodes())
      for (const std::string& what : runtime::NotYet(facts, topology_)) lacking.push_back(facts.node + ": " + what);
    for (const std::string& what : lacking) std::cerr << "picket: " << runtime::Plain(what) << '\n';
    if (!lacking.empty() && unfinished_.empty())
      return Tell(
          "there is nothing to do, but the cluster is not as it should be; run `picket doctor` to find the cause",
          kVerdict);
    if (!unfinished_.empty()) return options_.dry_run ? kChanges : Go();
    course() << "nothing to do: the nodes form the cluster that " << options_.file << " describes\n";
    return kOk;
  }

  // On a terminal people are asked; a program has to say --yes.
  bool Agreed(int& status) const {
    if (options_.dry_run) {
      status = kChanges;
      return false;
    }
    if (options_.yes) return true;
    if (!isatty(STDIN_FILENO)) {
      status = Tell("nothing was changed; use --yes to make the changes, or --dry-run to see them only", kInputWrong);
      return false;
    }
    std::cerr << "Do it? [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    if (answer == "y" || answer == "Y" || answer == "yes") return true;
    status = Tell("nothing was changed", kVerdict);
    return false;
  }

  int Go() {
    std::vector<Worker> workers;
    const auto add = [&](const compiler::TopologyNode& node, const Host& host) {
      workers.push_back({node.name, host, node.addresses.empty() ? "" : node.addresses.front().address});
    };
    for (size_t i = 0; i < nodes().size(); ++i) add(topology_.nodes[i], round_.hosts()[i]);
    for (size_t i = 0; i < leave_.size(); ++i)
      if (leaving_[i].known()) add(leave_[i], HostOf(leave_[i], options_.round.way));
    Crew crew(std::move(workers), topology_.cluster, unfinished_.empty() ? NewRun() : unfinished_, course());
    for (const auto* all : {&nodes(), static_cast<const std::vector<NodeFacts>*>(&leaving_)})
      for (const NodeFacts& facts : *all)
        if (const std::string driver = facts.One("bootstrap-driver"); Crew::HasEnded(driver)) crew.TakeOver(driver);
    const int status = CarryOutBootstrap({topology_, plan_, crew, options_.round.way, Wait(), course()});
    if (status == kOk) course() << "the cluster " << topology_.cluster << " is there\n";
    return status;
  }

  const BootstrapOptions& options_;
  const compiler::Topology& topology_;
  const std::vector<runtime::Waiver>& waivers_;
  Round round_;
  std::vector<compiler::TopologyNode> leave_;
  std::vector<NodeFacts> leaving_;
  BootstrapPlan plan_;
  std::vector<std::string> foretold_;
  std::string unfinished_;
};

int Emit(const BootstrapOptions& options, const compiler::Topology& topology) {
  std::string reason;
  const std::string text = options.emit == "script" ? EmittedScript(topology, options.file, reason)
                                                    : EmittedPlaybook(topology, options.file, reason);
  if (!reason.empty()) {
    std::cerr << "picket: " << options.file << ": " << reason << '\n';
    return kInputWrong;
  }
  std::cout << text;
  return kOk;
}

int RunBootstrap(const BootstrapOptions& options) {
  const compiler::CompileResult result = compiler::Compile(options.file, {});
  if (!result.compiled) return TellDiagnostics(result, false, false);
  if (result.compiled->topology.nodes.empty()) {
    std::cerr << "picket: " << options.file << " names no node: write `node NAME { id=1; link … }`\n";
    return kInputWrong;
  }
  if (!options.emit.empty()) return Emit(options, result.compiled->topology);
  std::vector<runtime::Waiver> waivers;
  if (!WaiversOf(result, options.file, waivers)) return kInputWrong;
  return Bootstrap(options, result, waivers).Run();
}

}  // namespace

void AddBootstrapVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<BootstrapOptions>();
  CLI::App* verb = program.add_subcommand("bootstrap", "Make the nodes of a policy its cluster, or take that back");
  verb->add_option("FILE", options->file, "the policy")->required();
  verb->add_option("--ssh", options->round.way.ssh,
                   "the command that reaches a node, given HOST, `--` and words; else PICKET_SSH, else ssh");
  verb->add_flag("--sudo", options->round.way.sudo, "work as root by `sudo -n`");
  verb->add_flag("-y,--yes", options->yes, "do it without asking");
  verb->add_flag("--dry-run", options->dry_run, "only show what would be done; 5 if there is anything");
  verb->add_flag("--restart", options->restart,
                 "a cluster that is at work may be stopped on all nodes, where a change takes that");
  verb->add_flag("--undo", options->undo, "take the last bootstrap back, where nobody has changed it since");
  verb->add_option("--emit", options->emit,
                   "print the same work as a shell script (script) or a playbook (ansible), made from the "
                   "policy alone")
      ->check(CLI::IsMember({"script", "ansible"}));
  verb->add_option("--wait", options->wait_s, "how many seconds the nodes have to agree that the cluster is there");
  verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->footer(
      "Exit status: 0 the cluster is there, 1 something is in the way or the nodes do not agree, 2 the "
      "policy is "
      "wrong, 3 a node is not reached or could not be changed, 5 --dry-run found something to do.\n"
      "Example: picket bootstrap pbx.picket");
  verb->callback([options, &status] { solver::WithLargeStack([&] { status = RunBootstrap(*options); }); });
}

}  // namespace picket::cli
