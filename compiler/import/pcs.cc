#include "compiler/import/pcs.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/diagnostics/nearest.h"
#include "compiler/import/pcs_lines.h"
#include "compiler/import/pcs_rules.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::import {
namespace {

using pugi::xml_node;
using Words = std::vector<std::string>;
using Sections = std::map<std::string, Words>;

std::size_t EqualIn(const std::string& word) {
  const std::size_t equal = word.find('=');
  return equal == 0 ? std::string::npos : equal;
}

bool IsPair(const std::string& word) {
  return EqualIn(word) != std::string::npos;
}

std::string NameOf(const std::string& pair) {
  return pair.substr(0, EqualIn(pair));
}

std::string ValueOf(const std::string& pair) {
  return pair.substr(EqualIn(pair) + 1);
}

std::string IdOf(xml_node element) {
  return element.attribute("id").value();
}

// A role as pcs 0.11 writes it: `master` gives Promoted. Empty for a word that names no role.
std::string RoleOf(std::string word) {
  static const std::map<std::string, std::string> roles = {
      {"promoted", "Promoted"}, {"unpromoted", "Unpromoted"}, {"started", "Started"},
      {"stopped", "Stopped"},   {"master", "Promoted"},       {"slave", "Unpromoted"}};
  for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const auto found = roles.find(word);
  return found == roles.end() ? std::string() : found->second;
}

// Without the characters that no id of XML has.
std::string AsXmlId(const std::string& wanted) {
  std::string id;
  for (const char c : wanted) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool other = (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (letter || (other && !id.empty())) id += c;
  }
  return id;
}

std::string_view TagOf(xml_node element) {
  return element.name();
}

bool IsOfOperation(const std::string& name) {
  static const std::set<std::string> names = {"interval", "timeout",  "on-fail",     "start-delay",
                                              "role",     "requires", "enabled",     "record-pending",
                                              "name",     "id",       "description", "interval-origin"};
  return names.contains(name);
}

class PcsReader {
 public:
  PcsReader(const AgentResolver& resolve, pugi::xml_document& cib, TextRead& read)
      : resolve_(resolve), cib_(cib), read_(read) {
    xml_node root = cib.append_child("cib");
    root.append_attribute("validate-with") = "pacemaker-3.9";
    configuration_ = root.append_child("configuration");
    for (const char* section : {"crm_config", "nodes", "resources", "constraints"})
      configuration_.append_child(section);
  }

  void Run(std::string_view text) {
    PcsLines lines = SplitPcs(text);
    read_.skipped = std::move(lines.skipped);
    read_.faults = std::move(lines.faults);
    Remember();
    for (const PcsCommand& command : lines.commands) {
      const std::size_t faults = read_.faults.size(), skipped = read_.skipped.size();
      One(command);
      if (read_.faults.size() == faults) {
        since_.push_back(&command);
        continue;
      }
      Undo();
      read_.skipped.resize(skipped);
      Remember();
    }
    NodesOfHosts();
    for (const Reference& reference : state_.references) Check(reference);
  }

 private:
  struct Reference {
    std::size_t line;
    std::string name;
  };

  // What the commands before have made. A command with a fault leaves nothing: what is there goes back to
  // the last state that was remembered, and the good commands since are read again.
  struct State {
    std::vector<Reference> references;
    int sets = 0, alerts = 0;
  };

  void One(const PcsCommand& command) {
    line_ = command.line;
    options_ = &command.options;
    Command(command.words);
  }

  void Remember() {
    remembered_cib_.reset(cib_);
    remembered_ = state_;
    since_.clear();
  }

  void Undo() {
    cib_.reset(remembered_cib_);
    configuration_ = cib_.child("cib").child("configuration");
    state_ = remembered_;
    for (const PcsCommand* command : since_) One(*command);
  }

  // ------------------------------------------------------------------ what all share

  void Fault(const std::string& what) {
    read_.faults.push_back("line " + std::to_string(line_) + ": " + what);
  }
  void Skip(const std::string& what) {
    read_.skipped.push_back("line " + std::to_string(line_) + ": " + what);
  }

  xml_node Section(const char* name) {
    const xml_node found = configuration_.child(name);
    return found ? found : configuration_.append_child(name);
  }

  xml_node Element(const char* section, const char* tag, const std::string& id) {
    if (Find(Section(section), id)) Fault("there is `" + id + "` already");
    xml_node element = Section(section).append_child(tag);
    element.append_attribute("id") = id.c_str();
    return element;
  }

  static xml_node Find(xml_node parent, const std::string& id) {
    return parent.find_node([&](xml_node node) { return id == node.attribute("id").value(); });
  }
  // An id that nothing has yet.
  std::string Unused(const std::string& wanted) {
    std::string id = wanted;
    for (int i = 1; Find(configuration_, id); ++i) id = wanted + '-' + std::to_string(i);
    return id;
  }

  xml_node Resource(const std::string& id) {
    const xml_node found = Section("resources").find_node([&](xml_node node) {
      static const std::set<std::string> tags = {"primitive", "group", "clone", "master", "bundle"};
      return id == node.attribute("id").value() && tags.contains(node.name());
    });
    if (!found) Unknown(id);
    return found;
  }

  void Unknown(const std::string& name) {
    Words ids;
    const auto collect = [&](auto&& self, xml_node node) -> void {
      for (const xml_node child : node.children()) {
        const std::string_view tag = child.name();
        if (tag == "primitive" || tag == "group" || tag == "clone" || tag == "bundle") {
          ids.push_back(IdOf(child));
          self(self, child);
        }
      }
    };
    collect(collect, Section("resources"));
    const auto meant = Nearest(name, ids);
    Fault("there is no `" + name + "`" + (meant ? "; did you mean `" + *meant + "`?" : ""));
  }

  bool HasOption(const std::string& name) const {
    return std::find(options_->begin(), options_->end(), name) != options_->end();
  }
  // `--group=g`: what stands behind the sign; empty without the option.
  std::string OptionValue(const std::string& name) const {
    for (const std::string& option : *options_) {
      if (option.starts_with(name + '=')) return option.substr(name.size() + 1);
    }
    return {};
  }

  void Refer(const std::string& name) { state_.references.push_back({line_, name}); }

  void Check(const Reference& reference) {
    line_ = reference.line;
    Resource(reference.name);
  }

  // A node that a command names; none of the commands lists them.
  xml_node Node(const std::string& name) {
    xml_node nodes = Section("nodes");
    if (const xml_node found = nodes.find_child_by_attribute("node", "uname", name.c_str())) return found;
    xml_node node = nodes.append_child("node");
    node.append_attribute("id") = name.c_str();
    node.append_attribute("uname") = name.c_str();
    return node;
  }

