#include "cli/load_input.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "cli/compile_options.h"
#include "cli/exit_status.h"
#include "cli/read_cib.h"
#include "compiler/compile.h"
#include "compiler/diagnostics/render.h"
#include "simulator/inject/all_online.h"

// A CIB is checked for its structure as it comes, whatever its schema. The reference validates with RelaxNG
// schemas of its own, which are not part of this program: what is told here is invalid by all of them, what
// is not told may be invalid still.
namespace picket::cli {

namespace {

struct StructureFault {
  ptrdiff_t offset = -1;  // of the element in the text; -1: not known
  std::string text;       // `element primitive: ID ip redefined`
};

constexpr std::array<const char*, 4> kRequiredSections = {"crm_config", "nodes", "resources", "constraints"};
constexpr std::array<const char*, 10> kSections = {
    "crm_config",       "nodes", "resources", "constraints", "rsc_defaults", "op_defaults",
    "fencing-topology", "acls",  "tags",      "alerts"};
// Elements whose `id` is one for the whole configuration. That of a node, for example, is not.
constexpr std::array<const char*, 27> kIdentified = {"primitive",
                                                     "template",
                                                     "group",
                                                     "clone",
                                                     "master",
                                                     "bundle",
                                                     "port-mapping",
                                                     "storage-mapping",
                                                     "operations",
                                                     "op",
                                                     "rsc_location",
                                                     "rsc_colocation",
                                                     "rsc_order",
                                                     "rsc_ticket",
                                                     "resource_set",
                                                     "nvpair",
                                                     "rule",
                                                     "expression",
                                                     "date_expression",
                                                     "instance_attributes",
                                                     "meta_attributes",
                                                     "utilization",
                                                     "cluster_property_set",
                                                     "acl_role",
                                                     "acl_permission",
                                                     "tag",
                                                     "fencing-level"};
// Of those, the ones that cannot do without.
constexpr std::array<const char*, 11> kNamed = {"primitive",      "template",  "group",     "clone",
                                                "master",         "bundle",    "op",        "rsc_location",
                                                "rsc_colocation", "rsc_order", "rsc_ticket"};

template <size_t N>
bool Among(const char* name, const std::array<const char*, N>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const char* one) { return std::string_view(one) == name; });
}

// Sections that are missing or unknown, ids that are missing or given twice, resources without what makes
// them one.
class StructureChecker {
 public:
  std::vector<StructureFault> Run(const pugi::xml_document& document) {
    const pugi::xml_node root = document.document_element();
    const pugi::xml_node configuration = root.child("configuration");
    if (!configuration) {
      Tell(root, "has no `configuration`");
      return std::move(faults_);
    }
    for (const char* section : kRequiredSections) {
      if (!configuration.child(section)) Tell(configuration, "has no `" + std::string(section) + '`');
    }
    for (const pugi::xml_node section : configuration.children()) {
      if (section.type() != pugi::node_element) continue;
      if (!Among(section.name(), kSections)) Tell(section, "is no section of a configuration");
    }
    // Not by recursion: a document may be deep.
    for (pugi::xml_node node = configuration.first_child(); node && node != configuration;) {
      if (node.type() == pugi::node_element) Element(node);
      if (node.first_child()) {
        node = node.first_child();
        continue;
      }
      while (node != configuration && !node.next_sibling()) node = node.parent();
      if (node != configuration) node = node.next_sibling();
    }
    return std::move(faults_);
  }

 private:
  void Tell(pugi::xml_node element, const std::string& what) {
    faults_.push_back({element.offset_debug(), "element " + std::string(element.name()) + ": " + what});
  }

  void Element(pugi::xml_node element) {
    const char* name = element.name();
    const std::string_view id = element.attribute("id").value();
    if (Among(name, kIdentified) && !id.empty() && !ids_.insert(id).second) {
      Tell(element, "ID " + std::string(id) + " redefined");
    }
    if (id.empty() && Among(name, kNamed)) Tell(element, "has no `id`");
    Resource(element);
  }

  void Resource(pugi::xml_node element) {
    const std::string_view name = element.name(), parent = element.parent().name();
    if (name == "primitive" && parent != "resources" && parent != "group" && parent != "clone" &&
        parent != "master" && parent != "bundle") {
      return;  // A word of the same spelling elsewhere.
    }
    if (name == "primitive" && !element.attribute("template") &&
        (!element.attribute("class") || !element.attribute("type"))) {
      Tell(element, "has neither `class` and `type` nor a `template`");
    } else if (name == "group" && !element.child("primitive")) {
      Tell(element, "has no `primitive`");
    } else if (name == "clone" || name == "master") {
      const auto primitives = element.children("primitive"), groups = element.children("group");
      const auto count =
          std::distance(primitives.begin(), primitives.end()) + std::distance(groups.begin(), groups.end());
      if (count != 1) Tell(element, "has " + std::to_string(count) + " resources instead of one");
    }
  }

