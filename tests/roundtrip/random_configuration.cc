#include "tests/roundtrip/random_configuration.h"

#include <algorithm>
#include <initializer_list>
#include <pugixml.hpp>
#include <sstream>
#include <string_view>
#include <vector>

namespace picket {
namespace {

using pugi::xml_node;
using Words = std::vector<std::string>;

// What a rule may ask depends on where it stands.
enum class Context { kLocation, kParameters, kResourceDefaults, kOperationDefaults, kOther };

const Words kOddWords = {
    "",         " ",      "a b",   "q\"q",      "it's",       "new\nline", "tab\there", "${x}", "$",
    "back\\",   "#hash",  "a=b",   "a,b",       "[1]",        "{x}",       "'''",       "\\n",  "ü",
    "漢字 🐘",   "<&>\"'", "end:",  ":begin",    "@at",        "secret(x)", "1..5",      "-inf", "inf",
    "INFINITY", "yes",    "64GiB", "%d",        "one\ntwo\n", "\r\nx",     "a'''b\"",   "// c", "/* c */",
    "(b)",      "a;b",    "}",     "# \"x\" '", "not",        "when"};
const Words kWords = {"1",     "10",    "eth0",           "/dev/sda1", "192.0.2.7", "fd00::1", "true",
                      "no",    "10min", "qemu:///system", "ro",        "rabbit@n1", "1.2.3",   "a-b_c.d",
                      "64GiB", "-5",    "1..5",           "inf",       "on",        "50%",     "~x",
                      "+7"};
const Words kParameters = {"ip",   "device",          "op",         "meta",        "params", "description", "from",
                           "port", "score",           "nic",        "utilization", "config", "a.b",         "x-y",
                           "when", "OCF_CHECK_LEVEL", "CRM_meta_x", "18n"};

class Maker {
 public:
  Maker(std::uint64_t seed, Taste taste) : state_(seed), wild_(taste == Taste::kWild) {}

  std::string Text() {
    xml_node cib = document_.append_child("cib");
    const Words schemas =
        wild_ ? Words{"pacemaker-1.2", "pacemaker-2.10", "pacemaker-3.0", "pacemaker-3.7", "pacemaker-3.10", "none"}
              : Words{"pacemaker-3.7", "pacemaker-3.10"};
    Set(cib, "validate-with", Pick(schemas));
    Set(cib, "crm_feature_set", "3.17.0");
    Set(cib, "epoch", "7");
    if (Chance(4)) Set(cib, "remote-tls-port", "5561");
    if (Chance(8)) Set(cib, "remote-clear-port", "5562");
    configuration_ = cib.append_child("configuration");
    Options();
    Nodes();
    Resources();
    Defaults();
    Constraints();
    if (Chance(2)) Levels();
    if (Chance(2)) Tags();
    if (Chance(2)) Acls();
    if (Chance(2)) Alerts();
    if (wild_) Spoil(configuration_);
    cib.append_child("status");
    std::ostringstream out;
    document_.save(out, " ", pugi::format_indent, pugi::encoding_utf8);
    return out.str();
  }

 private:
  // ------------------------------------------------------------------- drawing

  std::uint64_t Next() {  // splitmix64: the same everywhere.
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(Next() % limit); }
  bool Chance(std::size_t one_in) { return Below(one_in) == 0; }
  // Seldom in a wild one, never in a sound one.
  bool Wild(std::size_t one_in) { return wild_ && Chance(one_in); }
  const std::string& Pick(const Words& words) { return words[Below(words.size())]; }
  template <class T>
  T PickOf(std::initializer_list<T> some) {
    return some.begin()[Below(some.size())];
  }

  static void Set(xml_node node, const char* name, const std::string& value) {
    if (!node.attribute(name)) node.append_attribute(name);
    node.attribute(name).set_value(value.c_str());
  }
  void Maybe(xml_node node, const char* name, const Words& values, std::size_t one_in = 3) {
    if (Chance(one_in)) Set(node, name, Pick(values));
  }

  std::string Value() { return Chance(wild_ ? 3 : 8) ? Pick(kOddWords) : Pick(kWords); }
  std::string Score() {
    if (Wild(20)) return Pick(kOddWords);
    return PickOf<const char*>({"INFINITY", "-INFINITY", "+INFINITY", "0", "100", "-100", "1", "5000000", "+5"});
  }
  std::string Boolean() {
    return wild_ ? PickOf<const char*>({"true", "false", "yes", "no", "1", "0", "TRUE", "on"})
                 : PickOf<const char*>({"true", "false", "1", "0"});
  }
  std::string Duration() {
    if (Wild(20)) return Pick(kOddWords);
    return PickOf<const char*>({"10", "10s", "20s", "2min", "1h", "500ms", "0", "7sec"});
  }
  std::string Role() {
    if (Wild(30)) return "Owner";
    return wild_ && Chance(2) ? PickOf<const char*>({"Master", "Slave", "Started"})
                              : PickOf<const char*>({"Promoted", "Unpromoted", "Started", "Stopped"});
  }

