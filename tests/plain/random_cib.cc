#include "tests/plain/random_cib.h"

#include <initializer_list>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

namespace picket::tests {
namespace {

std::string Is(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "='" + std::string(value) + "'";
}

class Maker {
 public:
  explicit Maker(uint32_t seed) : random_(seed) {}

  std::string Cib() {
    MakeNodes();
    const size_t count = 2 + Below(5);
    if (Chance(60)) resources_ += FenceDevice();
    for (size_t i = 0; i < count; ++i) MakeResource();
    for (size_t i = Below(6); i > 0 && tops_.size() > 1; --i) MakeConstraint();
    if (Chance(15)) KeepApart();
    std::string text = "<cib validate-with='pacemaker-4.0' admin_epoch='0' epoch='1' num_updates='0'";
    text += Is("have-quorum", Chance(85) ? "1" : "0") + Is("dc-uuid", "1") + "><configuration><crm_config>";
    text += "<cluster_property_set id='options'>" + Options() + "</cluster_property_set></crm_config><nodes>";
    text += nodes_ + "</nodes><resources>" + resources_ + "</resources><constraints>" + constraints_;
    return text + "</constraints></configuration><status>" + NodeStates() + "</status></cib>";
  }

 private:
  // --- chance ------------------------------------------------------------------------------------------
  size_t Below(size_t bound) { return random_() % bound; }
  bool Chance(unsigned percent) { return random_() % 100 < percent; }
  std::string Of(std::initializer_list<const char*> choices) { return choices.begin()[Below(choices.size())]; }
  const std::string& Of(const std::vector<std::string>& choices) { return choices[Below(choices.size())]; }
  std::string NewId(std::string_view prefix) { return std::string(prefix) + std::to_string(++ids_); }
  std::string Score() { return Of({"INFINITY", "-INFINITY", "100", "-100", "50", "10", "0", "1"}); }

  std::string Pair(std::string_view name, std::string_view value) {
    return "<nvpair" + Is("id", NewId("nv")) + Is("name", name) + Is("value", value) + "/>";
  }
  std::string Block(std::string_view element, const std::string& pairs) {
    if (pairs.empty()) return {};
    return "<" + std::string(element) + Is("id", NewId("bl")) + ">" + pairs + "</" + std::string(element) + ">";
  }

  // --- the cluster -------------------------------------------------------------------------------------
  std::string Options() {
    std::string text = Pair("fencing-enabled", Chance(60) ? "true" : "false");
    if (Chance(50)) text += Pair("no-quorum-policy", Of({"stop", "freeze", "ignore", "demote", "fence", "suicide"}));
    if (Chance(30)) text += Pair("placement-strategy", Of({"utilization", "balanced", "minimal", "default"}));
    if (Chance(25)) text += Pair("enable-startup-probes", "false");
    if (Chance(20)) text += Pair("concurrent-fencing", "false");
    if (Chance(8)) text += Pair("symmetric-cluster", "false");
    if (Chance(4)) text += Pair("maintenance-mode", "true");
    if (Chance(4)) text += Pair("stop-all-resources", "true");
    if (Chance(10)) text += Pair("start-failure-is-fatal", "false");
    if (Chance(10)) text += Pair("stop-removed-resources", "false");
    if (Chance(10)) text += Pair("shutdown-lock", "true");
    if (Chance(10)) text += Pair("priority-fencing-delay", "15s");
    return text;
  }

  void MakeNodes() {
    const size_t count = 1 + Below(4);
    for (size_t i = 1; i <= count; ++i) {
      const std::string id = std::to_string(i);
      cluster_nodes_.push_back("n" + id);
      std::string pairs;
      if (Chance(30)) pairs += Pair("rack", Of({"a", "b"}));
      if (Chance(5)) pairs += Pair("standby", "on");
      if (Chance(5)) pairs += Pair("maintenance", "on");
      if (Chance(40)) pairs += Pair("master-s", Of({"5", "10", "INFINITY", "-1"}));
      nodes_ += "<node" + Is("id", id) + Is("uname", "n" + id) + ">" + Block("instance_attributes", pairs);
      nodes_ += Block("utilization", Chance(50) ? Pair("cpu", Of({"1", "2", "4"})) : std::string()) + "</node>";
    }
  }

