#include "compiler/import/crmsh.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>

#include "compiler/diagnostics/nearest.h"
#include "compiler/import/crmsh_blocks.h"
#include "compiler/import/crmsh_lines.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::import {
namespace {

using pugi::xml_node;
using Words = std::vector<std::string>;

class CrmshReader {
 public:
  CrmshReader(const AgentResolver& resolve, pugi::xml_document& cib, CrmshRead& read) : resolve_(resolve), read_(read) {
    root_ = cib.append_child("cib");
    root_.append_attribute("validate-with") = "pacemaker-3.9";
    configuration_ = root_.append_child("configuration");
    for (const char* section : {"crm_config", "nodes", "resources", "constraints"})
      configuration_.append_child(section);
  }

  void Run(std::string_view text, bool exact) {
    CrmshLines lines = SplitCrmsh(text, exact);
    read_.skipped = std::move(lines.skipped);
    // Primitives first: what holds them may stand before them.
    for (const CrmshStatement& statement : lines.statements) {
      if (statement.words[0] == "primitive" || statement.words[0] == "rsc_template") ids_.push_back(statement.words[1]);
    }
    for (const CrmshStatement& statement : lines.statements) One(statement);
    for (const auto& [holder, held] : held_) Hold(holder, held);
    InOrderOfKinds();
    for (const Reference& reference : references_) Check(reference);
    FencingForAll();
    for (const std::string& comment : lines.comments) Comment(configuration_.child("constraints"), comment);
    if (lines.cut) read_.faults.push_back("the text ends in the middle of a statement");
  }

 private:
  struct Reference {
    std::size_t line;
    std::string name;
    xml_node element;
  };
  struct Held {
    std::size_t line;
    std::vector<std::string> members;
  };

  // As crmsh leaves them, whatever the order of the text.
  void InOrderOfKinds() {
    xml_node resources = Section("resources");
    for (const std::string_view kind : {"template", "primitive", "bundle", "group", "master", "clone"}) {
      std::vector<xml_node> all;
      for (const xml_node one : resources.children()) {
        if (kind == one.name()) all.push_back(one);
      }
      for (const xml_node one : all) resources.append_move(one);
    }
  }

  xml_node Section(const char* name) {
    const xml_node found = configuration_.child(name);
    return found ? found : configuration_.append_child(name);
  }

  void Fault(const std::string& what) { read_.faults.push_back("line " + std::to_string(line_) + ": " + what); }

  static void Comment(xml_node parent, std::string comment) {
    for (std::size_t at = 0; (at = comment.find("--", at)) != std::string::npos;) comment.replace(at, 2, "- -");
    if (comment.ends_with("-")) comment += ' ';
    parent.append_child(pugi::node_comment).set_value((" " + comment + " ").c_str());
  }

  // An element of a section, with the comments before it; those of a resource inside, since what holds it
  // moves it.
  xml_node Element(const char* section, const char* tag, const std::string& id) {
    xml_node parent = Section(section);
    const bool inside = std::string_view(section) == "resources";
    if (!inside) {
      for (const std::string& comment : statement_->comments) Comment(parent, comment);
    }
    xml_node element = parent.append_child(tag);
    if (!id.empty()) element.append_attribute("id") = id.c_str();
    if (inside) {
      for (const std::string& comment : statement_->comments) Comment(element, comment);
    }
    return element;
  }