  // Stops in an order run against the starts of another one: a circle. And what waits for the promotion of something
  // that is never promoted waits for ever.
  std::string Action() { return wild_ ? PickOf<const char*>({"start", "stop", "promote", "demote"}) : "start"; }
  std::string LastAction() { return wild_ ? Action() : PickOf<const char*>({"start", "promote"}); }

  // An id of its own. Words of the language are ids like any other.
  std::string Id(const std::string& stem) {
    static const Words stems = {"start", "promoted", "any",  "from", "with", "then", "all",   "node", "fence",
                                "meta",  "op",       "none", "on",   "of",   "for",  "where", "in",   "is"};
    const std::string number = std::to_string(++ids_);
    if (Wild(40)) return Pick(kOddWords) + number;
    switch (Below(8)) {
      case 0:
        return stem + "." + number;
      case 1:
        return "ü-" + stem + number;
      case 2: {  // Bare, as long as nobody else has it.
        const std::string word = Pick(stems);
        if (std::find(bare_.begin(), bare_.end(), word) == bare_.end()) {
          bare_.push_back(word);
          return word;
        }
      }
    }
    return stem + "-" + number;
  }
  // Mostly an element has an id; old and broken files leave it out.
  void GiveId(xml_node node, const std::string& stem) {
    if (!Wild(50)) Set(node, "id", Id(stem));
  }

  // -------------------------------------------------------------------- blocks

  void Expression(xml_node rule, Context context) {
    const bool node_attributes = wild_ || context == Context::kLocation || context == Context::kParameters;
    const bool resources = wild_ || context == Context::kResourceDefaults || context == Context::kOperationDefaults;
    const bool operations = wild_ || context == Context::kOperationDefaults;
    switch (Below(8)) {
      case 0:
        if (!resources) break;
        {
          xml_node test = rule.append_child("rsc_expression");
          GiveId(test, "re");
          Set(test, "class", "ocf");
          Maybe(test, "provider", {"heartbeat", "a b"});
          Maybe(test, "type", {"IPaddr2", "1"});
        }
        return;
      case 1:
        if (!operations) break;
        {
          xml_node test = rule.append_child("op_expression");
          GiveId(test, "oe");
          Set(test, "name", PickOf<const char*>({"monitor", "start", "not"}));
          Maybe(test, "interval", {"10s", "0"});
        }
        return;
      case 2:
      case 3:
      case 4:
      case 5:
        if (!node_attributes) break;
        NodeExpression(rule, context);
        return;
    }
    Date(rule);
  }

  void NodeExpression(xml_node rule, Context context) {
    xml_node test = rule.append_child("expression");
    GiveId(test, "e");
    Set(test, "attribute",
        PickOf<const char*>({"#uname", "#kind", "#is_dc", "#id", "#site-name", "#cluster-name", "pingd", "rack",
                             "running", "node", "date", "a b", "#ra-version", "not"}));
    if (Chance(4)) {
      Set(test, "operation", PickOf<const char*>({"defined", "not_defined"}));
      return;
    }
    Set(test, "operation", Wild(30) ? "like" : PickOf<const char*>({"eq", "ne", "lt", "lte", "gt", "gte"}));
    if (!Wild(30)) Set(test, "value", Value());
    Maybe(test, "type",
          wild_ ? Words{"string", "integer", "number", "version", "auto"}
                : Words{"string", "integer", "number", "version"});
    if (context == Context::kLocation || wild_) Maybe(test, "value-source", {"literal", "param", "meta"}, 5);
  }

  void Date(xml_node rule) {
    xml_node date = rule.append_child("date_expression");
    GiveId(date, "d");
    const Words times = {"2026-11-01", "2026-11-01T10:00", "2026-09-23 18:00:00 -05:00", "2026-W01-1"};
    switch (Below(5)) {
      case 0:
        Set(date, "operation", "gt");
        Set(date, "start", Pick(times));
        return;
      case 1:
        Set(date, "operation", "lt");
        Set(date, "end", Pick(times));
        return;
      case 2: {
        Set(date, "operation", "in_range");
        Set(date, "start", Pick(times));
        xml_node duration = date.append_child("duration");
        GiveId(duration, "du");
        Set(duration, "hours", "8");
        Maybe(duration, "months", {"1", "12"});
        if (Wild(4)) Set(duration, "moon", "4");
        return;
      }
      case 3: {
        Set(date, "operation", "date_spec");
        xml_node spec = date.append_child("date_spec");
        GiveId(spec, "ds");
        Set(spec, "hours", PickOf<const char*>({"9-16", "9", "9-", "-5"}));
        Maybe(spec, "weekdays", {"1-5", "7"});
        Maybe(spec, "years", {"2026-", "2026"});
        Maybe(spec, "yeardays", {"1-366"}, 6);
        if (Wild(4)) Set(spec, "moon", "0-3");
        return;
      }
      default:
        if (!Wild(4)) Set(date, "operation", "in_range");
        if (Chance(2)) Set(date, "start", Pick(times));
        if (!date.attribute("start") || Chance(2)) Set(date, "end", Pick(times));
    }
  }