  std::string FenceDevice() {
    primitives_.emplace_back("fencing", "class='stonith' type='fence_dummy'");
    tops_.emplace_back("fencing");
    return "<primitive id='fencing' class='stonith' type='fence_dummy'/>";
  }

  std::string MetaPairs() {
    std::string text;
    if (Chance(8)) text += Pair("target-role", Of({"Stopped", "Started", "Unpromoted", "Promoted"}));
    if (Chance(6)) text += Pair("is-managed", "false");
    if (Chance(4)) text += Pair("maintenance", "true");
    if (Chance(15)) text += Pair("migration-threshold", Of({"1", "3"}));
    if (Chance(15)) text += Pair("failure-timeout", Of({"10s", "1h"}));
    if (Chance(20)) text += Pair("allow-migrate", "true");
    if (Chance(30)) text += Pair("resource-stickiness", Of({"0", "1", "100", "INFINITY"}));
    if (Chance(20)) text += Pair("priority", Of({"1", "5", "10"}));
    if (Chance(20)) text += Pair("multiple-active", Of({"block", "stop_only", "stop_unexpected", "stop_start"}));
    if (Chance(20)) text += Pair("requires", Of({"nothing", "quorum", "fencing", "unfencing"}));
    return text;
  }

  std::string Operation(std::string_view name, std::string_view interval, const std::string& more = {}) {
    return "<op" + Is("id", NewId("op")) + Is("name", name) + Is("interval", interval) + more + "/>";
  }

  std::string Operations() {
    std::string text;
    if (Chance(70)) {
      text += Operation(
          "monitor", "10s",
          Chance(30) ? Is("on-fail", Of({"ignore", "block", "stop", "restart", "standby", "fence"})) : std::string());
    }
    if (Chance(30)) text += Operation("monitor", "11s", Is("role", Of({"Promoted", "Stopped", "Unpromoted"})));
    if (Chance(20)) text += Operation("start", "0", Is("timeout", "60s"));
    if (Chance(20)) text += Operation("stop", "0", Is("on-fail", Of({"block", "ignore", "fence"})));
    return text.empty() ? text : "<operations>" + text + "</operations>";
  }

  // A primitive with its id remembered for histories; `guest`: it may launch a guest node.
  std::string Primitive(const std::string& id, bool guest) {
    const std::string agent = "class='ocf' provider='pacemaker' type='Stateful'";
    primitives_.emplace_back(id, agent);
    std::string meta = MetaPairs();
    if (guest && Chance(12)) {
      const std::string node = "guest-" + id;
      meta += Pair("remote-node", node);
      remote_nodes_.push_back(node);
      primitives_.emplace_back(node, "class='ocf' provider='pacemaker' type='remote'");
    }
    std::string text = "<primitive" + Is("id", id) + " " + agent + ">" + Block("meta_attributes", meta);
    text += Block("instance_attributes", Chance(30) ? Pair("state", "x") : std::string());
    text += Block("utilization", Chance(30) ? Pair("cpu", Of({"1", "2"})) : std::string());
    return text + Operations() + "</primitive>";
  }

  std::string Group(const std::string& id) {
    std::string text = "<group" + Is("id", id) + ">" + Block("meta_attributes", MetaPairs());
    for (size_t i = 1 + Below(3); i > 0; --i) text += Primitive(NewId("m"), false);
    return text + "</group>";
  }