  // The hosts of fence devices are nodes as well, except those that a resource makes.
  void NodesOfHosts() {
    std::set<std::string> hosts, made;
    const auto pairs = [](xml_node element, const char* block, const char* name) {
      const xml_node pair = element.child(block).find_child_by_attribute("nvpair", "name", name);
      return std::string(pair.attribute("value").value());
    };
    const auto collect = [&](auto&& self, xml_node parent) -> void {
      for (const xml_node element : parent.children()) {
        if (TagOf(element) != "primitive") {
          self(self, element);
          continue;
        }
        if (std::string_view(element.attribute("type").value()) == "remote") made.insert(IdOf(element));
        made.insert(pairs(element, "meta_attributes", "remote-node"));
        if (std::string_view(element.attribute("class").value()) != "stonith") continue;
        for (const std::string& host :
             Names(pairs(element, "instance_attributes", "pcmk_host_list"), " ,;\t\n"))
          hosts.insert(host);
        for (const std::string& map : Names(pairs(element, "instance_attributes", "pcmk_host_map"), ";\t\n "))
          if (map.find_first_of(":=") != std::string::npos)
            hosts.insert(map.substr(0, map.find_first_of(":=")));
      }
    };
    collect(collect, Section("resources"));
    for (const std::string& host : hosts) {
      if (!host.empty() && !made.contains(host)) Node(host);
    }
  }

  static Words Names(const std::string& list, const char* between) {
    Words names;
    for (std::size_t at = list.find_first_not_of(between); at != std::string::npos;) {
      const std::size_t end = list.find_first_of(between, at);
      names.push_back(list.substr(at, end == std::string::npos ? end : end - at));
      at = list.find_first_not_of(between, end == std::string::npos ? list.size() : end);
    }
    return names;
  }

  // Pairs into the plain block of that kind; what is there already changes, and goes away if the value is
  // empty.
  void Pairs(xml_node owner, const char* tag, const Words& words, const std::string& id = "") {
    xml_node block = owner.child(tag);
    for (const std::string& word : words) {
      if (!IsPair(word)) {
        Fault("`" + word + "` is no NAME=VALUE");
        continue;
      }
      if (!block) {
        block = owner.append_child(tag);
        block.append_attribute("id") = (id.empty() ? IdOf(owner) + '-' + tag : id).c_str();
      }
      Pair(block, NameOf(word), ValueOf(word));
    }
  }

  static void Pair(xml_node block, const std::string& name, const std::string& value) {
    xml_node pair = block.find_child_by_attribute("nvpair", "name", name.c_str());
    if (value.empty()) {
      block.remove_child(pair);
      return;
    }
    if (!pair) {
      pair = block.append_child("nvpair");
      pair.append_attribute("id") = (IdOf(block) + '-' + name).c_str();
      pair.append_attribute("name") = name.c_str();
      pair.append_attribute("value");
    }
    pair.attribute("value") = value.c_str();
  }

  void Attributes(xml_node element, const Words& words) {
    for (const std::string& word : words) {
      if (!IsPair(word))
        Fault("`" + word + "` is no NAME=VALUE");
      else if (NameOf(word) == "id")
        SetId(element, ValueOf(word));
      else if (!IsXmlId(NameOf(word)))
        Fault("`" + NameOf(word) + "` is no name of an option");
      else
        Attribute(element, NameOf(word).c_str()) = ValueOf(word).c_str();
    }
  }

  static pugi::xml_attribute Attribute(xml_node element, const char* name) {
    const pugi::xml_attribute found = element.attribute(name);
    return found ? found : element.append_attribute(name);
  }

  static void SetId(xml_node element, const std::string& id) {
    if (!element.attribute("id")) element.append_attribute("id");
    element.attribute("id") = id.c_str();
  }

  static Words From(const Words& words, std::size_t at) {
    return at < words.size() ? Words(words.begin() + static_cast<std::ptrdiff_t>(at), words.end()) : Words();
  }

  // What stands behind each keyword; what stands before the first is behind "". A keyword twice: one list.
  static Sections Split(const Words& words, std::size_t from, const std::set<std::string>& keywords) {
    Sections parts;
    std::string current;
    for (std::size_t i = from; i < words.size(); ++i) {
      if (keywords.contains(words[i])) {
        current = words[i];
        parts[current];
      } else {
        parts[current].push_back(words[i]);
      }
    }
    return parts;
  }

  // ---------------------------------------------------------------------- commands

  static bool Is(const Words& words, std::initializer_list<const char*> begin) {
    return words.size() >= begin.size() && std::equal(begin.begin(), begin.end(), words.begin());
  }

