#include "compiler/import/import.h"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "compiler/compile.h"
#include "compiler/import/normal_form.h"
#include "compiler/import/reader.h"
#include "compiler/syntax/utf8.h"
#include "solver/cib/document.h"

namespace picket::compiler::import {
namespace {

// In the order in which a policy tells them.
constexpr std::array<const char*, 10> kSections = {
    "nodes",       "crm_config", "rsc_defaults", "op_defaults", "resources", "fencing-topology",
    "constraints", "tags",       "acls",         "alerts"};

// Some elements of one section that are said together.
struct Unit {
  std::string section;
  std::vector<xml_node> elements;
  std::size_t first_index = 0;        // Of its first element in the section.
  std::vector<std::string> comments;  // That stand before it.
  Level level = Level::kReadable;
  bool dependency = false;       // A colocation with its order.
  bool without_fencing = false;  // A node for which there is no device.
  std::string trouble;           // Why it is not said more readably.

  std::string text;
  std::size_t begin = 0;  // Of its text in the policy.
  bool large = false;     // Several statements or lines.
};

std::string RawXml(xml_node node) {
  std::ostringstream out;
  node.print(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return out.str();
}

void CollectComments(Reader& reader, xml_node node) {
  for (const xml_node child : node.children()) {
    if (!reader.IsComment(child)) CollectComments(reader, child);
  }
}

void DropComments(xml_node node) {
  for (xml_node child = node.first_child(); child;) {
    const xml_node next = child.next_sibling();
    if (child.type() == pugi::node_element) {
      DropComments(child);
    } else {
      node.remove_child(child);
    }
    child = next;
  }
}

std::string LevelTarget(xml_node level) {
  std::string key;
  for (const char* name : {"target", "target-pattern", "target-attribute", "target-value"}) {
    key += std::string(Attribute(level, name)) + '\n';
  }
  return key;
}

class Importer {
 public:
  Importer(const pugi::xml_document& document, const ImportOptions& options)
      : document_(document),
        configuration_(document.document_element().child("configuration")),
        options_(options),
        reader_(document, options.all_ids) {}

  void Run(Imported& imported) {
    FindGuests(configuration_.child("resources"));
    CollectUnits(imported);
    const std::vector<NormalElement> wanted = NormalForm(document_);
    // Each round says at least one element more plainly.
    const std::size_t rounds_max = 3 * units_.size() + 3;
    for (std::size_t round = 0; round < rounds_max; ++round) {
      imported.policy = Policy();
      CompileOptions how;
      how.review = options_.review;
      const CompileResult result = CompileText(imported.policy, "imported policy", how);
      const bool plainer = result.compiled ? PlainerWhereDifferent(wanted, NormalForm(result.compiled->cib), done_)
                                           : PlainerWhereWrong(result.diagnostics);
      if (done_) {
        TellFaults(result.diagnostics, imported);
        break;
      }
      if (plainer) continue;
      imported.warnings.push_back("the policy does not compile to an equal configuration" + different_ +
                                  "; please report this");
      break;
    }
    for (const Unit& unit : units_) {
      if (unit.level == Level::kXml) imported.elements_as_xml += unit.elements.size();
    }
  }

 private:
  // What stands in a configuration and cannot be meant, in the words of `check`.
  static void TellFaults(const Diagnostics& diagnostics, Imported& imported) {
    for (const Diagnostic& diagnostic : diagnostics.list()) {
      const std::string_view code = diagnostic.code;
      if (code != "W0460" && code != "W0459" && code != "W0420" && code != "W0322") continue;
      imported.faults.push_back(diagnostic.message + (diagnostic.help.empty() ? "" : "; " + diagnostic.help[0]));
    }
  }

  // ------------------------------------------------------------------------ units

  void FindGuests(xml_node node) {
    for (const xml_node child : node.children()) {
      if (std::string_view(child.name()) == "primitive") {
        const xml_node block = PlainBlock(reader_, child, "meta_attributes");
        for (const xml_node pair : block.children("nvpair")) {
          if (Attribute(pair, "name") != "remote-node" || reader_.InnerId(pair)) continue;
          reader_.guests.emplace(Attribute(pair, "value"), Attribute(child, "id"));
        }
      } else {
        FindGuests(child);
      }
    }
  }

  void CollectUnits(Imported& imported) {
    for (const xml_node section : configuration_.children()) {
      const std::string_view name = section.name();
      const bool known = std::find(kSections.begin(), kSections.end(), name) != kSections.end();
      if (section.type() == pugi::node_element && !known && section.first_child()) {
        imported.warnings.push_back("the section `" + std::string(name) + "` is unknown and left out");
      }
    }
    for (const char* name : kSections) {
      std::size_t index = 0;
      for (const xml_node section : configuration_.children(name)) Section(section, index);
    }
  }

  void Section(xml_node section, std::size_t& index) {
    std::vector<std::string> comments;
    for (xml_node child = section.first_child(); child; child = child.next_sibling()) {
      if (child.type() == pugi::node_comment) {
        reader_.IsComment(child);
        for (std::string& line : reader_.TakeRemarks()) comments.push_back(std::move(line));
      }
      if (child.type() != pugi::node_element) continue;
      Unit& unit = units_.emplace_back();
      unit.section = section.name();
      unit.first_index = index;
      unit.comments.swap(comments);
      unit.elements.push_back(child);
      Extend(unit, child);
      index += unit.elements.size();
    }
  }

  // Takes the elements behind the first that are said with it.
  void Extend(Unit& unit, xml_node& child) {
    const std::string_view name = child.name();
    if (name == "fencing-level") {
      const std::string target = LevelTarget(child);
      for (xml_node next = child.next_sibling(); next && LevelTarget(next) == target; next = next.next_sibling()) {
        if (next.type() != pugi::node_element) break;
        if (AsIndex(next) <= AsIndex(unit.elements.back())) break;
        unit.elements.push_back(next);
        child = next;
      }
    }
    const xml_node next = child.next_sibling();
    if ((name == "rsc_colocation" || name == "rsc_order") && ReadDependency(reader_, child, next)) {
      unit.dependency = true;
      unit.elements.push_back(next);
      child = next;
    }
    reader_.TakeRemarks();
  }

  static int AsIndex(xml_node level) { return level.attribute("index").as_int(); }

  // ------------------------------------------------------------------- statements

  std::optional<Statements> Read(const Unit& unit) {
    const xml_node element = unit.elements.front();
    if (unit.dependency) return ReadDependency(reader_, element, unit.elements[1]);
    if (unit.section == "nodes") {
      auto statements = ReadNode(reader_, element, unit.level);
      if (statements && unit.without_fencing) statements->push_back(NoFencing(element));
      return statements;
    }
    if (unit.section == "crm_config") return ReadProperties(reader_, element);
    if (unit.section == "rsc_defaults") return ReadDefaults(reader_, element, "rsc_defaults");
    if (unit.section == "op_defaults") return ReadDefaults(reader_, element, "op_defaults");
    if (unit.section == "resources") return ReadResource(reader_, element, unit.level);
    if (unit.section == "fencing-topology") return ReadLevels(reader_, unit.elements);
    if (unit.section == "constraints") return ReadConstraint(reader_, element);
    if (unit.section == "tags") return ReadTag(reader_, element);
    if (unit.section == "acls") return ReadAcl(reader_, element, unit.level);
    return ReadAlert(reader_, element);
  }

  // The language wants to be told of a node that nothing can fence.
  ast::Statement NoFencing(xml_node node) {
    ast::Fencing fencing;
    fencing.target = MakeText(Attribute(node, "uname"));
    fencing.none = MakeText("the imported configuration has no device for it", true);
    return reader_.MakeStatement(std::move(fencing));
  }

  Statements AsXml(const Unit& unit) {
    Statements out;
    for (const xml_node element : unit.elements) {
      CollectComments(reader_, element);
      pugi::xml_document copy;
      copy.append_copy(element);
      DropComments(copy);
      ast::Xml xml;
      xml.section = MakeText(unit.section);
      xml.content = MakeText(RawXml(copy.document_element()), true);
      out.push_back(reader_.MakeStatement(std::move(xml)));
    }
    return out;
  }

  void Spell(Unit& unit) {
    reader_.notes = {};
    std::optional<Statements> statements;
    if (unit.level != Level::kXml) statements = Read(unit);
    if (!statements) {
      reader_.TakeRemarks();
      reader_.notes = {};
      unit.level = Level::kXml;
      reader_.Remark("as it is: " + (unit.trouble.empty() ? "no words for it" : unit.trouble));
      statements = AsXml(unit);
    }
    std::vector<std::string> left = reader_.TakeRemarks();
    unit.text.clear();
    if (statements->empty()) {
      for (const std::string& line : unit.comments) unit.text += line + '\n';
      return;
    }
    std::vector<std::string>& comments = reader_.notes.comments[statements->front().span.begin];
    comments.insert(comments.begin(), unit.comments.begin(), unit.comments.end());
    comments.insert(comments.end(), left.begin(), left.end());
    unit.text = Print(*statements, reader_.notes);
    unit.large = std::count(unit.text.begin(), unit.text.end(), '\n') > 1;
  }

  // What people set on the CIB itself.
  std::string ClusterText() {
    ast::Cluster cluster;
    ast::ClusterSection cib;
    cib.kind = MakeText("cib");
    for (const char* name : {"remote-tls-port", "remote-clear-port"}) {
      const xml_node root = document_.document_element();
      if (Has(root, name)) cib.options.push_back(reader_.MakeOption(name, Attribute(root, name)));
    }
    if (cib.options.empty()) return "";
    cluster.name = MakeText("imported");
    for (const xml_node set : configuration_.child("crm_config").children("cluster_property_set")) {
      for (const xml_node pair : set.children("nvpair")) {
        if (Attribute(pair, "name") == "cluster-name" && !Attribute(pair, "value").empty()) {
          cluster.name = MakeText(Attribute(pair, "value"));
        }
      }
    }
    cluster.items.emplace_back(std::move(cib));
    Statements out;
    out.push_back(reader_.MakeStatement(std::move(cluster)));
    return Print(out);
  }

  // Large statements and sections are parted by blank lines.
  std::string Policy() {
    std::string policy = ClusterText();
    const Unit* before = nullptr;
    for (Unit& unit : units_) {
      Spell(unit);
      if (unit.text.empty()) continue;
      const bool apart = before == nullptr || before->section != unit.section || before->large || unit.large;
      if (apart && !policy.empty()) policy += '\n';
      unit.begin = policy.size();
      policy += unit.text;
      before = &unit;
    }
    return policy;
  }

  // ----------------------------------------------------------------- verification

  Unit* UnitAt(std::size_t offset) {
    Unit* found = nullptr;
    for (Unit& unit : units_) {
      if (!unit.text.empty() && unit.begin <= offset) found = &unit;
    }
    return found;
  }

  // Units stand in the order of sections and, within one, of elements.
  Unit* UnitOf(const NormalElement& element) {
    const auto place = [](std::string_view section, std::size_t index) {
      return std::pair(std::find(kSections.begin(), kSections.end(), section) - kSections.begin(), index);
    };
    const auto wanted = place(element.section, element.index);
    const auto behind = std::upper_bound(units_.begin(), units_.end(), wanted, [&](const auto& key, const Unit& unit) {
      return key < place(unit.section, unit.first_index);
    });
    if (behind == units_.begin()) return nullptr;
    Unit& unit = *std::prev(behind);
    const bool holds = unit.section == element.section && element.index < unit.first_index + unit.elements.size();
    return holds ? &unit : nullptr;
  }

  // Takes sugar away; false if there is none left. Applied when a round is
  // over, since it may put units in.
  void Plainer(Unit* unit, std::string trouble) {
    if (unit == nullptr || unit->level == Level::kXml) return;
    unit->trouble = std::move(trouble);
    plainer_.push_back(unit - units_.data());
  }

  bool ApplyPlainer() {
    std::sort(plainer_.begin(), plainer_.end());
    plainer_.erase(std::unique(plainer_.begin(), plainer_.end()), plainer_.end());
    const bool any = !plainer_.empty();
    for (; !plainer_.empty(); plainer_.pop_back()) {
      const auto index = static_cast<std::size_t>(plainer_.back());
      Unit& unit = units_[index];
      if (unit.dependency) {
        Unit order = unit;
        unit.dependency = order.dependency = false;
        unit.elements.pop_back();
        order.elements.erase(order.elements.begin());
        order.first_index = unit.first_index + 1;
        order.comments.clear();
        units_.insert(units_.begin() + plainer_.back() + 1, std::move(order));
        continue;
      }
      unit.level = unit.level == Level::kReadable && HasSugar(unit) ? Level::kPlain : Level::kXml;
      if (unit.section == "nodes" || unit.section == "resources") ForgetGuests(unit.elements[0]);
    }
    return any;
  }

  // Not everything has two ways of being said in words.
  static bool HasSugar(const Unit& unit) {
    return unit.section == "nodes" || unit.section == "resources" || unit.section == "acls";
  }

  void ForgetGuests(xml_node element) {
    if (std::string_view(element.name()) == "node") reader_.guests.erase(std::string(Attribute(element, "uname")));
    for (auto guest = reader_.guests.begin(); guest != reader_.guests.end();) {
      guest = guest->second == Attribute(element, "id") ? reader_.guests.erase(guest) : std::next(guest);
    }
    for (const xml_node child : element.children()) {
      const std::string_view name = child.name();
      if (name == "primitive" || name == "group") ForgetGuests(child);
    }
  }

  // Names that constraints and levels may say, as generously as can be.
  std::set<std::string, std::less<>> KnownNames() const {
    struct Walker : pugi::xml_tree_walker {
      bool for_each(xml_node& node) override {
        const std::string_view element = node.name();
        if (element == "resource_ref" || element == "obj_ref") return true;
        names.emplace(Attribute(node, "id"));
        if (element == "node") names.emplace(Attribute(node, "uname"));
        if (element == "nvpair") names.emplace(Attribute(node, "value"));
        return true;
      }
      std::set<std::string, std::less<>> names;
    } walker;
    for (const char* section : {"nodes", "resources", "tags"}) {
      pugi::xml_node root = configuration_.child(section);
      root.traverse(walker);
    }
    return std::move(walker.names);
  }

  // More went wrong than is told: whatever speaks of a name that nothing has is
  // part of it, and no round has to find it.
  void PlainerWhereUnknown() {
    const auto known = KnownNames();
    const auto is_known = [&](std::string_view name) {
      // The nodes of a bundle's replicas have a name made of the bundle's.
      const std::size_t dash = name.rfind('-');
      return known.contains(name) || (dash != std::string_view::npos && known.contains(name.substr(0, dash)));
    };
    for (Unit& unit : units_) {
      if (unit.section != "constraints" && unit.section != "fencing-topology") continue;
      for (const xml_node element : unit.elements) {
        for (const char* name : {"node", "target", "rsc", "with-rsc", "first", "then"}) {
          const std::string_view said = Attribute(element, name);
          if (said.empty() || is_known(said)) continue;
          const bool node = name == std::string_view("node") || name == std::string_view("target");
          Plainer(&unit, std::string("unknown ") + (node ? "node" : "resource") + " `" + std::string(said) + '`');
        }
      }
    }
  }

  bool PlainerWhereWrong(const Diagnostics& diagnostics) {
    if (diagnostics.dropped() > 0) PlainerWhereUnknown();
    for (const Diagnostic& diagnostic : diagnostics.list()) {
      if (diagnostic.severity != Severity::kError) continue;
      Unit* unit = UnitAt(diagnostic.span.begin);
      if (diagnostic.code == "E0211" && unit != nullptr && !unit->without_fencing) {
        unit->without_fencing = changed_ = true;
      } else {
        Plainer(unit, diagnostic.message);
      }
    }
    return ApplyPlainer() || std::exchange(changed_, false);
  }

  // Of elements that are equal any may be the one that did not come back; those
  // that are taken over as they are did.
  void BlameFor(const std::vector<const NormalElement*>& all, const NormalElement& element) {
    Unit* unit = UnitOf(element);
    for (std::size_t i = 0; i < all.size() && unit != nullptr && unit->level == Level::kXml; ++i) {
      if (all[i]->text != element.text) continue;
      Unit* other = UnitOf(*all[i]);
      if (other != nullptr && other->level != Level::kXml) unit = other;
    }
    Plainer(unit, "no words for all of it");
  }

  bool PlainerWhereDifferent(const std::vector<NormalElement>& wanted, const std::vector<NormalElement>& got,
                             bool& same) {
    same = true;
    for (const char* section : kSections) {
      const auto of_section = [&](const std::vector<NormalElement>& all) {
        std::vector<const NormalElement*> some;
        for (const NormalElement& element : all) {
          if (element.section == section) some.push_back(&element);
        }
        return some;
      };
      const auto left = of_section(wanted);
      const auto right = of_section(got);
      const auto equal = [](const NormalElement* a, const NormalElement* b) { return a->text == b->text; };
      if (std::equal(left.begin(), left.end(), right.begin(), right.end(), equal)) continue;
      same = false;
      const auto [was, is] = std::mismatch(left.begin(), left.end(), right.begin(), right.end(), equal);
      different_ = std::string(", in ") + section + ": " + (was == left.end() ? (*is)->text : (*was)->text);
      // What has no counterpart at all is to blame; failing that, the first that stands elsewhere.
      std::multiset<std::string_view> counterparts;
      for (const NormalElement* element : right) counterparts.insert(element->text);
      bool found = false;
      for (const NormalElement* element : left) {
        const auto counterpart = counterparts.find(element->text);
        if (counterpart != counterparts.end()) {
          counterparts.erase(counterpart);
        } else {
          BlameFor(left, *element);
          found = true;
        }
      }
      if (found || left.empty()) continue;
      Plainer(UnitOf(was == left.end() ? *left.back() : **was), "no words for all of it");
    }
    return ApplyPlainer();
  }

  const pugi::xml_document& document_;
  xml_node configuration_;
  const ImportOptions& options_;
  Reader reader_;
  std::vector<Unit> units_;
  std::vector<std::ptrdiff_t> plainer_;
  std::string different_;  // What was not equal the last time, for the one who has to mend it.
  bool changed_ = false;
  bool done_ = false;
};

// Takes out what a running cluster writes itself, and leaves a word about it.
void LeaveStateOut(const pugi::xml_document& document) {
  const xml_node configuration = document.document_element().child("configuration");
  const std::vector<std::string> referenced = ReferencedIds(document);
  for (xml_node set : configuration.child("crm_config").children("cluster_property_set")) {
    std::string names;
    for (xml_node pair = set.child("nvpair"), next; pair; pair = next) {
      next = pair.next_sibling("nvpair");
      const std::string_view id = Attribute(pair, "id");
      if (!IsState(set, pair) || std::find(referenced.begin(), referenced.end(), id) != referenced.end()) continue;
      names += (names.empty() ? "" : ", ") + std::string(Attribute(pair, "name"));
      set.remove_child(pair);
    }
    if (names.empty()) continue;
    set.parent()
        .insert_child_before(pugi::node_comment, set)
        .set_value((" left out, since a running cluster writes them: " + names + " ").c_str());
  }
}

// The line of the first byte that is not UTF-8 and that no declared encoding explains; 0 if all is text.
std::size_t LineNotUtf8(std::string_view cib, const pugi::xml_document& document) {
  const auto bad = FirstNotUtf8(cib);
  if (!bad) return 0;
  std::ostringstream decoded;
  document.save(decoded, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  if (!FirstNotUtf8(decoded.str())) return 0;
  return 1 + static_cast<std::size_t>(std::count(cib.begin(), cib.begin() + static_cast<std::ptrdiff_t>(*bad), '\n'));
}

}  // namespace

bool Import(std::string_view cib, const ImportOptions& options, Imported& imported, std::string& reason) {
  pugi::xml_document document;
  const pugi::xml_parse_result result =
      document.load_buffer(cib.data(), cib.size(), pugi::parse_default | pugi::parse_comments);
  // The document's own room says what is too deep to be worked on.
  pugi::xml_document bare;
  solver::DocumentError error;
  if (!result || !solver::ParseDocument(cib, bare, error)) {
    constexpr int kUnacceptable = 78;  // The document is read, and asks for too much.
    reason = !result                              ? "not XML: " + std::string(result.description())
             : error.exit_status == kUnacceptable ? "no CIB that anybody can carry out: " + error.message
                                                  : "no CIB: its elements are nested too deeply";
    return false;
  }
  const xml_node root = document.document_element();
  if (std::string_view(root.name()) != "cib" || !root.child("configuration")) {
    reason = "no CIB: its outermost element is `cib`, with a `configuration` inside";
    return false;
  }
  if (const std::size_t line = LineNotUtf8(cib, document); line > 0) {
    reason =
        "no CIB: line " + std::to_string(line) + " has a byte that is not UTF-8; name the encoding in its first line";
    return false;
  }
  solver::UpgradeOldSpellings(document);
  LeaveStateOut(document);
  Importer(document, options).Run(imported);
  return true;
}

}  // namespace picket::compiler::import