  std::string Clone(const std::string& id) {
    std::string meta = MetaPairs();
    if (Chance(50)) meta += Pair("clone-max", Of({"0", "1", "2", "3", "5"}));
    if (Chance(20)) meta += Pair("globally-unique", "true") + Pair("clone-node-max", "2");
    if (Chance(50)) meta += Pair("interleave", "true");
    if (Chance(30)) meta += Pair("ordered", "true");
    if (Chance(40)) meta += Pair("notify", "true");
    if (Chance(15)) meta += Pair("clone-min", "1");
    if (Chance(45)) {
      meta += Pair("promotable", "true");
      if (Chance(30)) meta += Pair("promoted-max", "2");
    }
    return "<clone" + Is("id", id) + ">" + Block("meta_attributes", meta) +
           (Chance(25) ? Group(NewId("g")) : Primitive(Chance(40) && !used_s_ ? UseS() : NewId("p"), false)) +
           "</clone>";
  }
  std::string UseS() {
    used_s_ = true;
    return "s";
  }

  std::string Bundle(const std::string& id) {
    const size_t replicas = 1 + Below(3);
    const bool contains = Chance(75);
    std::string text = "<bundle" + Is("id", id) + ">" + Block("meta_attributes", Chance(20) ? MetaPairs() : "");
    text += "<docker image='img'" + Is("replicas", std::to_string(replicas));
    if (Chance(50)) text += Is("promoted-max", "1");
    text += "/><network" + (Chance(50) ? Is("ip-range-start", "192.168.1." + std::to_string(10 * ids_ % 200)) : "");
    text += " control-port='3121'/>";
    for (size_t i = 0; i < replicas; ++i) {
      const std::string number = std::to_string(i);
      primitives_.emplace_back(id + "-docker-" + number, "class='ocf' provider='heartbeat' type='docker'");
      if (!contains) continue;
      primitives_.emplace_back(id + "-" + number, "class='ocf' provider='pacemaker' type='remote'");
      remote_nodes_.push_back(id + "-" + number);
    }
    if (contains) text += Primitive(NewId("b"), false);
    return text + "</bundle>";
  }

  std::string Remote(const std::string& id) {
    const std::string agent = "class='ocf' provider='pacemaker' type='remote'";
    primitives_.emplace_back(id, agent);
    remote_nodes_.push_back(id);
    return "<primitive" + Is("id", id) + " " + agent + ">" +
           Block("meta_attributes", Chance(40) ? MetaPairs() : std::string()) +
           Block("instance_attributes", Chance(40) ? Pair("reconnect_interval", "60s") : std::string()) +
           "<operations>" + Operation("monitor", "20s") + "</operations></primitive>";
  }

  void MakeResource() {
    const std::string id = NewId("r");
    tops_.push_back(id);
    const size_t kind = Below(100);
    if (kind < 35) {
      resources_ += Primitive(id, true);
    } else if (kind < 55) {
      resources_ += Group(id);
    } else if (kind < 82) {
      resources_ += Clone(id);
    } else if (kind < 92) {
      resources_ += Bundle(id);
    } else {
      resources_ += Remote(id);
    }
  }

  // --- constraints -------------------------------------------------------------------------------------
  std::string Set(std::string_view role_or_action) {
    std::string text = "<resource_set" + Is("id", NewId("set"));
    if (Chance(40)) text += Is("sequential", Chance(50) ? "true" : "false");
    if (Chance(30)) text += Is("require-all", Chance(50) ? "true" : "false");
    text += std::string(role_or_action) + ">";
    const size_t first = Below(tops_.size());
    for (size_t i = 0; i < 1 + Below(3) && i < tops_.size(); ++i) {
      text += "<resource_ref" + Is("id", tops_[(first + i) % tops_.size()]) + "/>";
    }
    return text + "</resource_set>";
  }

  std::string OrderAction() { return Of({"start", "start", "start", "stop", "promote", "demote"}); }