  void Command(const Words& w) {
    struct Known {
      std::initializer_list<const char*> begin;
      std::size_t at_least;  ///< Words.
      void (PcsReader::*read)(const Words&);
    };
    static const Known kKnown[] = {
        {{"resource", "create"}, 4, &PcsReader::Create},
        {{"stonith", "create"}, 4, &PcsReader::Create},
        {{"resource", "bundle", "create"}, 4, &PcsReader::Bundle},
        {{"resource", "bundle", "update"}, 4, &PcsReader::UpdateBundle},
        {{"resource", "group", "add"}, 4, &PcsReader::Group},
        {{"resource", "clone"}, 3, &PcsReader::Clone},
        {{"resource", "promotable"}, 3, &PcsReader::Clone},
        {{"resource", "meta"}, 3, &PcsReader::Meta},
        {{"stonith", "meta"}, 3, &PcsReader::Meta},
        {{"resource", "utilization"}, 4, &PcsReader::Utilization},
        {{"resource", "op", "defaults"}, 4, &PcsReader::Defaults},
        {{"resource", "op", "add"}, 5, &PcsReader::AddOperation},
        {{"resource", "op", "remove"}, 4, &PcsReader::RemoveOperation},
        {{"resource", "op", "delete"}, 4, &PcsReader::RemoveOperation},
        {{"stonith", "op", "remove"}, 4, &PcsReader::RemoveOperation},
        {{"stonith", "op", "delete"}, 4, &PcsReader::RemoveOperation},
        {{"resource", "update"}, 4, &PcsReader::Update},
        {{"stonith", "update"}, 4, &PcsReader::Update},
        {{"resource", "defaults"}, 3, &PcsReader::Defaults},
        {{"resource", "disable"}, 3, &PcsReader::Disable},
        {{"stonith", "disable"}, 3, &PcsReader::Disable},
        {{"resource", "enable"}, 3, &PcsReader::Enable},
        {{"stonith", "enable"}, 3, &PcsReader::Enable},
        {{"resource", "unmanage"}, 3, &PcsReader::Manage},
        {{"resource", "manage"}, 3, &PcsReader::Manage},
        {{"stonith", "level", "add"}, 6, &PcsReader::Level},
        {{"stonith", "level", "remove"}, 4, &PcsReader::RemoveLevel},
        {{"stonith", "level", "delete"}, 4, &PcsReader::RemoveLevel},
        {{"property", "set"}, 3, &PcsReader::Property},
        {{"constraint", "location"}, 5, &PcsReader::Location},
        {{"constraint", "rule", "add"}, 5, &PcsReader::AddRule},
        {{"constraint", "order"}, 4, &PcsReader::Order},
        {{"constraint", "colocation"}, 5, &PcsReader::Colocation},
        {{"constraint", "ticket"}, 5, &PcsReader::Ticket},
        {{"tag", "create"}, 4, &PcsReader::Tag},
        {{"node", "attribute"}, 4, &PcsReader::NodeBlock},
        {{"node", "utilization"}, 4, &PcsReader::NodeBlock},
        {{"node", "standby"}, 2, &PcsReader::NodeSwitch},
        {{"node", "maintenance"}, 2, &PcsReader::NodeSwitch},
        {{"node", "unstandby"}, 2, &PcsReader::NodeSwitch},
        {{"node", "unmaintenance"}, 2, &PcsReader::NodeSwitch},
        {{"acl", "role", "create"}, 4, &PcsReader::Role},
        {{"acl", "permission", "add"}, 4, &PcsReader::Permission},
        {{"acl", "user", "create"}, 4, &PcsReader::AclTarget},
        {{"acl", "group", "create"}, 4, &PcsReader::AclTarget},
        {{"alert", "create"}, 3, &PcsReader::Alert},
        {{"alert", "recipient", "add"}, 4, &PcsReader::Recipient},
    };
    std::string all = "pcs";
    for (std::size_t i = 0; i < std::min<std::size_t>(w.size(), 3); ++i) all += ' ' + w[i];
    for (const Known& known : kKnown) {
      if (!Is(w, known.begin)) continue;
      if (w.size() < known.at_least) return Fault("`" + all + "` is not complete");
      return (this->*known.read)(w);
    }
    if (Is(w, {"acl", "enable"})) return Property({"property", "set", "enable-acl=true"});
    Skip("`" + all + "` is not read");
  }

  // --------------------------------------------------------------------- resources

  bool Agent(xml_node element, const std::string& name, bool stonith) {
    std::string full = stonith && name.find(':') == std::string::npos ? "stonith:" + name : name;
    if (full.find(':') == std::string::npos) full = resolve_(name);
    if (full.starts_with("ocf::")) full = "ocf:" + full.substr(5);
    const std::size_t first = full.find(':'), last = full.rfind(':');
    if (full.starts_with("ocf:") && first == last) {
      Fault("`" + name + "` is no agent");
      return false;
    }
    // A unit of systemd may have colons of its own.
    const bool provider = full.starts_with("ocf:");
    element.append_attribute("class") = full.substr(0, first).c_str();
    if (provider) element.append_attribute("provider") = full.substr(first + 1, last - first - 1).c_str();
    element.append_attribute("type") = full.substr((provider ? last : first) + 1).c_str();
    return true;
  }

  void Create(const Words& w) {
    const bool stonith = w[0] == "stonith";
    xml_node element = Element("resources", "primitive", w[2]);
    Agent(element, w[3], stonith);
    const Sections parts = Split(w, 4, {"op", "meta", "clone", "promotable", "bundle", "group"});
    for (const auto& [keyword, words] : parts) {
      if (keyword.empty()) Pairs(element, "instance_attributes", words);
      if (keyword == "op") Operations(element, words);
      if (keyword == "meta") Pairs(element, "meta_attributes", words);
    }
    if (!HasOption("--no-default-ops") && !stonith) {
      Skip("operations that the agent of `" + w[2] +
           "` suggests: pcs would add them, without `--no-default-ops`");
    } else if (!element.child("operations").find_child_by_attribute("op", "name", "monitor")) {
      Skip("the monitor that the agent of `" + w[2] +
           "` suggests: pcs would add it, as the command has none");
    }
    if (HasOption("--disabled")) Pairs(element, "meta_attributes", {"target-role=Stopped"});
    for (const char* keyword : {"clone", "promotable"}) {
      const auto found = parts.find(keyword);
      if (found == parts.end()) continue;
      Words call = {"resource", keyword, w[2]};
      call.insert(call.end(), found->second.begin(), found->second.end());
      Clone(call);
    }
    IntoGroup(w[2], parts);
    if (const auto bundle = parts.find("bundle"); bundle != parts.end() && !bundle->second.empty()) {
      xml_node into = Resource(bundle->second[0]);
      if (std::string_view(into.name()) == "bundle")
        into.append_move(element);
      else if (into)
        Fault("`" + bundle->second[0] + "` is no bundle");
    }
  }

  // `--group g --before x`, or `group g before x` as later versions have it.
  void IntoGroup(const std::string& id, const Sections& parts) {
    Place place{OptionValue("--before"), OptionValue("--after")};
    std::string group = OptionValue("--group");
    if (const auto found = parts.find("group"); found != parts.end() && !found->second.empty()) {
      const Words& words = found->second;
      group = words[0];
      if (words.size() == 3 && words[1] == "before") place.before = words[2];
      if (words.size() == 3 && words[1] == "after") place.after = words[2];
    }
    if (!group.empty()) AddToGroup(group, {id}, place);
  }

  // Operations without an id yet get one, and an interval.
  static void Complete(xml_node element, xml_node one) {
    const bool monitor = std::string_view(one.attribute("name").value()) == "monitor";
    if (!one.attribute("interval")) one.append_attribute("interval") = monitor ? "60s" : "0s";
    if (one.attribute("id")) return;
    SetId(one, IdOf(element) + '-' + one.attribute("name").value() + "-interval-" +
                   one.attribute("interval").value());
  }

  void Operations(xml_node element, const Words& words) {
    xml_node operations = Child(element, "operations");
    xml_node op;
    for (const std::string& word : words) {
      if (!IsPair(word)) {
        op = operations.append_child("op");
        op.append_attribute("name") = word.c_str();
        continue;
      }
      if (!op) {
        Fault("`" + word + "` stands before any operation");
        continue;
      }
      const std::string name = NameOf(word);
      if (name == "id")
        SetId(op, ValueOf(word));
      else if (name == "role" && !RoleOf(ValueOf(word)).empty())
        op.append_attribute("role") = RoleOf(ValueOf(word)).c_str();
      else if (IsOfOperation(name))
        op.append_attribute(name.c_str()) = ValueOf(word).c_str();
      else
        Pairs(op, "instance_attributes", {word},
              IdOf(element) + '-' + op.attribute("name").value() + "-params");
    }
    for (xml_node one : operations.children("op")) Complete(element, one);
  }