  xml_node Rule(xml_node owner, Context context, int depth) {
    xml_node rule = owner.append_child("rule");
    GiveId(rule, "rule");
    Maybe(rule, "boolean-op", {"and", "or"}, 2);
    const std::size_t tests = 1 + Below(3);
    for (std::size_t i = 0; i < tests; ++i) {
      if (depth > 0 && Chance(3)) {
        Rule(rule, context, depth - 1);
      } else {
        Expression(rule, context);
      }
    }
    if (Wild(10)) Set(rule, "score", Score());
    return rule;
  }

  void Pairs(xml_node block, const Words& names, std::size_t count) {
    Words left = names;
    for (std::size_t i = 0; i < count && !left.empty(); ++i) {
      const std::size_t which = Below(left.size());
      xml_node pair = block.append_child("nvpair");
      if (Chance(30) && !pairs_.empty()) {
        Set(pair, "id-ref", Wild(4) ? "nowhere" : Pick(pairs_));
        if (Chance(2)) Set(pair, "name", left[which]);
      } else {
        const std::string id = Id("pair");
        Set(pair, "id", id);
        Set(pair, "name", Wild(20) ? Pick(kOddWords) : left[which]);
        if (!Wild(20)) Set(pair, "value", Value());
        pairs_.push_back(id);
      }
      if (!Wild(8)) left.erase(left.begin() + static_cast<std::ptrdiff_t>(which));
    }
  }

  // Blocks of one kind: a plain one, mostly, and others with a rule or a score.
  void Blocks(xml_node owner, const char* tag, const Words& names, Context context, std::size_t one_in = 2) {
    if (!Chance(one_in)) return;
    Words& known = blocks_[KindOf(tag)];
    for (std::size_t i = 1 + (Chance(3) ? Below(3) : 0); i > 0; --i) {
      xml_node block = owner.append_child(tag);
      if (Chance(12) && !known.empty()) {
        Set(block, "id-ref", Wild(4) ? "nowhere" : Pick(known));
        continue;
      }
      const std::string id = Id("block");
      if (!Wild(30)) Set(block, "id", id);
      if (Chance(4)) Set(block, "score", PickOf<const char*>({"10", "-10", "INFINITY", "1"}));
      if (Chance(4)) {
        Rule(block, context, 1);
        if (Wild(10)) Rule(block, context, 0);
      }
      Pairs(block, names, Wild(8) ? 0 : 1 + Below(Chance(4) ? 7 : 3));
      if (block.attribute("id")) known.push_back(id);
    }
  }

  static std::size_t KindOf(std::string_view tag) {
    return tag == "instance_attributes" ? 0 : tag == "meta_attributes" ? 1 : 2;
  }

  void Operations(xml_node resource) {
    if (Chance(2)) return;
    xml_node operations = resource.append_child("operations");
    if (Chance(5)) {
      if (Chance(2) && !operations_.empty()) {
        Set(operations, "id-ref", Pick(operations_));
        if (!Wild(4)) return;
      } else {
        operations_.push_back(Id("ops"));
        Set(operations, "id", operations_.back());
      }
    }
    const Words names = {"monitor", "start", "stop", "promote", "reload", "from", "notify"};
    const Words intervals = {"10s", "20s", "1min", "30", "PT45S", "0", "0s", "11s"};
    for (std::size_t i = Below(5); i > 0; --i) {
      xml_node op = operations.append_child("op");
      GiveId(op, "op");
      Set(op, "name", Wild(30) ? Pick(kOddWords) : wild_ ? Pick(names) : names[i]);
      const bool recurring = i == 0 || std::string_view(op.attribute("name").value()) == "monitor";
      Set(op, "interval",
          Wild(20)             ? Pick(kOddWords)
          : recurring || wild_ ? intervals[Below(5)]
                               : intervals[5 + Below(2)]);
      if (Chance(2)) Set(op, "timeout", Duration());
      if (Chance(5)) Set(op, "description", Value());
      if (Chance(4)) Set(op, "role", Role());
      Maybe(op, "on-fail", {"ignore", "block", "demote", "stop", "restart", "standby", "fence"}, 4);
      if (Chance(5)) Set(op, "enabled", Boolean());
      if (Chance(6)) Set(op, "record-pending", Boolean());
      if (Chance(8)) {
        Set(op, "start-delay", Duration());
      } else if (Chance(8)) {
        Set(op, "interval-origin", "2026-01-01");
      }
      if (Chance(5)) Blocks(op, "instance_attributes", kParameters, Context::kParameters);
      if (Chance(8)) Blocks(op, "meta_attributes", {"timeout", "x"}, Context::kParameters);
    }
  }

  void Described(xml_node node) {
    if (Chance(5)) Set(node, "description", Value());
  }

  // --------------------------------------------------------------------- nodes