  void MakeConstraint() {
    const std::string id = NewId("con");
    const std::string a = Of(tops_);
    const std::string b = Of(tops_);
    const size_t kind = Below(100);
    if (kind < 30) {
      constraints_ += "<rsc_location" + Is("id", id) + Is("rsc", a);
      if (Chance(70)) {
        constraints_ += Is("node", Of(cluster_nodes_)) + Is("score", Score());
        if (Chance(20)) constraints_ += Is("resource-discovery", Of({"never", "exclusive", "always"}));
        constraints_ += "/>";
      } else {
        constraints_ += "><rule" + Is("id", NewId("rule")) + Is("score", Score());
        if (Chance(50)) constraints_ += Is("role", "Promoted");
        constraints_ += "><expression" + Is("id", NewId("ex")) + Is("attribute", Of({"rack", "#uname"}));
        constraints_ +=
            Is("operation", Of({"eq", "ne"})) + Is("value", Of({"a", "n1", "n2"})) + "/></rule></rsc_location>";
      }
    } else if (kind < 60) {
      constraints_ += "<rsc_colocation" + Is("id", id) + Is("score", Score());
      if (Chance(20)) {
        constraints_ += ">" + Set("") + Set("") + "</rsc_colocation>";
        return;
      }
      constraints_ += Is("rsc", a) + Is("with-rsc", b);
      if (Chance(25)) constraints_ += Is("with-rsc-role", Of({"Promoted", "Unpromoted", "Started"}));
      if (Chance(15)) constraints_ += Is("rsc-role", Of({"Promoted", "Unpromoted", "Started"}));
      if (Chance(10)) constraints_ += Is("influence", "false");
      constraints_ += "/>";
    } else if (kind < 92) {
      constraints_ += "<rsc_order" + Is("id", id) + Is("kind", Of({"Mandatory", "Mandatory", "Optional", "Serialize"}));
      if (Chance(20)) constraints_ += Is("symmetrical", "false");
      if (Chance(25)) {
        constraints_ += ">" + Set(Is("action", OrderAction())) + Set("") + "</rsc_order>";
        return;
      }
      if (Chance(15)) constraints_ += Is("require-all", "false");
      constraints_ += Is("first", a) + Is("then", b);
      if (Chance(30)) constraints_ += Is("first-action", OrderAction());
      if (Chance(30)) constraints_ += Is("then-action", OrderAction());
      constraints_ += "/>";
    } else {
      constraints_ += "<rsc_ticket" + Is("id", id) + Is("rsc", a) + Is("ticket", "T");
      constraints_ += Is("loss-policy", Of({"stop", "demote", "fence", "freeze"})) + "/>";
    }
  }

  // Every pair of some resources is kept apart, and each of them likes some nodes better than others.
  void KeepApart() {
    const std::string score = Of({"-INFINITY", "-INFINITY", "-INFINITY", "-500", "-400000"});
    const size_t count = std::min(tops_.size(), 3 + Below(6));
    for (size_t i = 0; i < count; ++i) {
      for (size_t k = 0; k < i; ++k) {
        constraints_ += "<rsc_colocation" + Is("id", NewId("con")) + Is("score", score) + Is("rsc", tops_[i]);
        constraints_ += Is("with-rsc", tops_[k]) + "/>";
      }
      for (size_t k = Below(3); k > 0; --k) {
        constraints_ += "<rsc_location" + Is("id", NewId("con")) + Is("rsc", tops_[i]);
        constraints_ += Is("node", Of(cluster_nodes_)) + Is("score", Score()) + "/>";
      }
    }
  }

  // --- status ------------------------------------------------------------------------------------------
  std::string Entry(const std::string& id, const char* operation, const char* interval, int rc, int status = 0) {
    const std::string key = id + "_" + operation + "_" + interval;
    const std::string code = std::to_string(rc);
    std::string text = "<lrm_rsc_op" + Is("id", NewId("e")) + Is("operation_key", key) + Is("operation", operation);
    text += Is("interval", interval) + Is("call-id", status < 0 ? "-1" : std::to_string(++call_));
    text += Is("rc-code", code) + Is("op-status", std::to_string(status)) + Is("last-rc-change", "999999990");
    text += Is("transition-key", "1:1:0:x") + Is("transition-magic", std::to_string(status) + ":" + code + ";1:1:0:x");
    return text + Is("op-digest", "f2317cad3d54cec5d7d7aa7d0bf35cf8") + "/>";  // no parameters
  }