  static bool Same(xml_node one, xml_node other, const char* name) {
    return std::string_view(one.attribute(name).value()) == other.attribute(name).value();
  }
  // `0` and `0s` are the same.
  static std::string Interval(xml_node op) {
    std::string interval = op.attribute("interval").value();
    if (interval.ends_with('s') && !interval.ends_with("ms")) interval.pop_back();
    return interval;
  }

  // Whether another operation keeps a new one out: of a name there is one for each interval and role.
  void CheckOperation(xml_node element, xml_node op, bool roles_too) {
    for (const xml_node other : op.parent().children("op")) {
      if (other == op || !Same(other, op, "name")) continue;
      if (Interval(other) == Interval(op) || (roles_too && Same(other, op, "role")))
        return Fault("`" + IdOf(element) + "` has a `" + op.attribute("name").value() + "` already");
    }
  }

  void AddOperation(const Words& w) {
    xml_node element = Resource(w[3]);
    if (!element) return;
    Operations(element, From(w, 4));
    CheckOperation(element, element.child("operations").last_child(), !HasOption("--force"));
  }

  // `op remove ID` or `op remove RESOURCE NAME [OPTION=VALUE …]`.
  void RemoveOperation(const Words& w) {
    if (w.size() == 4) {
      xml_node op = Section("resources").find_node([&](xml_node node) {
        return TagOf(node) == "op" && IdOf(node) == w[3];
      });
      if (!op) return Fault("there is no operation `" + w[3] + "`");
      op.parent().remove_child(op);
      return;
    }
    xml_node element = Resource(w[3]);
    if (!element) return;
    xml_node operations = element.child("operations");
    // The monitor that pcs would have added is told; it goes here.
    bool any = w[4] == "monitor" && w.size() == 5;
    for (xml_node op = operations.child("op"), next; op; op = next) {
      next = op.next_sibling("op");
      if (w[4] != op.attribute("name").value()) continue;
      const bool all = std::all_of(w.begin() + 5, w.end(), [&](const std::string& word) {
        return ValueOf(word) == op.attribute(NameOf(word).c_str()).value();
      });
      if (!all) continue;
      any = true;
      operations.remove_child(op);
    }
    if (!any) Fault("`" + w[3] + "` has no such operation");
  }

  // An operation takes the place of the one with its name and its role, with all its options.
  void UpdateOperations(xml_node element, const Words& words) {
    pugi::xml_document apart;
    xml_node scratch = apart.append_child("primitive");
    SetId(scratch, IdOf(element));
    Operations(scratch, words);
    xml_node operations = Child(element, "operations");
    for (const xml_node op : scratch.child("operations").children("op")) {
      const bool named_only = std::distance(op.attributes_begin(), op.attributes_end()) == 3 &&
                              !op.first_child() &&
                              std::find_if(words.begin(), words.end(), IsPair) == words.end();
      if (named_only) continue;
      xml_node old = operations.find_child(
          [&](xml_node other) { return Same(other, op, "name") && Same(other, op, "role"); });
      const xml_node placed = old ? operations.insert_copy_before(op, old) : operations.append_copy(op);
      if (old) operations.remove_child(old);
      CheckOperation(element, placed, false);
    }
  }

  void Update(const Words& w) {
    xml_node element = Resource(w[2]);
    if (!element) return;
    const bool clone = TagOf(element) == "clone", primitive = TagOf(element) == "primitive";
    if (!clone && !primitive)
      return Fault("`" + w[2] + "` is neither a primitive nor a clone, which `update` is for");
    for (const auto& [keyword, words] : Split(w, 3, {"op", "meta"})) {
      if (keyword.empty()) Pairs(element, clone ? "meta_attributes" : "instance_attributes", words);
      if (keyword == "meta") Pairs(element, "meta_attributes", words);
      if (keyword != "op") continue;
      if (primitive)
        UpdateOperations(element, words);
      else
        Fault("the clone `" + w[2] + "` has no operations of its own");
    }
  }

  void Bundle(const Words& w) {
    xml_node bundle = Element("resources", "bundle", w[3]), inner;
    const std::set<std::string> keywords = {"container", "network", "port-map", "storage-map", "meta"};
    std::string part;
    Words meta;
    int number = 0;
    for (std::size_t i = 4; i < w.size(); ++i) {
      const std::string& word = w[i];
      if (keywords.contains(word)) {
        part = word;
        if (word == "container" && i + 1 < w.size() && !IsPair(w[i + 1])) {
          const std::string& kind = w[++i];
          if (kind == "docker" || kind == "podman" || kind == "rkt")
            inner = bundle.append_child(kind.c_str());
          else
            Fault("`" + kind + "` is no kind of container");
        }
        if (word == "network") inner = Child(bundle, "network");
        if (word == "port-map" || word == "storage-map") {
          const bool port = word == "port-map";
          inner = Child(bundle, port ? "network" : "storage")
                      .append_child(port ? "port-mapping" : "storage-mapping");
          SetId(inner, w[3] + '-' + word + '-' + std::to_string(++number));
        }
      } else if (part == "meta") {
        meta.push_back(word);
      } else if (inner) {
        Attributes(inner, {word});
      } else {
        Fault("`" + word + "` means nothing in a bundle");
      }
    }
    Pairs(bundle, "meta_attributes", meta);
  }

  // Sets attributes; an empty value takes one away.
  void Change(xml_node element, const std::string& word) {
    if (!IsPair(word) || !IsXmlId(NameOf(word))) return Fault("`" + word + "` means nothing in a bundle");
    if (ValueOf(word).empty())
      element.remove_attribute(NameOf(word).c_str());
    else
      Attribute(element, NameOf(word).c_str()) = ValueOf(word).c_str();
  }

