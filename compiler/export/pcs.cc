#include "compiler/export/pcs.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "compiler/export/pcs_parts.h"
#include "compiler/export/shell.h"
#include "compiler/import/normal_form.h"
#include "compiler/import/pcs.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_node;

struct Room {
  const char* section;
  PcsSaid (*say)(Source&, xml_node);
};

// In the order in which the commands can be carried out.
constexpr Room kRooms[] = {{"crm_config", PcsProperties},
                           {"rsc_defaults", PcsDefaults},
                           {"op_defaults", PcsDefaults},
                           {"nodes", PcsNode},
                           {"resources", PcsResource},
                           {"fencing-topology", PcsLevel},
                           {"constraints", PcsConstraint},
                           {"tags", PcsTag},
                           {"acls", PcsAccess},
                           {"alerts", PcsAlert}};

std::vector<xml_node> Elements(xml_node parent) {
  std::vector<xml_node> all;
  for (const xml_node child : parent.children()) all.push_back(child);
  return all;
}

class PcsExporter {
 public:
  explicit PcsExporter(const pugi::xml_document& cib) : source_(cib) {}

  Exported Run() {
    UnknownSections();
    source_.LeaveOutText(
        source_.configuration(), Fits,
        "has characters that the tools of Pacemaker 2.1 garble in a file: a line break, or `<`, `&` or "
        "`\"` beside letters that are not ASCII");
    // Each round leaves something out, until what is read back is what is there.
    do {
      while (!Write()) {
      }
    } while (!ReadsBack());
    Exported out;
    out.left_out = source_.left_out();
    out.notes = source_.notes();
    out.text = Head(out) + body_;
    return out;
  }

 private:
  static bool Fits(std::string_view text) {
    const auto has = [&](auto what) { return std::any_of(text.begin(), text.end(), what); };
    if (has([](char c) { return static_cast<unsigned char>(c) < 0x20; })) return false;
    const bool other = has([](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    return !other || text.find_first_of("<>&\"") == std::string_view::npos;
  }

  void UnknownSections() {
    for (const xml_node section : Elements(source_.configuration())) {
      const bool known = std::any_of(std::begin(kRooms), std::end(kRooms), [&](const Room& room) {
        return std::string_view(room.section) == section.name();
      });
      if (known) continue;
      if (section.first_child()) source_.Tell("the section `" + std::string(section.name()) + "`, which is unknown");
      source_.configuration().remove_child(section);
    }
  }

  // False if something was left out: it may be needed by what has been written.
  bool Write() {
    body_.clear();
    for (const Room& room : kRooms) {
      for (const xml_node element : Elements(source_.Section(room.section))) {
        const PcsSaid said = room.say(source_, element);
        if (!said.why.empty()) {
          source_.LeaveOut(element, said.why);
          return false;
        }
        body_ += said.commands;
      }
    }
    return true;
  }

  // What a cluster has before the first command of pcs: its nodes and its name.
  std::string Beginning() const {
    pugi::xml_document cib;
    xml_node root = cib.append_child("cib");
    for (const auto& [name, value] : {std::pair("crm_feature_set", "3.16.1"),
                                      {"validate-with", "pacemaker-3.9"},
                                      {"epoch", "1"},
                                      {"num_updates", "0"},
                                      {"admin_epoch", "0"}})
      root.append_attribute(name) = value;
    xml_node configuration = root.append_child("configuration");
    xml_node options = configuration.append_child("crm_config");
    const xml_node name =
        source_.Section("crm_config").child("cluster_property_set").find_child_by_attribute("name", "cluster-name");
    if (name) {
      xml_node set = options.append_child("cluster_property_set");
      set.append_attribute("id") = "cib-bootstrap-options";
      xml_node pair = set.append_child("nvpair");
      pair.append_attribute("id") = "cib-bootstrap-options-cluster-name";
      pair.append_attribute("name") = "cluster-name";
      pair.append_attribute("value") = name.attribute("value").value();
    }
    xml_node nodes = configuration.append_child("nodes");
    for (const xml_node node : source_.Section("nodes").children("node")) {
      xml_node copy = nodes.append_child("node");
      for (const char* attribute : {"id", "uname", "type"}) {
        if (node.attribute(attribute)) copy.append_attribute(attribute) = node.attribute(attribute).value();
      }
    }
    configuration.append_child("resources");
    configuration.append_child("constraints");
    root.append_child("status");
    std::ostringstream out;
    cib.save(out, "  ", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
    return out.str();
  }

  std::string Head(const Exported& out) const {
    std::string head =
        "#!/bin/sh\n# For pcs 0.11: makes cib.xml in this folder, or adds to the one that is there.\n"
        "# Put it in force with: pcs cluster cib-push cib.xml\n";
    const auto tell = [&](const std::string& front, const std::vector<std::string>& all) {
      for (std::string line : all) {
        std::replace_if(
            line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
        head += "# " + front + line + '\n';
      }
    };
    tell("left out: ", out.left_out);
    tell("note: ", out.notes);
    // A text between quotes may hold the line that ends a `<<`; in single quotes nothing ends it.
    return head + "set -eu\n[ -e cib.xml ] || printf %s " + ShellWord(Beginning()) + " >cib.xml\n";
  }

  // Whether the commands say what the document says. If not, the elements that differ are left out.
  bool ReadsBack() {
    pugi::xml_document got_cib;
    import::TextRead read;
    import::ReadPcs(body_, [](const std::string& type) { return type;
  }, got_cib, read);
  AddName(got_cib);
  const auto wanted = import::NormalForm(source_.document()), got = import::NormalForm(got_cib);
  for (const Room& room : kRooms) {
    // No command makes a node.
    if (std::string_view(room.section) == "nodes") continue;
    if (!Same(room.section, wanted, got)) return false;
  }
  return true;
}

  void AddName(pugi::xml_document& cib) const {
  pugi::xml_document beginning;
  beginning.load_string(Beginning().c_str());
  const xml_node pair = beginning.child("cib").child("configuration").child("crm_config").first_child().first_child();
  if (!pair) return;
  xml_node options = cib.child("cib").child("configuration").child("crm_config");
  xml_node set = options.child("cluster_property_set");
  if (!set) set = options.append_child("cluster_property_set");
  set.append_copy(pair);
}

bool Same(const char* section, const std::vector<import::NormalElement>& wanted,
          const std::vector<import::NormalElement>& got) {
  std::vector<std::string_view> left, right;
  for (const auto& element : wanted) {
    if (element.section == section) left.push_back(element.text);
  }
  for (const auto& element : got) {
    if (element.section == section) right.push_back(element.text);
  }
  if (left == right) return true;
  std::multiset<std::string_view> counterparts(right.begin(), right.end());
  const std::vector<xml_node> elements = Elements(source_.Section(section));
  for (const auto& element : wanted) {
    if (element.section != section) continue;
    const auto counterpart = counterparts.find(element.text);
    if (counterpart != counterparts.end()) {
      counterparts.erase(counterpart);
    } else if (element.index < elements.size()) {
      source_.LeaveOut(elements[element.index], "is more than pcs 0.11 has words for");
      return false;
    }
  }
  const std::string what = std::string("the order of what is in `") + section + '`';
  const auto& told = source_.left_out();
  if (std::find(told.begin(), told.end(), what) == told.end()) source_.Tell(what);
  return true;
}

Source source_;
std::string body_;
};  // namespace

}  // namespace picket::compiler::exporting

Exported ExportPcs(const pugi::xml_document& cib) {
  return PcsExporter(cib).Run();
}

}  // namespace picket::compiler::exporting