  void One(const CrmshStatement& statement) {
    statement_ = &statement;
    line_ = statement.line;
    const Words& words = statement.words;
    const std::string& keyword = words[0];
    if (keyword == "node")
      Node(words);
    else if (keyword == "primitive")
      Primitive(words, "primitive");
    else if (keyword == "rsc_template")
      Primitive(words, "template");
    else if (keyword == "group" || keyword == "clone" || keyword == "ms" || keyword == "master")
      Collection(words);
    else if (keyword == "bundle")
      Bundle(words);
    else if (keyword == "location")
      Location(words);
    else if (keyword == "colocation" || keyword == "collocation")
      Colocation(words);
    else if (keyword == "order")
      Order(words);
    else if (keyword.starts_with("rsc_ticket") || keyword == "rsc-ticket")
      Ticket(words);
    else if (keyword == "property")
      Defaults(words, "crm_config", "cluster_property_set", "cib-bootstrap-options");
    else if (keyword.starts_with("rsc") && keyword.ends_with("defaults"))
      Defaults(words, "rsc_defaults", "meta_attributes", "rsc-options");
    else if (keyword.starts_with("op"))
      Defaults(words, "op_defaults", "meta_attributes", "op-options");
    else if (keyword.starts_with("fencing"))
      Fencing(words);
    else if (keyword == "role")
      Role(words);
    else if (keyword == "acl_target" || keyword == "acl_group")
      Target(words);
    else if (keyword == "user")
      User(words);
    else if (keyword == "tag")
      Tag(words);
    else if (keyword == "alert")
      Alert(words);
    else if (keyword == "monitor")
      Monitor(words);
    else if (keyword == "xml")
      Xml(statement.raw);
    else
      Fault("`" + keyword + "` is not read");
  }

  CrmshBlocks Blocks(const Words& words, std::size_t from) {
    return CrmshBlocks(words, from, [this](const std::string& what) { Fault(what); });
  }

  // ------------------------------------------------------------------------ nodes

  void Node(const Words& words) {
    std::size_t at = 1;
    std::string id;
    if (words[at].starts_with("$id=")) id = words[at++].substr(4);
    if (at < words.size() && words[at].size() > 1 && words[at].back() == ':') {
      id = words[at].substr(0, words[at].size() - 1);
      ++at;
    }
    if (at >= words.size()) return Fault("a node without a name");
    std::string name = words[at++], type;
    if (const std::size_t colon = name.find(':'); colon != std::string::npos) {
      type = name.substr(colon + 1);
      name.resize(colon);
    }
    xml_node element = Element("nodes", "node", id.empty() ? name : id);
    element.append_attribute("uname") = name.c_str();
    if (type == "remote" || type == "ping") element.append_attribute("type") = type.c_str();
    Blocks(words, at).Read(element, name, "attributes");
  }

  // -------------------------------------------------------------------- resources

  void Agent(xml_node element, const std::string& word) {
    if (word.starts_with("@")) {
      element.append_attribute("template") = word.c_str() + 1;
      references_.push_back({line_, word.substr(1), {}});
      return;
    }
    std::string full = word;
    if (full.find(':') == std::string::npos) full = resolve_(word);
    if (full.starts_with("ocf::")) full = "ocf:" + full.substr(5);
    const std::size_t first = full.find(':');
    const std::size_t second = full.starts_with("ocf:") ? full.find(':', first + 1) : std::string::npos;
    if (first == std::string::npos) return Fault("`" + word + "` is no agent");
    element.append_attribute("class") = full.substr(0, first).c_str();
    if (second != std::string::npos) {
      element.append_attribute("provider") = full.substr(first + 1, second - first - 1).c_str();
    } else if (full.starts_with("ocf:")) {
      element.append_attribute("provider") = "heartbeat";
    }
    element.append_attribute("type") = full.substr((second == std::string::npos ? first : second) + 1).c_str();
  }

  void Primitive(const Words& words, const char* tag) {
    if (words.size() < 3) return Fault("`" + words[0] + ' ' + words[1] + "` names no agent");
    xml_node element = Element("resources", tag, words[1]);
    Agent(element, words[2]);
    Blocks(words, 3).Read(element, words[1], "params");
  }

  void Collection(const Words& words) {
    const std::string& keyword = words[0];
    const bool group = keyword == "group";
    xml_node element = Element("resources", group ? "group" : keyword == "clone" ? "clone" : "master", words[1]);
    std::size_t at = 2;
    Held held{line_, {}};
    for (; at < words.size() && !CrmshBlocks::IsKeyword(words[at]) && words[at].find('=') == std::string::npos; ++at) {
      held.members.push_back(words[at]);
    }
    if (held.members.empty()) Fault("`" + words[1] + "` holds nothing");
    Blocks(words, at).Read(element, words[1], "params");
    ids_.push_back(words[1]);
    held_.emplace_back(words[1], std::move(held));
  }