  void UpdateBundle(const Words& w) {
    xml_node bundle = Resource(w[3]), inner;
    if (!bundle) return;
    if (TagOf(bundle) != "bundle") return Fault("`" + w[3] + "` is no bundle");
    std::string part;
    bool removes = false;
    Words meta;
    for (std::size_t i = 4; i < w.size(); ++i) {
      const std::string& word = w[i];
      const bool map = word == "port-map" || word == "storage-map";
      if (map || word == "container" || word == "network" || word == "meta") {
        part = word;
        removes = false;
        inner = word == "network" ? Child(bundle, "network") : xml_node();
        if (word == "container") {
          inner = bundle.find_child([](xml_node child) {
            return TagOf(child) == "docker" || TagOf(child) == "podman" || TagOf(child) == "rkt";
          });
        }
        if (!map || i + 1 >= w.size()) continue;
        removes = w[i + 1] == "remove" || w[i + 1] == "delete";
        if (!removes && w[i + 1] != "add") return Fault("`" + word + "` wants `add` or `remove`");
        ++i;
        if (removes) continue;
        const bool port = word == "port-map";
        inner = Child(bundle, port ? "network" : "storage")
                    .append_child(port ? "port-mapping" : "storage-mapping");
        SetId(inner, Unused(w[3] + '-' + word));
      } else if (part == "meta") {
        meta.push_back(word);
      } else if (removes) {
        xml_node mapping = Find(bundle, word);
        if (!mapping) return Fault("the bundle `" + w[3] + "` has no `" + word + "`");
        mapping.parent().remove_child(mapping);
      } else if (inner) {
        Change(inner, word);
      } else {
        Fault("`" + word + "` means nothing in a bundle");
      }
    }
    Pairs(bundle, "meta_attributes", meta);
  }

  static xml_node Child(xml_node parent, const char* tag) {
    const xml_node found = parent.child(tag);
    return found ? found : parent.append_child(tag);
  }

  struct Place {
    std::string before, after;  ///< A member of the group; at most one of them.
  };

  void Group(const Words& w) {
    AddToGroup(w[3], From(w, 4), {OptionValue("--before"), OptionValue("--after")});
  }

  // Nothing changes before all is known to be right.
  void AddToGroup(const std::string& id, const Words& members, const Place& place) {
    xml_node group = Find(Section("resources"), id);
    if (group && TagOf(group) != "group") return Fault("`" + id + "` is no group");
    const std::string& beside = place.before.empty() ? place.after : place.before;
    const xml_node neighbour = group.find_child_by_attribute("primitive", "id", beside.c_str());
    if (!beside.empty() && !neighbour) return Fault("the group `" + id + "` has no `" + beside + "`");
    if (!place.before.empty() && !place.after.empty())
      return Fault("`--before` and `--after` exclude each other");
    std::vector<xml_node> all;
    for (const std::string& name : members) {
      const xml_node member = Resource(name);
      if (!member || !MayJoin(member, group, beside)) return;
      if (std::find(all.begin(), all.end(), member) != all.end())
        return Fault("`" + name + "` is named twice");
      all.push_back(member);
    }
    if (!group) group = Element("resources", "group", id);
    xml_node last = neighbour;
    for (const xml_node member : all) {
      xml_node left = member.parent();
      if (beside.empty())
        group.append_move(member);
      else if (!place.before.empty())
        group.insert_move_before(member, neighbour);
      else
        last = group.insert_move_after(member, last);
      if (left != group && TagOf(left) == "group" && !left.child("primitive")) RemoveEmptied(left);
    }
  }

  bool MayJoin(xml_node member, xml_node group, const std::string& beside) {
    const std::string id = IdOf(member);
    const xml_node parent = member.parent();
    std::string why;
    if (TagOf(member) != "primitive")
      why = "is no primitive, which a group is made of";
    else if (TagOf(parent) != "resources" && TagOf(parent) != "group")
      why = "belongs to `" + IdOf(parent) + "`, which no group can hold";
    else if (parent == group && beside.empty())
      why = "is in the group already";
    else if (id == beside)
      why = "cannot stand beside itself";
    if (!why.empty()) Fault("`" + id + "` " + why);
    return why.empty();
  }

  static void RemoveEmptied(xml_node group) {
    xml_node clone = group.parent();
    clone.remove_child(group);
    if (TagOf(clone) == "clone") clone.parent().remove_child(clone);
  }

  void Clone(const Words& w) {
    xml_node inner = Resource(w[2]);
    if (!inner) return;
    if (std::string_view(inner.parent().name()) == "clone") return Fault("`" + w[2] + "` is cloned already");
    std::string id = w[2] + "-clone";
    Words pairs;
    for (std::size_t i = 3; i < w.size(); ++i) {
      if (IsPair(w[i]))
        pairs.push_back(w[i]);
      else if (w[i] != "meta")
        id = w[i];
    }
    if (w[1] == "promotable") pairs.push_back("promotable=true");
    xml_node clone = Element("resources", "clone", id);
    clone.append_move(inner);
    Pairs(clone, "meta_attributes", pairs);
  }

  void Meta(const Words& w) {
    if (xml_node element = Resource(w[2])) Pairs(element, "meta_attributes", From(w, 3));
  }
  void Utilization(const Words& w) {
    if (xml_node element = Resource(w[2])) Pairs(element, "utilization", From(w, 3));
  }
  void Disable(const Words& w) {
    for (const std::string& id : From(w, 2)) {
      if (xml_node element = Resource(id)) Pairs(element, "meta_attributes", {"target-role=Stopped"});
    }
  }

  // The primitives in an element; an element that is one is the only one.
  static std::vector<xml_node> Primitives(xml_node element) {
    if (TagOf(element) == "primitive") return {element};
    std::vector<xml_node> all;
    for (const xml_node child : element.children()) {
      if (TagOf(child) != "primitive" && TagOf(child) != "group") continue;
      for (const xml_node primitive : Primitives(child)) all.push_back(primitive);
    }
    return all;
  }

  static void Unset(xml_node element, const char* name) {
    if (xml_node block = element.child("meta_attributes")) Pair(block, name, "");
  }
  // The clone or bundle around an element counts with it.
  static void UnsetWithOuter(xml_node element, const char* name) {
    Unset(element, name);
    const xml_node outer = element.parent();
    if (TagOf(outer) == "clone" || TagOf(outer) == "bundle") Unset(outer, name);
  }

  void Enable(const Words& w) {
    for (const std::string& id : From(w, 2)) {
      xml_node element = Resource(id);
      if (!element) continue;
      UnsetWithOuter(element, "target-role");
      if (TagOf(element) == "clone" || TagOf(element) == "bundle") {
        Unset(element.child("primitive"), "target-role");
        Unset(element.child("group"), "target-role");
      }
    }
  }

  // `manage` and `unmanage` are for the primitives in what they name; with `--monitor` for their monitors
  // too.
  void Manage(const Words& w) {
    const bool manage = w[1] == "manage", monitors = HasOption("--monitor");
    for (const std::string& id : From(w, 2)) {
      xml_node element = Resource(id);
      if (!element) continue;
      if (manage) Unset(element, "is-managed");
      if (!manage && TagOf(element) == "bundle") Pairs(element, "meta_attributes", {"is-managed=false"});
      for (xml_node primitive : Primitives(element)) {
        if (manage) {
          UnsetWithOuter(primitive, "is-managed");
          UnsetWithOuter(primitive.parent(), "is-managed");
        } else {
          Pairs(primitive, "meta_attributes", {"is-managed=false"});
        }
        if (monitors) EnableMonitors(primitive, manage);
      }
    }
  }