  std::vector<StructureFault> faults_;
  std::set<std::string_view> ids_;
};

bool IsPolicyFile(const std::string& file) {
  return file.ends_with(".picket");
}

// A policy is known by its name; on standard input by what it begins with, since XML begins with `<`.
bool IsPolicy(const std::string& file, std::string_view text) {
  if (file != "-") return IsPolicyFile(file);
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] != '<' && text.find('\0') == std::string_view::npos;
}

// More faults than these are not worth a line each.
constexpr size_t kFaultsMax = 20;

std::string Complaint(const std::string& text, const std::string& schema,
                      const std::vector<StructureFault>& faults) {
  std::string complaint;
  for (size_t i = 0; i < faults.size() && i < kFaultsMax; ++i) {
    const auto offset = static_cast<ptrdiff_t>(std::clamp<ptrdiff_t>(faults[i].offset, 0, text.size()));
    const auto line = std::count(text.begin(), text.begin() + offset, '\n') + 1;
    complaint += "line " + std::to_string(line) + ": " + faults[i].text + '\n';
  }
  if (faults.size() > kFaultsMax) complaint += std::to_string(faults.size() - kFaultsMax) + " more of them\n";
  return complaint + "Cannot upgrade configuration (claiming " + schema +
         " schema) to at least pacemaker-4.0 because it does not validate with any schema from " + schema +
         " to the latest";
}

bool LoadPolicy(const std::string& file, std::string text, Input& input, solver::DocumentError& error,
                const AsRelease& as) {
  input.is_policy = true;
  compiler::CompileResult result = compiler::CompileText(std::move(text), file, ReviewedOptions());
  std::string told = compiler::RenderText(result.diagnostics, result.source_map);
  if (!told.empty() && told.back() == '\n') told.pop_back();
  if (!result.compiled) {
    error = {IsPolicyFile(file) ? simulate_exit::kBadConfiguration : simulate_exit::kBadData,
             std::move(told)};
    return false;
  }
  input.warning = std::move(told);
  input.document.reset(result.compiled->cib);
  simulator::BringAllOnline(input.document);
  std::string no_warning;
  input.target = as.target.value_or(ReleaseOfPolicy(*result.compiled));
  return solver::UpgradeDocument(input.document, no_warning, error, input.target);
}

}  // namespace

solver::Target ReleaseOfPolicy(const compiler::Compiled& compiled) {
  std::string reason;
  return solver::Target::Parse(compiled.topology.pacemaker, reason).value_or(solver::Target());
}

bool ParseAs(const std::string& value, AsRelease& as, std::string& reason) {
  if (value.empty()) return true;
  if (value == "cluster") {
    as.target.reset();
    return true;
  }
  as.target = solver::Target::Parse(value, reason);
  return as.target.has_value();
}

bool LoadInput(const std::string& file, std::istream& standard_input, Input& input,
               solver::DocumentError& error, const AsRelease& as) {
  std::string reason;
  std::optional<std::string> text = ReadCib(file, standard_input, reason);
  if (!text && IsLive(file)) {
    // On this machine in crm_simulate's words; elsewhere with what stands in the way.
    const bool here = file == "live:";
    error = {simulate_exit::kNotConnected,
             (here ? "" : reason + "\n") + std::string("Could not connect to the cluster: Not connected")};
    return false;
  }
  if (text && IsPolicy(file, *text)) return LoadPolicy(file, std::move(*text), input, error, as);
  // A file that is not there and one that is not XML are told in the same words, as crm_simulate does.
  if (!solver::ParseDocument(text ? std::string_view(*text) : std::string_view(), input.document, error))
    return false;
  input.target = as.target.value_or(solver::TargetOf(input.document));
  const std::string schema = input.document.document_element().attribute("validate-with").value();
  const std::vector<StructureFault> faults = StructureChecker().Run(input.document);
  if (!solver::UpgradeDocument(input.document, input.warning, error, input.target)) return false;
  if (schema == "none" || faults.empty()) return true;
  error = {simulate_exit::kBadConfiguration, Complaint(*text, schema, faults)};
  return false;
}

}  // namespace picket::cli