  void Nodes() {
    xml_node section = configuration_.append_child("nodes");
    for (std::size_t i = 1 + Below(4); i > 0; --i) {
      xml_node node = section.append_child("node");
      const std::string number = std::to_string(i);
      const std::string name = Wild(15)
                                   ? Pick(kOddWords) + number
                                   : PickOf<const char*>({"n", "node-", "18n", "on", "host.example.org-"}) + number;
      Set(node, "id", PickOf<int>({0, 1}) ? number : Chance(2) ? name : "94ef659b-5fd8-" + number);
      Set(node, "uname", name);
      nodes_.push_back(name);
      if (Chance(6))
        Set(node, "type", Wild(4) ? "normal" : PickOf<const char*>({"member", "member", "remote", "ping"}));
      Described(node);
      if (Chance(8)) Set(node, "score", Score());
      Blocks(node, "instance_attributes", {"rack", "standby", "maintenance", "link", "a b", "node"}, Context::kOther,
             3);
      Blocks(node, "utilization", {"cpu", "memory", "x-y"}, Context::kOther, 4);
    }
    if (Wild(10)) Set(section.append_child("node"), "uname", "without-id");
  }

  // ----------------------------------------------------------------- resources

  void Agent(xml_node node) {
    const bool stonith = Chance(6);
    if (stonith) {
      Set(node, "class", "stonith");
      Set(node, "type", PickOf<const char*>({"fence_acme", "external/acme"}));
    } else if (Chance(2)) {
      Set(node, "class", "ocf");
      Set(node, "provider", PickOf<const char*>({"acme", "heartbeat", "a.b"}));
      Set(node, "type", PickOf<const char*>({"Thing", "Gadget", "18x"}));
    } else {
      Set(node, "class", PickOf<const char*>({"systemd", "lsb", "service"}));
      Set(node, "type", PickOf<const char*>({"web@1", "thing", "a-b.c"}));
    }
    if (Wild(30)) node.remove_attribute("type");
    if (Wild(30)) node.attribute("class").set_value("acme");
  }

  static const Words& Metas() {
    static const Words names = {
        "target-role", "priority", "is-managed", "resource-stickiness", "migration-threshold", "allow-migrate", "score",
        "description", "op",       "x-y"};
    return names;
  }

  std::string Primitive(xml_node parent, bool is_template = false) {
    xml_node node = parent.append_child(is_template ? "template" : "primitive");
    const std::string id = Id(is_template ? "t" : "p");
    if (!Wild(60)) Set(node, "id", id);
    if (!is_template && Chance(6) && !templates_.empty()) {
      Set(node, "template", Wild(6) ? "nowhere" : Pick(templates_));
    } else {
      Agent(node);
    }
    Described(node);
    const bool device = std::string_view(node.attribute("class").value()) == "stonith";
    Blocks(node, "instance_attributes", kParameters, Context::kParameters);
    Hosts(node, device);
    Blocks(node, "meta_attributes", Metas(), Context::kOther, 3);
    Guest(node, !is_template && !device);
    Blocks(node, "utilization", {"cpu", "memory"}, Context::kOther, 5);
    Operations(node);
    // A level takes devices of plain names only.
    if (device && !is_template && (wild_ || id.find("ü") == std::string::npos)) devices_.push_back(id);
    return id;
  }

  // What `for` says of a fence device.
  void Hosts(xml_node node, bool device) {
    xml_node block = node.child("instance_attributes");
    if (!device || !block || block.attribute("id-ref")) return;
    const auto add = [&](const char* name, const std::string& value) {
      xml_node pair = block.append_child("nvpair");
      Set(pair, "id", Id("pair"));
      Set(pair, "name", name);
      Set(pair, "value", value);
    };
    if (Chance(2))
      add("pcmk_host_list",
          PickOf<int>({0, 1}) ? Pick(nodes_) : Pick(nodes_) + PickOf<const char*>({",", " ", ";"}) + "n9");
    if (Chance(2))
      add("pcmk_host_map",
          Pick(nodes_) + PickOf<const char*>({":", "=", ""}) + PickOf<const char*>({"1", "vm 1", "a;b:2"}));
    if (Chance(4)) add("pcmk_host_check", "static-list");
  }

  // A node inside of a resource.
  void Guest(xml_node node, bool may) {
    xml_node block = node.child("meta_attributes");
    if (!may || !block || block.attribute("id-ref") || !Chance(5)) return;
    // Where it holds now and then only, nobody knows whether there is a node.
    if (!wild_ && (block.child("rule") || block.attribute("score"))) return;
    const std::string name = Wild(4) ? Pick(nodes_) : Id("guest");
    const auto add = [&](const char* key, const std::string& value) {
      xml_node pair = block.append_child("nvpair");
      Set(pair, "id", Id("pair"));
      Set(pair, "name", key);
      Set(pair, "value", value);
    };
    add("remote-node", name);
    if (Chance(2)) add("remote-port", "3121");
    if (Chance(3)) add("remote-addr", "192.0.2.9");
    if (Chance(4)) add("remote-connect-timeout", "60s");
    // Constraints may speak of it as of any other node.
    if (Chance(2)) nodes_.push_back(name);
  }