  static void EnableMonitors(xml_node primitive, bool enabled) {
    for (xml_node op : primitive.child("operations").children("op")) {
      if (std::string_view(op.attribute("name").value()) != "monitor") continue;
      op.remove_attribute("enabled");
      if (!enabled) op.append_attribute("enabled") = "false";
    }
  }

  // `resource [op] defaults [update] a=b` and `… set create [id= score=] [meta a=b] [rule …]`.
  void Defaults(const Words& w) {
    const bool op = w[1] == "op";
    const char* section = op ? "op_defaults" : "rsc_defaults";
    std::size_t at = op ? 3 : 2;
    const Words rest = From(w, at);
    if (!Is(rest, {"set", "create"})) {
      at += !rest.empty() && rest[0] == "update" ? 1 : 0;
      return Pairs(Section(section), "meta_attributes", From(w, at),
                   std::string(section) + "-meta_attributes");
    }
    const Sections parts = Split(rest, 2, {"meta", "rule"});
    xml_node block = Section(section).append_child("meta_attributes");
    SetId(block, std::string(section) + "-meta_attributes-" + std::to_string(++state_.sets));
    for (const auto& [keyword, words] : parts) {
      if (keyword.empty()) Attributes(block, words);
    }
    if (const auto rule = parts.find("rule"); rule != parts.end())
      Rule(block, IdOf(block) + "-rule", "INFINITY", rule->second);
    if (const auto meta = parts.find("meta"); meta != parts.end()) {
      for (const std::string& word : meta->second) Pair(block, NameOf(word), ValueOf(word));
    }
  }

  xml_node Rule(xml_node parent, const std::string& id, const std::string& score, const Words& conditions) {
    xml_node rule = parent.append_child("rule");
    SetId(rule, id);
    if (!score.empty()) rule.append_attribute("score") = score.c_str();
    ReadPcsRule(rule, conditions, [this](const std::string& what) { Fault(what); });
    return rule;
  }

  void Property(const Words& w) {
    Pairs(Section("crm_config"), "cluster_property_set", From(w, 2), "cib-bootstrap-options");
  }

  // ---------------------------------------------------------------- nodes and fencing

  void NodeBlock(const Words& w) {
    const bool attributes = w[1] == "attribute";
    Pairs(Node(w[2]), attributes ? "instance_attributes" : "utilization", From(w, 3),
          "nodes-" + w[2] + (attributes ? "" : "-utilization"));
  }
  // Without a name, and with `--all`, it is about a node that no word names.
  void NodeSwitch(const Words& w) {
    const bool undo = w[1].starts_with("un");
    const std::string name = undo ? w[1].substr(2) : w[1];
    Words nodes = From(w, 2);
    if (HasOption("--all")) {
      for (const xml_node node : Section("nodes").children("node"))
        nodes.emplace_back(node.attribute("uname").value());
    }
    if (nodes.empty() || (HasOption("--all") && !undo))
      Skip("which nodes `pcs node " + w[1] + "` is about is not said");
    for (const std::string& node : nodes)
      Pairs(Node(node), "instance_attributes", {name + (undo ? "=" : "=on")}, "nodes-" + node);
  }

  void Level(const Words& w) {
    xml_node level = Section("fencing-topology").append_child("fencing-level");
    level.append_attribute("index") = w[3].c_str();
    std::string devices;
    for (const std::string& word : From(w, 5)) {
      if (word.starts_with("id=")) {
        SetId(level, word.substr(3));
        continue;
      }
      devices += (devices.empty() ? "" : ",") + word;
      for (const std::string& device : Names(word, ",")) Refer(device);
    }
    level.append_attribute("devices") = devices.c_str();
    const std::string target = TargetOf(level, w[4]);
    if (level.attribute("target")) Node(target);
    if (!level.attribute("id")) SetId(level, AsXmlId("fl-" + target + '-' + w[3]));
  }

  // `n1`, `node%n1`, `regexp%n.*`, `attrib%rack=1` as attributes of a level; the word without what stands
  // before `%`.
  static std::string TargetOf(xml_node level, std::string target) {
    if (target.starts_with("regexp%")) {
      level.append_attribute("target-pattern") = target.c_str() + 7;
    } else if (target.starts_with("attrib%") && target.find('=') != std::string::npos) {
      target.erase(0, 7);
      level.append_attribute("target-attribute") = NameOf(target).c_str();
      level.append_attribute("target-value") = ValueOf(target).c_str();
    } else {
      if (target.starts_with("node%")) target.erase(0, 5);
      if (target.starts_with("%")) target.erase(0, 1);
      level.append_attribute("target") = target.c_str();
    }
    return target;
  }

  // `level remove INDEX [target T] [stonith DEVICE …]`; older scripts have neither word.
  void RemoveLevel(const Words& w) {
    const bool worded = w.size() > 4 && (w[4] == "target" || w[4] == "stonith");
    std::string target, devices;
    std::size_t at = 4;
    if (!worded && at < w.size()) target = w[at++];
    if (worded && w[at] == "target" && at + 1 < w.size()) target = w[at + 1], at += 2;
    if (worded && at < w.size() && w[at] == "stonith") ++at;
    for (const std::string& word : From(w, at)) devices += (devices.empty() ? "" : ",") + word;
    pugi::xml_document apart;
    xml_node wanted = apart.append_child("fencing-level");
    if (!target.empty()) TargetOf(wanted, target);
    bool any = false;
    xml_node levels = Section("fencing-topology");
    for (xml_node level = levels.first_child(), next; level; level = next) {
      next = level.next_sibling();
      bool same = w[3] == level.attribute("index").value() &&
                  (devices.empty() || devices == level.attribute("devices").value());
      for (const pugi::xml_attribute one : wanted.attributes())
        same = same && std::string_view(one.value()) == level.attribute(one.name()).value();
      if (same) any = levels.remove_child(level);
    }
    if (!any) Fault("there is no such fencing level");
  }

  // ------------------------------------------------------------------- constraints

  void LocationOf(xml_node element, std::string resource) {
    if (resource.starts_with("regexp%")) {
      element.append_attribute("rsc-pattern") = resource.c_str() + 7;
      return;
    }
    if (resource.starts_with("resource%")) resource.erase(0, 9);
    if (resource.starts_with("%")) resource.erase(0, 1);
    element.append_attribute("rsc") = resource.c_str();
    Refer(resource);
  }

