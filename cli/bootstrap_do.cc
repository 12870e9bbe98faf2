#include "cli/bootstrap_do.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "cli/exit_status.h"
#include "cli/nodes_round.h"

namespace picket::cli {
namespace {

using runtime::KeySource;
using runtime::NodeSteps;
using std::chrono::seconds;

constexpr seconds kShort{120};
constexpr seconds kStopping{1800};  // a cluster manager stops when its last resource has
constexpr seconds kStarting{300};
constexpr size_t kKeyBytes = 256;  // as corosync-keygen makes it

bool IsManager(const std::string& unit) {
  return unit != "corosync";
}

class Carrier {
 public:
  explicit Carrier(const Carrying& c) : c_(c) {}

  int Run() {
    std::string key, reason;
    if (NeedsKey() && !Key(key, reason)) return Tell("nothing was changed: " + reason);
    if (!Stage(key)) return kEnvironmentWrong;
    const struct {
      Steps steps;
      seconds limit;
    } phases[] = {
        {Each([](const NodeSteps& node) { return Units("stop", node.stop, true); }), kStopping},
        {Each([](const NodeSteps& node) { return Units("stop", node.stop, false); }), kShort},
        {Each(Aside), kShort},
        {Each([](const NodeSteps& node) { return node.write_key ? Place(runtime::kAuthkey) : ""; }), kShort},
        {Each(Names), kShort},
        {Each(Conf), kShort},
        {One(c_.plan.reload_on, "reload\n"), kShort},
        {Each([](const NodeSteps& node) { return Units("enable", node.enable) + Units("start", node.start, false); }),
         kStarting},
        {Each([](const NodeSteps& node) { return Units("start", node.start, true); }), kStarting},
    };
    for (const auto& phase : phases)
      if (!c_.crew.Do(phase.steps, phase.limit)) return TellHalfDone();
    if (!AwaitAgreement(c_.topology, c_.way, c_.wait, c_.course)) return kVerdict;
    std::string forget;
    for (const std::string& name : c_.plan.forgotten) forget += Call("forget", {name});
    if (!c_.crew.Do(One(c_.plan.forget_on, forget), kShort)) return TellHalfDone();
    if (!c_.crew.Do(Everywhere("finish done\n"), kShort)) return TellHalfDone();
    return kOk;
  }

 private:
  static int Tell(const std::string& what) {
    std::cerr << "picket: " << what << '\n';
    return kEnvironmentWrong;
  }
  static int TellHalfDone() {
    return Tell(
        "not all steps were done; run `picket bootstrap` again with the same policy to see the rest and to go on");
  }

  // --- the steps of a phase ---

  template <class Of>
  Steps Each(Of of) const {
    Steps steps;
    for (const NodeSteps& node : c_.plan.nodes)
      if (std::string text = of(node); !text.empty()) steps[node.node] = std::move(text);
    return steps;
  }
  Steps Everywhere(const std::string& text) const {
    Steps steps;
    for (const Worker& worker : c_.crew.workers()) steps[worker.name] = text;
    return steps;
  }
  static Steps One(const std::string& node, const std::string& text) {
    return node.empty() || text.empty() ? Steps() : Steps{{node, text}};
  }
  static std::string Units(const std::string& verb, const std::vector<std::string>& units) {
    std::string text;
    for (const std::string& unit : units) text += Call("unit", {verb, unit});
    return text;
  }
  static std::string Units(const std::string& verb, std::vector<std::string> units, bool managers) {
    std::erase_if(units, [&](const std::string& unit) { return IsManager(unit) != managers; });
    return Units(verb, units);
  }
  static std::string Place(const std::string& path) { return Call("place", {path}); }
  static std::string Aside(const NodeSteps& node) {
    std::string text;
    for (const auto& move : node.aside) text += Call("aside", {move.pattern});
    return text + Units("disable", node.disable);
  }
  static std::string Names(const NodeSteps& node) {
    std::string text;
    for (const auto& file : node.files)
      if (file.path != runtime::kConf) text += Place(file.path);
    if (node.rename) text += Call("rename", {node.old_name, node.node});
    return text;
  }
  static std::string Conf(const NodeSteps& node) {
    for (const auto& file : node.files)
      if (file.path == runtime::kConf) return Place(file.path);
    return "";
  }