  std::string Group(xml_node parent) {
    xml_node group = parent.append_child("group");
    const std::string id = Id("g");
    Set(group, "id", id);
    Described(group);
    Blocks(group, "instance_attributes", kParameters, Context::kParameters, 6);
    Blocks(group, "meta_attributes", Metas(), Context::kOther, 3);
    for (std::size_t i = Wild(20) ? 0 : 1 + Below(3); i > 0; --i) Refer(Primitive(group));
    return id;
  }

  std::string Clone(xml_node parent) {
    xml_node clone = parent.append_child(Wild(4) ? "master" : "clone");
    const std::string id = Id("c");
    Set(clone, "id", id);
    Described(clone);
    const Words names = {"promotable",   "clone-max",       "interleave",     "notify",
                         "promoted-max", "globally-unique", "clone-node-max", "master-max"};
    if (Chance(4)) {
      Blocks(clone, "instance_attributes", kParameters, Context::kParameters, 3);
    }
    if (Chance(2)) {
      Blocks(clone, "meta_attributes", names, Context::kOther);
      if (Chance(2)) {
        xml_node block = clone.append_child("meta_attributes");
        Set(block, "id", Id("block"));
        xml_node pair = block.append_child("nvpair");
        Set(pair, "id", Id("pair"));
        Set(pair, "name", "promotable");
        Set(pair, "value", PickOf<const char*>({"true", "yes", "1", "false"}));
      }
    }
    Refer(Chance(3) ? Group(clone) : Primitive(clone));
    return id;
  }

  // Nobody reaches a resource in containers without an address or a port of theirs; such a bundle is refused.
  void Reach(xml_node bundle) {
    xml_node network = bundle.child("network");
    if (network.attribute("ip-range-start") || network.attribute("control-port")) return;
    if (!network)
      network = bundle.insert_child_after("network",
                                          bundle.find_child([](xml_node child) { return child.attribute("image"); }));
    Set(network, "control-port", "3121");
  }

  std::string Bundle(xml_node parent) {
    xml_node bundle = parent.append_child("bundle");
    const std::string id = Id("b");
    Set(bundle, "id", id);
    Described(bundle);
    Blocks(bundle, "instance_attributes", kParameters, Context::kParameters, 8);
    Blocks(bundle, "meta_attributes", Metas(), Context::kOther, 3);
    xml_node engine = bundle.append_child(PickOf<const char*>({"docker", "podman", "rkt"}));
    if (!Wild(20)) Set(engine, "image", PickOf<const char*>({"registry.example.org/x:1", "pcmk:http"}));
    Maybe(engine, "replicas", {"1", "3"}, 2);
    Maybe(engine, "replicas-per-host", {"1", "2"}, 4);
    Maybe(engine, wild_ && Chance(2) ? "masters" : "promoted-max", {"0", "1"}, 4);
    if (Chance(4)) Set(engine, "run-command", Value());
    if (Chance(4)) Set(engine, "network", "host");
    if (Chance(4)) Set(engine, "options", Value());
    if (Chance(2)) {
      xml_node network = bundle.append_child("network");
      Maybe(network, "ip-range-start", {"192.0.2.9"}, 2);
      Maybe(network, "control-port", {"3121"}, 4);
      Maybe(network, "host-interface", {"eth0"}, 4);
      Maybe(network, "host-netmask", {"24"}, 4);
      if (Chance(4)) Set(network, "add-host", Boolean());
      for (std::size_t i = Below(3); i > 0; --i) {
        xml_node port = network.append_child("port-mapping");
        GiveId(port, "port");
        if (Chance(2)) {
          Set(port, "port", std::to_string(80 + i));
          Maybe(port, "internal-port", {"8080"});
        } else {
          Set(port, "range", "2000-200" + std::to_string(i));
        }
      }
    }
    if (Chance(2)) {
      xml_node storage = bundle.append_child("storage");
      for (std::size_t i = Below(3); i > 0; --i) {
        xml_node mapping = storage.append_child("storage-mapping");
        GiveId(mapping, "storage");
        Set(mapping, Chance(3) ? "source-dir-root" : "source-dir", "/srv/" + std::to_string(i));
        Set(mapping, "target-dir", Wild(4) ? Value() : "/var/" + std::to_string(i));
        Maybe(mapping, "options", {"rw", "ro,Z"});
      }
    }
    if (Chance(2)) {
      Reach(bundle);
      Refer(Primitive(bundle));
    }
    return id;
  }

  void Refer(const std::string& id) { resources_.push_back(id); }

  void Resources() {
    xml_node section = configuration_.append_child("resources");
    if (Chance(3)) templates_.push_back(Primitive(section, true));
    for (std::size_t i = 2 + Below(5); i > 0; --i) {
      switch (Below(6)) {
        case 0:
          Outer(Group(section));
          break;
        case 1:
          Outer(Clone(section));
          break;
        case 2:
          Outer(Bundle(section));
          break;
        default:
          Outer(Primitive(section));
      }
    }
  }
  void Outer(const std::string& id) { outer_.push_back(id); }

  // ------------------------------------------------------- options and defaults