  static std::string Bare(const std::string& resource) {
    const std::size_t percent = resource.find('%');
    return percent == std::string::npos ? resource : resource.substr(percent + 1);
  }

  void Score(xml_node element, const std::string& word) {
    const auto score = AsScore(word);
    if (!score) return Fault("`" + word + "` is no score");
    element.append_attribute("score") = score->c_str();
  }

  void Location(const Words& w) {
    if (w[2] == "add") {
      if (w.size() < 7)
        return Fault("`pcs constraint location add` wants an id, a resource, a node, a score");
      xml_node element = Element("constraints", "rsc_location", w[3]);
      LocationOf(element, w[4]);
      Node(w[5]);
      element.append_attribute("node") = w[5].c_str();
      Score(element, w[6]);
      return Attributes(element, From(w, 7));
    }
    if (w[3] == "rule") return LocationRule(w);
    if (w[3] != "prefers" && w[3] != "avoids")
      return Fault("`" + w[3] + "` is neither prefers, avoids nor rule");
    for (const std::string& word : From(w, 4)) {
      const std::string node = NameOf(word);
      std::string score = IsPair(word) ? ValueOf(word) : "INFINITY";
      if (w[3] == "avoids") score = score.starts_with("-") ? score.substr(1) : '-' + score;
      // Of a resource and a node there is one; the newer takes its place.
      for (const xml_node other : Section("constraints").children("rsc_location")) {
        if (Bare(w[2]) != other.attribute("rsc").value() || node != other.attribute("node").value()) continue;
        Section("constraints").remove_child(other);
        break;
      }
      xml_node element = Element("constraints", "rsc_location",
                                 Unused(AsXmlId("location-" + Bare(w[2]) + '-' + node + '-' + score)));
      LocationOf(element, w[2]);
      Node(node);
      element.append_attribute("node") = node.c_str();
      Score(element, score);
    }
  }

  void LocationRule(const Words& w) {
    xml_node element = Element("constraints", "rsc_location", Unused(AsXmlId("location-" + Bare(w[2]))));
    LocationOf(element, w[2]);
    AddRuleTo(element, From(w, 4));
  }

  // `[id=] [role=] [score=] … CONDITIONS` into a location.
  void AddRuleTo(xml_node element, const Words& words) {
    std::size_t at = 0;
    std::string id, score = "INFINITY";
    Words of_rule;
    for (; at < words.size() && IsPair(words[at]) && words[at].find(' ') == std::string::npos; ++at) {
      const std::string name = NameOf(words[at]), value = ValueOf(words[at]);
      if (name == "constraint-id")
        SetId(element, value);
      else if (name == "resource-discovery")
        element.append_attribute("resource-discovery") = value.c_str();
      else if (name == "id")
        id = value;
      else if (name == "score")
        score = value;
      else if (name == "role" && !RoleOf(value).empty())
        of_rule.push_back("role=" + RoleOf(value));
      else
        of_rule.push_back(words[at]);
    }
    for (const std::string& word : of_rule) {
      if (NameOf(word) == "score-attribute") score.clear();
    }
    if (id.empty()) id = Unused(IdOf(element) + "-rule");
    xml_node rule = Rule(element, id, score, From(words, at));
    Attributes(rule, of_rule);
  }

  void AddRule(const Words& w) {
    const xml_node element = Find(Section("constraints"), w[3]);
    if (!element) return Fault("there is no constraint `" + w[3] + "`");
    AddRuleTo(element, From(w, 4));
  }

  // `set a b … set c … setoptions …`; true if the command is one.
  bool Sets(const Words& w, const char* tag) {
    if (w[2] != "set") return false;
    xml_node element = Section("constraints").append_child(tag), set;
    std::string id = w[1] + "_set_";
    Words options;
    bool last = false;
    for (std::size_t i = 2; i < w.size(); ++i) {
      if (w[i] == "setoptions") {
        last = true;
      } else if (last) {
        options.push_back(w[i]);
      } else if (w[i] == "set") {
        set = element.append_child("resource_set");
      } else if (w[i] == "role=Master" || w[i] == "role=Slave") {
        Attributes(set, {"role=" + RoleOf(ValueOf(w[i]))});
      } else if (IsPair(w[i])) {
        Attributes(set, {w[i]});
      } else {
        set.append_child("resource_ref").append_attribute("id") = w[i].c_str();
        if (!w[i].empty()) id += std::string(1, w[i].front()) + w[i].back();
        Refer(w[i]);
      }
    }
    SetId(element, id);
    Attributes(element, options);
    int number = 0;
    for (xml_node one : element.children("resource_set")) {
      if (!one.attribute("id"))
        SetId(one, IdOf(element) + "_set" + (number == 0 ? "" : '-' + std::to_string(number)));
      ++number;
    }
    if (std::string_view(tag) == "rsc_colocation" && !element.attribute("score") &&
        !element.attribute("score-attribute"))
      element.append_attribute("score") = "INFINITY";
    return true;
  }

  static bool IsAction(const std::string& word) {
    return word == "start" || word == "stop" || word == "promote" || word == "demote";
  }

  void Order(const Words& w) {
    if (Sets(w, "rsc_order")) return;
    std::size_t at = 2;
    std::string part[2], action[2] = {"start", "start"};
    for (int i = 0; i < 2; ++i) {
      if (i == 1 && (at >= w.size() || w[at++] != "then")) return Fault("an order has to be `A then B`");
      if (at + 1 < w.size() && IsAction(w[at]) && w[at + 1] != "then" && !IsPair(w[at + 1]))
        action[i] = w[at++];
      if (at >= w.size() || IsPair(w[at])) return Fault("an order has to be `A then B`");
      part[i] = w[at++];
      Refer(part[i]);
    }
    xml_node element = Section("constraints").append_child("rsc_order");
    std::string shown = "mandatory";
    for (const std::string& word : From(w, at)) {
      if (word.starts_with("kind=")) shown = ValueOf(word);
    }
    SetId(element, Unused(AsXmlId("order-" + part[0] + '-' + part[1] + '-' + shown)));
    element.append_attribute("first") = part[0].c_str();
    element.append_attribute("then") = part[1].c_str();
    element.append_attribute("first-action") = action[0].c_str();
    element.append_attribute("then-action") = action[1].c_str();
    Attributes(element, From(w, at));
    const std::string kind = element.attribute("kind").value();
    if (!kind.empty() && kind != "Mandatory" && kind != "Optional" && kind != "Serialize")
      Fault("`" + kind + "` is no kind of order");
  }