  // --- the key ---

  bool NeedsKey() const {
    return std::any_of(c_.plan.nodes.begin(), c_.plan.nodes.end(), [](const auto& node) { return node.write_key; });
  }

  // In base64.
  bool Key(std::string& key, std::string& reason) const {
    if (c_.plan.key == KeySource::kFresh) {
      unsigned char bytes[kKeyBytes];
      for (size_t have = 0; have < sizeof bytes;) {
        const ssize_t got = getrandom(bytes + have, sizeof bytes - have, 0);
        if (got <= 0) {
          reason = "the system has no random bytes for the key";
          return false;
        }
        have += static_cast<size_t>(got);
      }
      key = runtime::ToBase64({reinterpret_cast<const char*>(bytes), sizeof bytes});
      return true;
    }
    for (const Worker& worker : c_.crew.workers()) {
      if (worker.name != c_.plan.key_from) continue;
      const ProgramRun run = worker.host.Run({"base64", runtime::kAuthkey}, {}, kShort, size_t{1} << 16);
      key = run.output;
      std::erase(key, '\n');
      const auto bytes = runtime::FromBase64(key);
      if (run.end == ProgramRun::End::kExited && run.status == 0 && bytes && !bytes->empty()) return true;
      reason = "the authkey of " + worker.name + " cannot be read: " + runtime::Plain(Complaint(run));
    }
    return false;
  }

  // Everything that will be put in place is beside its place on every node, or nothing is changed.
  bool Stage(const std::string& key) {
    Steps steps = Everywhere(":\n"), undo;
    for (const NodeSteps& node : c_.plan.nodes) {
      std::string& text = steps[node.node];
      std::vector<std::string> paths;
      for (const auto& file : node.files) {
        text += Call("stage",
                     {file.path, file.mode, file.owner, OrNone(file.before_digest), runtime::ToBase64(file.after)});
        paths.push_back(file.path);
      }
      if (node.write_key) {
        text += Call("stage", {runtime::kAuthkey, "400", "root:root", OrNone(node.key_digest), key});
        paths.emplace_back(runtime::kAuthkey);
      }
      undo[node.node] = Call("give_up", paths);
    }
    if (c_.crew.Do(steps, kShort, true)) return true;
    c_.crew.Ask(undo, kShort, true);
    Tell("nothing was changed");
    return false;
  }
  static std::string OrNone(const std::string& digest) { return digest.empty() ? "none" : digest; }

  const Carrying& c_;
};

}  // namespace

int CarryOutBootstrap(const Carrying& carrying) {
  return Carrier(carrying).Run();
}

bool AwaitAgreement(const compiler::Topology& topology, const Host& way, seconds wait, std::ostream& course) {
  const auto end = std::chrono::steady_clock::now() + wait;
  std::vector<std::string> lacking;
  do {
    if (!lacking.empty()) usleep(500000);
    lacking.clear();
    for (const runtime::NodeFacts& facts : ProbeNodes(topology.nodes, way, ""))
      for (const std::string& what : runtime::NotYet(facts, topology)) lacking.push_back(facts.node + ": " + what);
  } while (!lacking.empty() && std::chrono::steady_clock::now() < end);
  if (lacking.empty()) {
    course << "every node sees all " << topology.nodes.size() << " nodes, has quorum, and has its links" << std::endl;
    return true;
  }
  for (const std::string& what : lacking) std::cerr << "picket: " << runtime::Plain(what) << '\n';
  std::cerr << "picket: the files are in place and the services are started, but after " << wait.count()
            << " s the nodes do not yet agree on the cluster; run `picket doctor` to find the cause\n";
  return false;
}

}  // namespace picket::cli