  void Options() {
    xml_node section = configuration_.append_child("crm_config");
    const Words names = wild_ ? Words{"stonith-enabled",
                                      "no_quorum_policy",
                                      "cluster-name",
                                      "x",
                                      "stonith_action",
                                      "crmd-transition-delay",
                                      "stop-orphan-resources",
                                      "default-resource-stickiness",
                                      "remove-after-stop",
                                      "fencing-enabled",
                                      "dc-version",
                                      "maintenance-mode"}
                              : Words{"stonith-enabled", "no-quorum-policy",  "cluster-name", "x.y",
                                      "stonith-timeout", "symmetric-cluster", "dc-version",   "maintenance-mode",
                                      "transition-delay"};
    const std::size_t count = Chance(6) ? 2 + Below(2) : Below(8) == 0 ? 0 : 1;
    for (std::size_t i = 0; i < count; ++i) {
      xml_node set = section.append_child("cluster_property_set");
      Set(set, "id", i == 0 && !Chance(4) ? "cib-bootstrap-options" : Id("options"));
      if (i > 0 && Chance(3)) Set(set, "score", "50");
      if (i > 0 && Chance(3)) Rule(set, Context::kOther, 1);
      Pairs(set, names, Wild(10) ? 0 : 1 + Below(5));
    }
  }

  void Defaults() {
    if (Chance(2)) {
      xml_node section = configuration_.append_child("rsc_defaults");
      Blocks(section, "meta_attributes", {"resource-stickiness", "migration-threshold", "score"},
             Context::kResourceDefaults, 1);
    }
    if (Chance(3)) {
      xml_node section = configuration_.append_child("op_defaults");
      Blocks(section, "meta_attributes", {"timeout", "record-pending", "on-fail"}, Context::kOperationDefaults, 1);
    }
  }

  // --------------------------------------------------------------- constraints

  std::string Resource() {
    if (Wild(25)) return "nowhere";
    if (Wild(25)) return Pick(outer_) + ":0";
    if (Wild(5) && !resources_.empty()) return Pick(resources_);
    return Pick(outer_);
  }

  // Two or more outer resources in the order in which they stand: what is
  // always taken so goes round in no circle.
  Words Some(std::size_t least) {
    Words some;
    if (wild_) {
      for (std::size_t i = least + Below(3); i > 0; --i) some.push_back(Resource());
      return some;
    }
    for (const std::string& one : outer_) {
      if (Chance(2)) some.push_back(one);
    }
    for (std::size_t i = 0; some.size() < least && i < outer_.size(); ++i) {
      if (std::find(some.begin(), some.end(), outer_[i]) == some.end()) some.push_back(outer_[i]);
    }
    std::sort(some.begin(), some.end(), [&](const std::string& a, const std::string& b) {
      return std::find(outer_.begin(), outer_.end(), a) < std::find(outer_.begin(), outer_.end(), b);
    });
    return some;
  }

  // Resource sets with these members, cut where chance has it.
  void Sets(xml_node constraint, const Words& members, bool actions) {
    xml_node set;
    for (const std::string& member : members) {
      if (!set || Chance(3)) {
        set = constraint.append_child("resource_set");
        if (Wild(15) && !sets_.empty()) {
          Set(set, "id-ref", Pick(sets_));
          set = {};
          continue;
        }
        const std::string id = Id("set");
        if (!Wild(40)) Set(set, "id", id);
        sets_.push_back(id);
        if (Chance(3)) Set(set, "sequential", Boolean());
        if (Chance(4)) Set(set, "require-all", Boolean());
        if (actions && Chance(3)) Set(set, "action", Action());
        if (!actions && Chance(3)) Set(set, "role", Role());
        if (Wild(8)) Maybe(set, "ordering", {"group", "listed"}, 2);
        if (Wild(8)) Set(set, actions ? "role" : "action", actions ? Role() : "start");
        if (Chance(10)) Set(set, actions ? "kind" : "score", actions ? "Serialize" : "5");
      }
      Set(set.append_child("resource_ref"), "id", member);
    }
  }

  void Location(xml_node section) {
    xml_node node = section.append_child("rsc_location");
    Set(node, "id", Id("l"));
    switch (Below(5)) {
      case 0:
        Set(node, "rsc-pattern", Wild(3) ? Value() : PickOf<const char*>({"^web-", "!^vm", "a/b", "x.*\\.y", "\\d+"}));
        break;
      case 1:
        Sets(node, Some(2), false);
        break;
      default:
        Set(node, "rsc", Resource());
    }
    const bool role = !node.child("resource_set") && Chance(4);
    if (role) Set(node, "role", Role());
    if (Chance(2)) {
      Set(node, "node", Wild(6) ? "n99" : Pick(nodes_));
      Set(node, "score", Score());
      if (Wild(10)) node.remove_attribute("score");
    } else {
      for (std::size_t i = Chance(4) ? 2 : 1; i > 0; --i) {
        if (Chance(8) && !rules_.empty()) {
          Set(node.append_child("rule"), "id-ref", Pick(rules_));
          continue;
        }
        xml_node rule = Rule(node, Context::kLocation, 2);
        rule.remove_attribute("score");
        if (Chance(4)) {
          Set(rule, "score-attribute", PickOf<const char*>({"pingd", "a b"}));
        } else {
          Set(rule, "score", Score());
        }
        // All rules of a location have the role that their location has.
        if (!role && Wild(5)) Set(rule, "role", Role());
        if (rule.attribute("id") && !role) rules_.push_back(rule.attribute("id").value());
      }
    }
    if (Chance(5)) Set(node, "resource-discovery", PickOf<const char*>({"always", "never", "exclusive"}));
    if (Wild(20)) Rule(node.append_child("lifetime"), Context::kLocation, 0);
  }

