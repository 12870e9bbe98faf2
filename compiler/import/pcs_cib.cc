#include "compiler/import/pcs_cib.h"

#include <algorithm>
#include <set>

#include "compiler/diagnostics/nearest.h"
#include "compiler/import/pcs_rules.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::import::pcs {

using pugi::xml_node;

PcsCib::PcsCib(const AgentResolver& resolver, pugi::xml_document& cib, TextRead& read)
    : resolve(resolver), cib_(cib), read_(read) {
  xml_node root = cib.append_child("cib");
  root.append_attribute("validate-with") = "pacemaker-3.9";
  configuration_ = root.append_child("configuration");
  for (const char* section : {"crm_config", "nodes", "resources", "constraints"}) configuration_.append_child(section);
}

void PcsCib::Begin(const PcsCommand& command) {
  line_ = command.line;
  options_ = &command.options;
}

void PcsCib::Remember() {
  remembered_cib_.reset(cib_);
  remembered_references_ = references_;
}

void PcsCib::Restore() {
  cib_.reset(remembered_cib_);
  configuration_ = cib_.child("cib").child("configuration");
  references_ = remembered_references_;
}

void PcsCib::Finish() {
  NodesOfHosts();
  for (const Reference& reference : references_) {
    line_ = reference.line;
    Resource(reference.name);
  }
}

void PcsCib::Fault(const std::string& what) {
  read_.faults.push_back("line " + std::to_string(line_) + ": " + what);
}

void PcsCib::Skip(const std::string& what) {
  read_.skipped.push_back("line " + std::to_string(line_) + ": " + what);
}

void PcsCib::Refer(const std::string& name) {
  references_.push_back({line_, name});
}

void PcsCib::Forget(const std::string& name) {
  std::erase_if(references_, [&](const Reference& reference) { return reference.name == name; });
}

xml_node PcsCib::Section(const char* name) {
  const xml_node found = configuration_.child(name);
  return found ? found : configuration_.append_child(name);
}

xml_node PcsCib::Element(const char* section, const char* tag, const std::string& id) {
  if (Find(Section(section), id)) Fault("there is `" + id + "` already");
  xml_node element = Section(section).append_child(tag);
  element.append_attribute("id") = id.c_str();
  return element;
}

std::string PcsCib::Unused(const std::string& wanted) {
  std::string id = wanted;
  for (int i = 1; Find(configuration_, id); ++i) id = wanted + '-' + std::to_string(i);
  return id;
}

xml_node PcsCib::Resource(const std::string& id) {
  const xml_node found = Section("resources").find_node([&](xml_node node) {
    static const std::set<std::string> tags = {"primitive", "group", "clone", "master", "bundle"};
    return id == node.attribute("id").value() && tags.contains(node.name());
  });
  if (!found) Unknown(id);
  return found;
}

void PcsCib::Unknown(const std::string& name) {
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

bool PcsCib::HasOption(const std::string& name) const {
  return std::find(options_->begin(), options_->end(), name) != options_->end();
}

std::string PcsCib::OptionValue(const std::string& name) const {
  for (const std::string& option : *options_) {
    if (option.starts_with(name + '=')) return option.substr(name.size() + 1);
  }
  return {};
}

xml_node PcsCib::Node(const std::string& name) {
  xml_node nodes = Section("nodes");
  if (const xml_node found = nodes.find_child_by_attribute("node", "uname", name.c_str())) return found;
  xml_node node = nodes.append_child("node");
  node.append_attribute("id") = name.c_str();
  node.append_attribute("uname") = name.c_str();
  return node;
}

void PcsCib::Pairs(xml_node owner, const char* tag, const Words& words, const std::string& id) {
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

void PcsCib::Attributes(xml_node element, const Words& words) {
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

xml_node PcsCib::Rule(xml_node parent, const std::string& id, const std::string& score, const Words& conditions) {
  xml_node rule = parent.append_child("rule");
  SetId(rule, id);
  if (!score.empty()) rule.append_attribute("score") = score.c_str();
  ReadPcsRule(rule, conditions, [this](const std::string& what) { Fault(what); });
  return rule;
}

void PcsCib::NodesOfHosts() {
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
      for (const std::string& host : Names(pairs(element, "instance_attributes", "pcmk_host_list"), " ,;\t\n"))
        hosts.insert(host);
      for (const std::string& map : Names(pairs(element, "instance_attributes", "pcmk_host_map"), ";\t\n "))
        if (map.find_first_of(":=") != std::string::npos) hosts.insert(map.substr(0, map.find_first_of(":=")));
    }
  };
  collect(collect, Section("resources"));
  for (const std::string& host : hosts) {
    if (!host.empty() && !made.contains(host)) Node(host);
  }
}

}  // namespace picket::compiler::import::pcs