  xml_node Resource(const std::string& id) {
    for (const xml_node one : configuration_.child("resources").children()) {
      if (id == one.attribute("id").value()) return one;
    }
    return {};
  }

  // Moves the members into what holds them.
  void Hold(const std::string& holder, const Held& held) {
    line_ = held.line;
    xml_node into = Resource(holder);
    for (const std::string& member : held.members) {
      const xml_node element = Resource(member);
      if (!into || !element || element == into) {
        UnknownName(member);
        continue;
      }
      into.append_move(element);
    }
  }

  void Monitor(const Words& words) {
    if (words.size() < 3) return Fault("`monitor` needs a resource and an interval");
    const std::size_t role = words[1].find(':'), timeout = words[2].find(':');
    xml_node element = Resource(words[1].substr(0, role));
    if (!element) return UnknownName(words[1].substr(0, role));
    xml_node operations = element.child("operations");
    if (!operations) operations = element.append_child("operations");
    xml_node op = operations.append_child("op");
    const std::string interval = words[2].substr(0, timeout);
    op.append_attribute("name") = "monitor";
    op.append_attribute("interval") = interval.c_str();
    if (timeout != std::string::npos) op.append_attribute("timeout") = words[2].c_str() + timeout + 1;
    if (role != std::string::npos) op.append_attribute("role") = words[1].c_str() + role + 1;
    op.append_attribute("id") = (words[1].substr(0, role) + "-monitor-" + interval).c_str();
  }

  void Bundle(const Words& words) {
    xml_node bundle = Element("resources", "bundle", words[1]);
    ids_.push_back(words[1]);
    xml_node at = bundle, inner;
    int number = 0;
    for (std::size_t i = 2; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "docker" || word == "podman" || word == "rkt" || word == "network" || word == "storage") {
        at = inner = bundle.append_child(word.c_str());
      } else if (word == "port-mapping" || word == "storage-mapping") {
        inner = at.append_child(word.c_str());
        inner.append_attribute("id") = (words[1] + '-' + std::to_string(number++)).c_str();
      } else if (word == "primitive" && i + 1 < words.size()) {
        held_.push_back({words[1], {line_, {words[++i]}}});
      } else if (CrmshBlocks::IsKeyword(word)) {
        Blocks(words, i).Read(bundle, words[1], "meta");
        return;
      } else if (const std::size_t equal = word.find('='); equal != std::string::npos && inner) {
        const std::string name = word.substr(0, equal);
        if (name == "id" && inner.attribute("id"))
          inner.attribute("id") = word.c_str() + equal + 1;
        else
          inner.append_attribute(name.c_str()) = word.c_str() + equal + 1;
      } else {
        Fault("`" + word + "` means nothing in a bundle");
      }
    }
  }

  // ------------------------------------------------------------------ constraints

  // Where a name stands in a constraint: it has to be there.
  void Refer(const std::string& name, xml_node element) { references_.push_back({line_, name, element}); }

  void UnknownName(const std::string& name) {
    const auto meant = Nearest(name, ids_);
    Fault("there is no `" + name + "`" + (meant ? "; did you mean `" + *meant + "`?" : ""));
  }

  void Check(const Reference& reference) {
    line_ = reference.line;
    if (std::find(ids_.begin(), ids_.end(), reference.name) == ids_.end()) UnknownName(reference.name);
  }

  // `inf:`, `-100:` and, of a location, the name of an attribute.
  void Score(xml_node element, std::string word, bool attribute) {
    word.pop_back();
    if (const auto score = AsScore(word)) {
      element.append_attribute("score") = score->c_str();
    } else if (attribute) {
      element.append_attribute("score-attribute") = word.c_str();
    } else {
      Fault("`" + word + "` is no score");
    }
  }

  static bool IsScore(const std::string& word) { return word.size() > 1 && word.back() == ':'; }