  // A colocation of the later with the earlier, so that none contradicts another.
  void Colocation(xml_node section) {
    xml_node node = section.append_child("rsc_colocation");
    Set(node, "id", Id("col"));
    Words some = Some(2);
    const bool apart = !wild_ && Chance(4);
    if (!Wild(8))
      Set(node, "score", wild_ ? Score() : apart ? "-50" : PickOf<const char*>({"INFINITY", "100", "0", "+INFINITY"}));
    if (Chance(6)) Set(node, "influence", Boolean());
    if (Chance(4) && !apart) {
      Sets(node, some, false);
      return;
    }
    const std::size_t with = Below(some.size() - 1);
    Set(node, "rsc", some[with + 1]);
    Set(node, "with-rsc", some[with]);
    if (Chance(4)) Set(node, "rsc-role", Role());
    if (Chance(4)) Set(node, "with-rsc-role", Role());
    if (Chance(6)) Set(node, "node-attribute", "rack");
    // Often the order stands beside it.
    if (!Chance(3)) return;
    xml_node order = section.append_child("rsc_order");
    Set(order, "id", Id("ord"));
    Set(order, "first", some[with]);
    Set(order, "then", some[with + 1]);
    Maybe(order, "kind", {"Optional", "Mandatory"});
    const bool optional = std::string_view(order.attribute("kind").value()) == "Optional";
    Maybe(order, "first-action", wild_ || optional ? Words{"start", "promote"} : Words{"start"});
  }

  void Order(xml_node section) {
    xml_node node = section.append_child("rsc_order");
    Set(node, "id", Id("ord"));
    const Words some = Some(2);
    if (Chance(4)) Set(node, "symmetrical", Boolean());
    if (Chance(3)) {
      Set(node, "kind", PickOf<const char*>({"Optional", "Mandatory", "Serialize"}));
    } else if (Wild(3)) {
      Set(node, "score", Score());
    }
    if (Chance(3)) {
      Sets(node, some, true);
      if (Wild(10)) Set(node, "require-all", Boolean());
      return;
    }
    if (Chance(6)) Set(node, "require-all", Boolean());
    Set(node, "first", some[0]);
    Set(node, "then", some[1]);
    if (Chance(3)) Set(node, "first-action", Action());
    if (Chance(3)) Set(node, "then-action", LastAction());
  }

  void Ticket(xml_node section) {
    xml_node node = section.append_child("rsc_ticket");
    Set(node, "id", Id("tick"));
    Set(node, "ticket", PickOf<const char*>({"geo-a", "geo b", "on"}));
    if (Chance(3)) {
      Sets(node, Some(2), false);
    } else {
      Set(node, "rsc", Resource());
      if (Chance(3)) Set(node, "rsc-role", Role());
    }
    Maybe(node, "loss-policy", {"stop", "demote", "fence", "freeze"}, 2);
  }

  void Constraints() {
    xml_node section = configuration_.append_child("constraints");
    for (std::size_t i = Below(9); i > 0; --i) {
      switch (Below(6)) {
        case 0:
        case 1:
          Location(section);
          break;
        case 2:
        case 3:
          Colocation(section);
          break;
        case 4:
          Order(section);
          break;
        default:
          Ticket(section);
      }
    }
  }

  // ----------------------------------------------------- fencing, tags, acls, alerts

  void Levels() {
    if (devices_.empty()) return;
    xml_node section = configuration_.append_child("fencing-topology");
    for (std::size_t i = Below(4); i > 0; --i) {
      const int kind = static_cast<int>(Below(3));
      const std::string node = Wild(10) ? "n99" : Pick(nodes_);
      const Words indices = Chance(2) ? Words{"1", "2"} : Words{"2", "5", "9"};
      for (const std::string& index : indices) {
        xml_node level = section.append_child("fencing-level");
        GiveId(level, "level");
        if (kind == 0) Set(level, "target", node);
        if (kind == 1) Set(level, "target-pattern", PickOf<const char*>({"^n/.*", "a|b"}));
        if (kind == 2) {
          Set(level, "target-attribute", PickOf<const char*>({"rack", "node"}));
          Set(level, "target-value", Value());
        }
        Set(level, "index", Wild(10) ? "0" : index);
        Set(level, "devices", Pick(devices_) + (Chance(3) ? "," + Pick(devices_) : ""));
      }
    }
  }