  void Colocation(const Words& w) {
    if (Sets(w, "rsc_colocation")) return;
    if (w[2] != "add") return Skip("`pcs constraint colocation " + w[2] + "` is not read");
    std::size_t at = 3;
    std::string part[2], role[2];
    for (int i = 0; i < 2; ++i) {
      if (i == 1 && (at >= w.size() || w[at++] != "with")) return Fault("a colocation has to be `A with B`");
      if (at + 1 < w.size() && !RoleOf(w[at]).empty() && w[at + 1] != "with" && !IsPair(w[at + 1]) &&
          !(i == 1 && AsScore(w[at + 1])))
        role[i] = RoleOf(w[at++]);
      if (at >= w.size() || IsPair(w[at])) return Fault("a colocation has to be `A with B`");
      part[i] = w[at++];
      Refer(part[i]);
    }
    std::string score = "INFINITY";
    if (at < w.size() && !IsPair(w[at])) score = w[at++];
    xml_node element = Section("constraints").append_child("rsc_colocation");
    SetId(element, "colocation-" + part[0] + '-' + part[1] + '-' + score);
    element.append_attribute("rsc") = part[0].c_str();
    element.append_attribute("with-rsc") = part[1].c_str();
    const bool roles = !role[0].empty() || !role[1].empty();
    const char* const names[] = {"rsc-role", "with-rsc-role"};
    for (int i = 0; roles && i < 2; ++i)
      element.append_attribute(names[i]) = role[i].empty() ? "Started" : role[i].c_str();
    Words options;
    for (const std::string& word : From(w, at)) {
      if (word.starts_with("score="))
        score = word.substr(6);
      else
        options.push_back(word);
    }
    Score(element, score);
    Attributes(element, options);
  }

  void Ticket(const Words& w) {
    if (Sets(w, "rsc_ticket")) return;
    if (w[2] != "add") return Skip("`pcs constraint ticket " + w[2] + "` is not read");
    std::size_t at = 4;
    std::string role;
    if (at + 1 < w.size() && !RoleOf(w[at]).empty() && !IsPair(w[at + 1])) role = RoleOf(w[at++]);
    xml_node element = Section("constraints").append_child("rsc_ticket");
    SetId(element, "ticket-" + w[3] + '-' + w[at] + (role.empty() ? "" : '-' + role));
    element.append_attribute("ticket") = w[3].c_str();
    element.append_attribute("rsc") = w[at].c_str();
    if (!role.empty()) element.append_attribute("rsc-role") = role.c_str();
    Refer(w[at]);
    Attributes(element, From(w, at + 1));
  }

  // ------------------------------------------------------------ tags, access, alerts

  void Tag(const Words& w) {
    xml_node tag = Element("tags", "tag", w[2]);
    for (const std::string& id : From(w, 3)) tag.append_child("obj_ref").append_attribute("id") = id.c_str();
  }

  void Permissions(xml_node role, const Words& words) {
    for (std::size_t i = 0; i < words.size(); i += 3) {
      const bool kind = words[i] == "read" || words[i] == "write" || words[i] == "deny";
      if (!kind || i + 2 >= words.size())
        return Fault("a permission has to be `read xpath X` or `read id X`");
      const auto all = role.children("acl_permission");
      const auto count = std::distance(all.begin(), all.end());
      xml_node permission = role.append_child("acl_permission");
      SetId(permission, IdOf(role) + '-' + words[i] + (count == 0 ? "" : '-' + std::to_string(count)));
      permission.append_attribute("kind") = words[i].c_str();
      permission.append_attribute(words[i + 1] == "id" ? "reference" : "xpath") = words[i + 2].c_str();
    }
  }
  void Role(const Words& w) {
    xml_node role = Element("acls", "acl_role", w[3]);
    std::size_t at = 4;
    if (at < w.size() && w[at].starts_with("description="))
      role.append_attribute("description") = ValueOf(w[at++]).c_str();
    Permissions(role, From(w, at));
  }
  void Permission(const Words& w) {
    xml_node role = Section("acls").find_child_by_attribute("acl_role", "id", w[3].c_str());
    if (!role) return Fault("there is no role `" + w[3] + "`");
    Permissions(role, From(w, 4));
  }
  void AclTarget(const Words& w) {
    xml_node target = Element("acls", w[1] == "user" ? "acl_target" : "acl_group", w[3]);
    for (const std::string& role : From(w, 4))
      target.append_child("role").append_attribute("id") = role.c_str();
  }

  void AlertParts(xml_node element, const Sections& parts) {
    for (const auto& [keyword, words] : parts) {
      if (keyword.empty()) Attributes(element, words);
    }
    for (const auto& [keyword, words] : parts) {
      if (keyword == "options") Pairs(element, "instance_attributes", words);
      if (keyword == "meta") Pairs(element, "meta_attributes", words);
    }
  }
  void Alert(const Words& w) {
    xml_node alert = Section("alerts").append_child("alert");
    SetId(alert, ++state_.alerts == 1 ? "alert" : "alert-" + std::to_string(state_.alerts - 1));
    AlertParts(alert, Split(w, 2, {"options", "meta"}));
    if (!alert.attribute("path")) Fault("`pcs alert create` names no path");
  }
  void Recipient(const Words& w) {
    xml_node alert = Section("alerts").find_child_by_attribute("alert", "id", w[3].c_str());
    if (!alert) return Fault("there is no alert `" + w[3] + "`");
    const auto all = alert.children("recipient");
    const auto count = std::distance(all.begin(), all.end());
    xml_node recipient = alert.append_child("recipient");
    SetId(recipient, w[3] + "-recipient" + (count == 0 ? "" : '-' + std::to_string(count)));
    AlertParts(recipient, Split(w, 4, {"options", "meta"}));
    if (!recipient.attribute("value")) Fault("`pcs alert recipient add` names no recipient");
  }

  const AgentResolver& resolve_;
  pugi::xml_document& cib_;
  TextRead& read_;
  xml_node configuration_;
  const Words* options_ = nullptr;
  std::size_t line_ = 0;
  State state_, remembered_;
  pugi::xml_document remembered_cib_;
  std::vector<const PcsCommand*> since_;  ///< Those without a fault since the last state remembered.
};

}  // namespace

bool LooksLikePcs(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] == '<') return false;
  const PcsLines lines = SplitPcs(text.substr(0, std::min<std::size_t>(text.size(), 1 << 20)));
  return lines.commands.size() + lines.faults.size() > lines.skipped.size() / 4 && !lines.commands.empty();
}

void ReadPcs(std::string_view text, const AgentResolver& resolve, pugi::xml_document& cib, TextRead& read) {
  PcsReader(resolve, cib, read).Run(text);
}

}  // namespace picket::compiler::import