  std::string Entries(const std::string& id) {
    const std::string started = Entry(id, "start", "0", 0);
    switch (Below(12)) {
      case 0:
      case 1:
      case 2:
        return started;
      case 3:
        return started + Entry(id, "monitor", "10000", 0);
      case 4:
        return started + Entry(id, "monitor", "10000", Chance(50) ? 7 : 1);
      case 5:
        return started + Entry(id, "promote", "0", 0);
      case 6:
        return started + Entry(id, "stop", "0", Chance(70) ? 0 : 1);
      case 7:
        return Entry(id, "monitor", "0", Chance(60) ? 7 : Chance(50) ? 0 : 5);
      case 8:
        return Entry(id, "start", "0", 1);
      case 9:
        return started + Entry(id, "monitor", "10000", 0) + Entry(id, "monitor", "11000", 8);
      case 10:
        return Entry(id, "start", "0", 193, -1);
      default:
        return started + Entry(id, "promote", "0", 0) + Entry(id, "demote", "0", Chance(80) ? 0 : 1);
    }
  }

  std::string Histories(const std::string& node) {
    std::string text = "<lrm" + Is("id", node) + "><lrm_resources>";
    for (const auto& [id, agent] : primitives_) {
      if (id == node || !Chance(25)) continue;
      text += "<lrm_resource" + Is("id", id) + " " + agent + ">" + Entries(id) + "</lrm_resource>";
    }
    if (Chance(6)) {
      text += "<lrm_resource id='gone' class='ocf' provider='pacemaker' type='Stateful'>" + Entries("gone") +
              "</lrm_resource>";
    }
    return text + "</lrm_resources></lrm>";
  }

  std::string Transient(const std::string& node, const std::string& extra) {
    std::string pairs = extra;
    if (Chance(25) && !primitives_.empty()) {
      const std::string id = primitives_[Below(primitives_.size())].first;
      pairs += Pair("fail-count-" + id + "#monitor_10000", Of({"1", "3", "INFINITY"}));
      pairs += Pair("last-failure-" + id + "#monitor_10000", "999999990");
    }
    if (Chance(30)) pairs += Pair("master-s", Of({"1", "20", "100"}));
    return "<transient_attributes" + Is("id", node) + ">" + Block("instance_attributes", pairs) +
           "</transient_attributes>";
  }

  std::string NodeStates() {
    std::string text;
    for (size_t i = 0; i < cluster_nodes_.size(); ++i) {
      const std::string& node = cluster_nodes_[i];
      const std::string id = std::to_string(i + 1);
      const size_t condition = Below(100);
      const bool online = condition < 80;
      const bool lost = condition >= 92;
      text += "<node_state" + Is("id", id) + Is("uname", node) + Is("in_ccm", online ? "true" : "false");
      text += Is("crmd", online ? "online" : "offline") + Is("join", online || lost ? "member" : "down");
      text += Is("expected", online || lost ? "member" : "down") + ">";
      text += Transient(id, online && Chance(6) ? Pair("shutdown", "999999000") : std::string());
      text += Histories(id) + "</node_state>";
    }
    for (const std::string& node : remote_nodes_) {
      if (!Chance(60)) continue;
      text += "<node_state remote_node='true'" + Is("id", node) + Is("uname", node);
      text += Is("node_fenced", Chance(10) ? "1" : "0") + Is("in_ccm", "true") + ">";
      text += Transient(node, {}) + Histories(node) + "</node_state>";
    }
    if (Chance(30))
      text += "<tickets><ticket_state id='T'" + Is("granted", Chance(50) ? "true" : "false") + "/></tickets>";
    return text;
  }

  std::mt19937 random_;
  int ids_ = 0;
  int call_ = 0;
  bool used_s_ = false;
  std::string nodes_, resources_, constraints_;
  std::vector<std::string> cluster_nodes_, remote_nodes_, tops_;
  std::vector<std::pair<std::string, std::string>> primitives_;  // id, agent as XML attributes
};

}  // namespace

std::string RandomCib(uint32_t seed) {
  return Maker(seed).Cib();
}

}  // namespace picket::tests