  void Tags() {
    xml_node section = configuration_.append_child("tags");
    for (std::size_t i = Below(3); i > 0; --i) {
      xml_node tag = section.append_child("tag");
      Set(tag, "id", Id("tag"));
      for (const std::string& one : Some(1)) Set(tag.append_child("obj_ref"), "id", one);
    }
  }

  void Acls() {
    xml_node section = configuration_.append_child("acls");
    Words roles;
    for (std::size_t i = Below(3); i > 0; --i) {
      xml_node role = section.append_child("acl_role");
      roles.push_back(Id("role"));
      Set(role, "id", roles.back());
      Described(role);
      for (std::size_t j = Below(4); j > 0; --j) {
        xml_node permission = role.append_child("acl_permission");
        GiveId(permission, "perm");
        Set(permission, "kind", Wild(20) ? "own" : PickOf<const char*>({"read", "write", "deny"}));
        switch (Below(4)) {
          case 0:
            Set(permission, "reference", Resource());
            break;
          case 1:
            Set(permission, "object-type", PickOf<const char*>({"nvpair", "all", "a b"}));
            Maybe(permission, "attribute", {"value", "name"}, 2);
            break;
          default:
            Set(permission, "xpath",
                PickOf<const char*>(
                    {"/cib", "//nvpair[@name='password']", "//*[@id='x']/meta_attributes", "//a[@b=\"c\"]"}));
        }
        Described(permission);
      }
    }
    for (std::size_t i = Below(3); i > 0; --i) {
      xml_node account = section.append_child(PickOf<const char*>({"acl_target", "acl_group"}));
      Set(account, "id", Id("acc"));
      if (Chance(3)) Set(account, "name", PickOf<const char*>({"alice", "DOM\\ops", "group"}));
      for (const std::string& role : roles) {
        if (Chance(2)) Set(account.append_child("role"), "id", role);
      }
    }
  }

  void Alerts() {
    xml_node section = configuration_.append_child("alerts");
    for (std::size_t i = Below(3); i > 0; --i) {
      xml_node alert = section.append_child("alert");
      Set(alert, "id", Id("alert"));
      Described(alert);
      Set(alert, "path", PickOf<const char*>({"/usr/lib/alert.sh", "/a b/c"}));
      Blocks(alert, "instance_attributes", kParameters, Context::kOther);
      Blocks(alert, "meta_attributes", {"timeout", "timestamp-format", "select", "recipient"}, Context::kOther);
      if (Chance(2)) {
        xml_node select = alert.append_child("select");
        if (Chance(2)) select.append_child("select_nodes");
        if (Chance(2)) select.append_child("select_fencing");
        if (Chance(3)) select.append_child("select_resources");
        if (Chance(2) || !select.first_child()) {
          xml_node attributes = select.append_child("select_attributes");
          for (std::size_t j = Below(3); j > 0; --j) {
            xml_node attribute = attributes.append_child("attribute");
            GiveId(attribute, "attr");
            Set(attribute, "name", PickOf<const char*>({"standby", "#x", "a b"}) + std::to_string(j));
          }
        }
      }
      for (std::size_t j = Below(3); j > 0; --j) {
        xml_node recipient = alert.append_child("recipient");
        GiveId(recipient, "recipient");
        Described(recipient);
        Set(recipient, "value", Value());
        Blocks(recipient, "instance_attributes", kParameters, Context::kOther, 3);
        Blocks(recipient, "meta_attributes", {"timeout"}, Context::kOther, 3);
      }
    }
  }

  // ------------------------------------------------------------------- spoiling

  // Comments anywhere, foreign attributes and elements, elements twice.
  void Spoil(xml_node node) {
    std::vector<xml_node> children;
    for (const xml_node child : node.children()) children.push_back(child);
    for (xml_node child : children) {
      if (child.type() != pugi::node_element) continue;
      if (Chance(25)) {
        xml_node comment = node.insert_child_before(pugi::node_comment, child);
        comment.set_value(PickOf<const char*>({" a remark ", "two\n  lines", "", " # hash ", " '''\"\\ ", " ü ${x} "}));
      }
      if (Chance(150)) Set(child, PickOf<const char*>({"foreign", "description", "score", "x:y"}), Value());
      Spoil(child);
      if (node == configuration_) continue;  // There are no sections but those there are.
      if (Chance(200)) node.insert_child_after("foreign", child).append_child("inner");
      if (Chance(200)) node.insert_copy_after(child, child);
      if (Chance(120)) node.insert_child_after(child.name(), child);
    }
    if (node.first_child() && Chance(60)) node.append_child(pugi::node_pcdata).set_value(" text ");
  }

  std::uint64_t state_;
  bool wild_;
  pugi::xml_document document_;
  xml_node configuration_;
  std::size_t ids_ = 0;
  Words bare_, nodes_, resources_, outer_, templates_, devices_, pairs_, operations_, sets_, rules_;
  Words blocks_[3];
};

}  // namespace

std::string RandomConfiguration(std::uint64_t seed, Taste taste) {
  return Maker(seed, taste).Text();
}

}  // namespace picket