  // `name=value` of the constraint itself, taken out of the words from there on.
  Words WithoutOptions(xml_node element, const Words& words, std::size_t from) {
    Words rest;
    int depth = 0;
    for (std::size_t i = from; i < words.size(); ++i) {
      const std::string& word = words[i];
      const bool opens = word == "(" || word == "[" || word == "{", closes = word == ")" || word == "]" || word == "}";
      depth += opens ? 1 : closes ? -1 : 0;
      const std::size_t equal = word.find('=');
      const bool of_a_set = word.starts_with("sequential=") || word.starts_with("require-all=");
      if (depth == 0 && equal != std::string::npos && equal > 0 && !of_a_set) {
        element.append_attribute(word.substr(0, equal).c_str()) = word.c_str() + equal + 1;
      } else {
        rest.push_back(word);
      }
    }
    return rest;
  }

  static std::pair<std::string, std::string> Part(const std::string& word) {
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos) return {word, ""};
    return {word.substr(0, colon), word.substr(colon + 1)};
  }

  static bool IsBracket(const std::string& word) { return word == "(" || word == "[" || word == ")" || word == "]"; }

  static void SetOption(xml_node set, const std::string& name, const std::string& value) {
    set.remove_attribute(name.c_str());
    const bool said_by_default = (name == "sequential" || name == "require-all") && value == "true";
    if (!said_by_default) set.append_attribute(name.c_str()) = value.c_str();
  }

  // `a ( b c ) d:Master`: sets; what has another role or action begins a new one.
  void Sets(xml_node element, const Words& words, const char* what) {
    xml_node set;
    std::string word_of_set;
    bool in_brackets = false;
    int number = 0;
    const std::string id = element.attribute("id").value();
    const auto begin = [&] {
      set = element.append_child("resource_set");
      set.append_attribute("id") = (id + '-' + std::to_string(number++)).c_str();
    };
    const auto drop_empty = [&] {
      if (!set || set.child("resource_ref")) return;
      element.remove_child(set);
      --number;
    };
    for (const std::string& word : words) {
      if (word == "(" || word == "[" || word == "{") {
        drop_empty();
        begin();
        in_brackets = true;
        if (word != "{") set.append_attribute("sequential") = "false";
        if (word == "[") set.append_attribute("require-all") = "false";
        continue;
      }
      if (word == ")" || word == "]" || word == "}") {
        set = {};
        in_brackets = false;
        continue;
      }
      if (const std::size_t equal = word.find('='); equal != std::string::npos) {
        if (!set) begin();
        SetOption(set, word.substr(0, equal), word.substr(equal + 1));
        continue;
      }
      const auto [name, role] = Part(word);
      const bool first = !set || !set.child("resource_ref");
      if (!set || (!first && role != word_of_set)) {
        xml_node before = set;
        begin();
        if (before && in_brackets) {
          for (const char* option : {"sequential", "require-all"}) {
            if (before.attribute(option)) set.append_copy(before.attribute(option));
          }
        }
      }
      if (!set.child("resource_ref") && !role.empty()) set.append_attribute(what) = role.c_str();
      word_of_set = role;
      set.append_child("resource_ref").append_attribute("id") = name.c_str();
      Refer(name, set);
    }
    drop_empty();
  }

  void Colocation(const Words& words) {
    xml_node element = Element("constraints", "rsc_colocation", words[1]);
    std::size_t at = 2;
    if (at < words.size() && IsScore(words[at])) Score(element, words[at++], false);
    const Words rest = WithoutOptions(element, words, at);
    if (rest.size() != 2 || IsBracket(rest[0]) || IsBracket(rest[1])) return Several(element, rest, "role");
    const auto [left, left_role] = Part(rest[0]);
    const auto [right, right_role] = Part(rest[1]);
    element.append_attribute("rsc") = left.c_str();
    if (!left_role.empty()) element.append_attribute("rsc-role") = left_role.c_str();
    element.append_attribute("with-rsc") = right.c_str();
    if (!right_role.empty()) element.append_attribute("with-rsc-role") = right_role.c_str();
    Refer(left, element);
    Refer(right, element);
  }

  void Several(xml_node element, const Words& rest, const char* what) {
    if (rest.size() < 2) Fault("`" + statement_->words[1] + "` names fewer than two resources");
    Sets(element, rest, what);
  }

  void Order(const Words& words) {
    xml_node element = Element("constraints", "rsc_order", words[1]);
    std::size_t at = 2;
    if (at < words.size() && IsScore(words[at])) {
      std::string word = words[at++];
      word.pop_back();
      const auto score = AsScore(word);
      std::string kind = word;
      if (score) kind = *score == "0" ? "Optional" : "Mandatory";
      if (!kind.empty()) kind[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(kind[0])));
      if (kind != "Mandatory" && kind != "Optional" && kind != "Serialize")
        Fault("`" + word + "` is no kind of order");
      else
        element.append_attribute("kind") = kind.c_str();
    }
    const Words rest = WithoutOptions(element, words, at);
    if (rest.size() != 2 || IsBracket(rest[0]) || IsBracket(rest[1])) return Several(element, rest, "action");
    const auto [first, first_action] = Part(rest[0]);
    const auto [then, then_action] = Part(rest[1]);
    element.append_attribute("first") = first.c_str();
    if (!first_action.empty()) element.append_attribute("first-action") = first_action.c_str();
    element.append_attribute("then") = then.c_str();
    if (!then_action.empty()) element.append_attribute("then-action") = then_action.c_str();
    Refer(first, element);
    Refer(then, element);
  }

  void Location(const Words& words) {
    if (words.size() < 4) return Fault("`location " + words[1] + "` is not complete");
    xml_node element = Element("constraints", "rsc_location", words[1]);
    std::size_t at = 2;
    if (words[at] == "{") {
      const auto end = std::find(words.begin() + 2, words.end(), "}");
      Sets(element, Words(words.begin() + 2, end), "role");
      at = std::min(static_cast<std::size_t>(end - words.begin()) + 1, words.size());
    } else if (words[at].size() > 2 && words[at].front() == '/' && words[at].back() == '/') {
      element.append_attribute("rsc-pattern") = words[at].substr(1, words[at].size() - 2).c_str();
      ++at;
    } else {
      element.append_attribute("rsc") = words[at].c_str();
      Refer(words[at++], element);
    }
    while (at < words.size() && words[at] != "rule" && !IsScore(words[at])) {
      std::string word = words[at++];
      if (word.starts_with("$")) word.erase(0, 1);
      const std::size_t equal = word.find('=');
      if (equal == std::string::npos)
        Fault("`" + word + "` means nothing in a location");
      else
        element.append_attribute(word.substr(0, equal).c_str()) = word.c_str() + equal + 1;
    }
    if (at < words.size() && words[at] == "rule") {
      CrmshBlocks blocks = Blocks(words, at);
      while (blocks.Rule(element, words[1], "")) {
      }
      blocks.Rest();
      return;
    }
    if (at + 1 >= words.size()) return Fault("`location " + words[1] + "` names no node");
    Score(element, words[at], true);
    element.append_attribute("node") = words[at + 1].c_str();
  }

  void Ticket(const Words& words) {
    if (words[0] == "rsc-ticket") Fault("`rsc-ticket` is written `rsc_ticket`; read as that");
    if (words.size() < 4 || !IsScore(words[2])) return Fault("`" + words[0] + ' ' + words[1] + "` names no ticket");
    xml_node element = Element("constraints", "rsc_ticket", words[1]);
    element.append_attribute("ticket") = words[2].substr(0, words[2].size() - 1).c_str();
    const Words rest = WithoutOptions(element, words, 3);
    if (rest.size() != 1) return Sets(element, rest, "role");
    const auto [name, role] = Part(rest[0]);
    element.append_attribute("rsc") = name.c_str();
    if (!role.empty()) element.append_attribute("rsc-role") = role.c_str();
    Refer(name, element);
  }

  // --------------------------------------------------------------------- the rest

  void Defaults(const Words& words, const char* section, const char* tag, const char* usual) {
    std::size_t at = 1;
    std::string id = usual;
    if (words[at].starts_with("$id="))
      id = words[at++].substr(4);
    else if (IsScore(words[at])) {
      id = words[at].substr(0, words[at].size() - 1);
      ++at;
    }
    xml_node parent = Section(section);
    xml_node block = parent.find_child_by_attribute(tag, "id", id.c_str());
    if (!block) block = Element(section, tag, id);
    CrmshBlocks blocks = Blocks(words, at);
    blocks.Pairs(block, id);
    blocks.Rest();
  }

  void Level(const std::string& kind, const std::string& target, const std::string& devices, int index) {
    xml_node level = Section("fencing-topology").append_child("fencing-level");
    if (kind == "attr") {
      const std::size_t equal = target.find('=');
      level.append_attribute("target-attribute") = target.substr(0, equal).c_str();
      level.append_attribute("target-value") = target.substr(equal + 1).c_str();
    } else {
      level.append_attribute(kind == "pattern" ? "target-pattern" : "target") = target.c_str();
    }
    level.append_attribute("index") = index;
    level.append_attribute("devices") = devices.c_str();
    level.append_attribute("id") = ("fencing-" + std::to_string(levels_++)).c_str();
  }

  void Fencing(const Words& words) {
    for (const std::string& comment : statement_->comments) Comment(Section("fencing-topology"), comment);
    std::string kind, target;
    int index = 0;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word.starts_with("pattern:") || word.starts_with("attr:")) {
        kind = word.substr(0, word.find(':'));
        target = word.substr(word.find(':') + 1);
        index = 0;
      } else if (IsScore(word)) {
        kind = "node";
        target = word.substr(0, word.size() - 1);
        index = 0;
      } else if (kind.empty()) {
        for_all_.push_back(word);
      } else {
        Level(kind, target, word, ++index);
      }
    }
  }

  // `fencing_topology ipmi pdu`: for every node.
  void FencingForAll() {
    for (const xml_node node : configuration_.child("nodes").children("node")) {
      for (std::size_t i = 0; i < for_all_.size(); ++i) {
        Level("node", node.attribute("uname").value(), for_all_[i], static_cast<int>(i) + 1);
      }
    }
  }

  // `meta:a:target-role` as the path of what it allows.
  static std::string PathOf(const std::string& word) {
    const std::size_t first = word.find(':');
    const std::string kind = word.substr(0, first);
    const std::string rest = first == std::string::npos ? "" : word.substr(first + 1);
    const std::size_t second = rest.find(':');
    const std::string name = rest.substr(0, second), of = second == std::string::npos ? "" : rest.substr(second + 1);
    const auto pair = [](const std::string& which) { return which.empty() ? "" : "/nvpair[@name='" + which + "']"; };
    if (kind == "status") return "/cib/status";
    if (kind == "cib") return "/cib";
    if (kind == "meta") return "//primitive[@id='" + name + "']/meta_attributes" + pair(of);
    if (kind == "params") return "//primitive[@id='" + name + "']/instance_attributes" + pair(of);
    if (kind == "utilization") return "//primitive[@id='" + name + "']/utilization";
    if (kind == "property") return "//crm_config/cluster_property_set" + pair(name);
    if (kind == "node") return "//nodes/node" + (name.empty() ? "" : "[@uname='" + name + "']");
    if (kind == "nodeattr") return "//nodes/node/instance_attributes" + pair(name);
    if (kind == "location") {
      return "//rsc_location[@id='cli-prefer-" + name + "' and @rsc='" + name + "']";
    }
    return "";
  }

  void Permissions(xml_node role, const Words& words, std::size_t from) {
    const std::string id = role.attribute("id").value();
    int number = 0;
    for (std::size_t i = from; i < words.size(); ++i) {
      const std::string& kind = words[i];
      if (kind.starts_with("description=")) {
        role.append_attribute("description") = kind.c_str() + 12;
        continue;
      }
      if (kind != "read" && kind != "write" && kind != "deny") {
        Fault("expected read, write or deny, not `" + kind + "`");
        continue;
      }
      xml_node permission = role.append_child("acl_permission");
      permission.append_attribute("kind") = kind.c_str();
      permission.append_attribute("id") = (id + '-' + std::to_string(number++)).c_str();
      for (; i + 1 < words.size(); ++i) {
        const std::string& word = words[i + 1];
        if (word == "read" || word == "write" || word == "deny") break;
        const std::size_t colon = word.find(':');
        const std::string front = word.substr(0, colon),
                          rest = colon == std::string::npos ? "" : word.substr(colon + 1);
        if (front == "xpath")
          permission.append_attribute("xpath") = rest.c_str();
        else if (front == "ref")
          permission.append_attribute("reference") = rest.c_str();
        else if (front == "tag" || front == "type")
          permission.append_attribute("object-type") = rest.c_str();
        else if (front == "attribute" || front == "attr")
          permission.append_attribute("attribute") = rest.c_str();
        else if (const std::string path = PathOf(word); !path.empty())
          permission.append_attribute("xpath") = path.c_str();
        else
          Fault("`" + word + "` is nothing that a role is about");
      }
    }
  }

  void Role(const Words& words) { Permissions(Element("acls", "acl_role", words[1]), words, 2); }

  void Target(const Words& words) {
    xml_node target = Element("acls", words[0].c_str(), words[1]);
    for (std::size_t i = 2; i < words.size(); ++i)
      target.append_child("role").append_attribute("id") = words[i].c_str();
  }

  // Of old: a user with roles, or with permissions of his own.
  void User(const Words& words) {
    Words roles, rules;
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (words[i].starts_with("role:"))
        roles.push_back(words[i].substr(5));
      else
        rules.push_back(words[i]);
    }
    if (!rules.empty()) {
      const std::string own = "user-" + words[1];
      Permissions(Element("acls", "acl_role", own), rules, 0);
      roles.push_back(own);
    }
    xml_node target = Element("acls", "acl_target", words[1]);
    for (const std::string& role : roles) target.append_child("role").append_attribute("id") = role.c_str();
  }

  void Tag(const Words& words) {
    std::string name = words[1];
    if (IsScore(name)) name.pop_back();
    xml_node tag = Element("tags", "tag", name);
    ids_.push_back(name);
    for (std::size_t i = 2; i < words.size(); ++i)
      tag.append_child("obj_ref").append_attribute("id") = words[i].c_str();
  }

  void Alert(const Words& words) {
    if (words.size() < 3) return Fault("`alert " + words[1] + "` has no path");
    xml_node alert = Element("alerts", "alert", words[1]), at = alert;
    alert.append_attribute("path") = words[2].c_str();
    std::string owner = words[1];
    int recipients = 0;
    std::size_t begin = 3;
    for (; begin < words.size() && words[begin].starts_with("description="); ++begin)
      alert.append_attribute("description") = words[begin].c_str() + 12;
    for (std::size_t i = begin; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "to") {
        const bool braces = i + 1 < words.size() && words[i + 1] == "{";
        i += braces ? 2 : 1;
        if (i >= words.size()) return Fault("`to` names nobody");
        owner = words[1] + "-recipient-" + std::to_string(++recipients);
        at = alert.append_child("recipient");
        at.append_attribute("id") = owner.c_str();
        at.append_attribute("value") = words[i].c_str();
      } else if (word == "}") {
        at = alert;
        owner = words[1];
      } else if (word == "select") {
        i = Select(alert, words, i + 1) - 1;
      } else {
        CrmshBlocks blocks = Blocks(words, i);
        const std::size_t next = blocks.Block(at, owner, "attributes");
        if (next == i)
          Fault("`" + word + "` means nothing in an alert");
        else
          i = next - 1;
      }
    }
  }

  std::size_t Select(xml_node alert, const Words& words, std::size_t at) {
    xml_node select = alert.append_child("select");
    for (; at < words.size(); ++at) {
      const std::string& word = words[at];
      if (word != "nodes" && word != "fencing" && word != "resources" && word != "attributes") break;
      xml_node one = select.append_child(("select_" + word).c_str());
      if (word != "attributes" || at + 1 >= words.size() || words[at + 1] != "{") continue;
      for (at += 2; at < words.size() && words[at] != "}"; ++at) {
        xml_node attribute = one.append_child("attribute");
        attribute.append_attribute("id") = (std::string(alert.attribute("id").value()) + '-' + words[at]).c_str();
        attribute.append_attribute("name") = words[at].c_str();
      }
    }
    return at;
  }

  // An element as it is; its name says which section it belongs to.
  void Xml(const std::string& raw) {
    pugi::xml_document element;
    const std::size_t open = raw.find('<');
    if (open == std::string::npos || !element.load_string(raw.c_str() + open)) return Fault("this XML cannot be read");
    static const std::map<std::string, const char*, std::less<>> sections = {{"primitive", "resources"},
                                                                             {"group", "resources"},
                                                                             {"clone", "resources"},
                                                                             {"master", "resources"},
                                                                             {"bundle", "resources"},
                                                                             {"template", "resources"},
                                                                             {"rsc_location", "constraints"},
                                                                             {"rsc_colocation", "constraints"},
                                                                             {"rsc_order", "constraints"},
                                                                             {"rsc_ticket", "constraints"},
                                                                             {"node", "nodes"},
                                                                             {"tag", "tags"},
                                                                             {"acl_role", "acls"},
                                                                             {"acl_target", "acls"},
                                                                             {"acl_group", "acls"},
                                                                             {"cluster_property_set", "crm_config"},
                                                                             {"alert", "alerts"}};
    const xml_node root = element.document_element();
    if (std::string_view(root.name()) == "fencing-topology") {
      for (const xml_node level : root.children()) Section("fencing-topology").append_copy(level);
      return;
    }
    const auto section = sections.find(root.name());
    if (section == sections.end()) return Fault("`" + std::string(root.name()) + "` has no place here");
    TakeIn(root);
    Section(section->second).append_copy(root);
  }

  // What is inside takes the place of what has been said of it before.
  void TakeIn(xml_node element) {
    const std::string id = element.attribute("id").value();
    ids_.push_back(id);
    if (xml_node before = Resource(id)) before.parent().remove_child(before);
    for (const xml_node child : element.children()) {
      const std::string_view tag = child.name();
      if (tag == "primitive" || tag == "group") TakeIn(child);
    }
  }

  const AgentResolver& resolve_;
  CrmshRead& read_;
  xml_node root_, configuration_;
  const CrmshStatement* statement_ = nullptr;
  std::size_t line_ = 0;
  std::vector<std::string> ids_;
  std::vector<std::pair<std::string, Held>> held_;
  std::vector<Reference> references_;
  std::vector<std::string> for_all_;
  int levels_ = 0;
};

}  // namespace

bool LooksLikeCrmsh(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  const std::string_view rest = text.substr(first);
  const bool page = rest.starts_with("<pre>") || rest.starts_with("<code>");  // Pasted with what was around it.
  if (rest[0] == '<' && !page) return false;
  const CrmshLines lines = SplitCrmsh(text.substr(0, std::min<std::size_t>(text.size(), 1 << 20)));
  return lines.statements.size() > lines.skipped.size() / 4 && !lines.statements.empty();
}

std::string StatementsOfCrmsh(std::string_view text) {
  std::string out;
  for (const CrmshStatement& statement : SplitCrmsh(text).statements) out += statement.raw + '\n';
  return out;
}

void ReadCrmsh(std::string_view text, const AgentResolver& resolve, pugi::xml_document& cib, CrmshRead& read) {
  CrmshReader(resolve, cib, read).Run(text, false);
}

void ReadCrmshExactly(std::string_view text, const AgentResolver& resolve, pugi::xml_document& cib, CrmshRead& read) {
  CrmshReader(resolve, cib, read).Run(text, true);
}

}  // namespace picket::compiler::import
