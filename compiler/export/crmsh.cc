#include "compiler/export/crmsh.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "compiler/export/crmsh_parts.h"
#include "compiler/import/crmsh.h"
#include "compiler/import/normal_form.h"

namespace picket::compiler::exporting {
namespace {

using pugi::xml_attribute;
using pugi::xml_node;

constexpr const char* kSections[] = {"nodes", "resources", "constraints", "fencing-topology", "tags",
                                     "acls",  "alerts",    "crm_config",  "rsc_defaults",     "op_defaults"};

constexpr const char* kGarbled =
    "has characters that crmsh 4.4 garbles: it takes printable ASCII, and no backslash before a quote or at "
    "the end";

std::vector<xml_node> Elements(xml_node parent) {
  std::vector<xml_node> all;
  for (const xml_node child : parent.children()) all.push_back(child);
  return all;
}

class CrmshExporter {
 public:
  explicit CrmshExporter(const pugi::xml_document& cib) : source_(cib) {}

  Exported Run() {
    source_.LeaveOutText(source_.configuration(), FitsCrmsh, kGarbled);
    UnknownSections();
    for (const char* section : kSections) Unsayable(source_.Section(section));
    // Each round says something more plainly, or less.
    for (;;) {
      body_.clear();
      if (!Write()) continue;
      if (ReadsBack()) break;
    }
    TellOrder();
    Exported out;
    out.left_out = source_.left_out();
    out.notes = source_.notes();
    out.text = body_ + Tail(out);
    return out;
  }

 private:
  enum class How { kWords, kXml };

  // ------------------------------------------------------------- what crmsh cannot say

  void UnknownSections() {
    for (xml_node section : Elements(source_.configuration())) {
      const bool known = std::find_if(std::begin(kSections), std::end(kSections), [&](const char* name) {
                           return std::string_view(section.name()) == name;
                         }) != std::end(kSections);
      if (known) continue;
      if (section.first_child()) source_.Tell("the section `" + std::string(section.name()) + "`, which is unknown");
      section.parent().remove_child(section);
    }
  }

  // Takes what crmsh 4.4.1 has no way to say out of a section, whatever words one tries.
  void Unsayable(xml_node section) {
    // An element that is left out may take others with it: begin again each time.
    for (bool again = true; again;) {
      again = false;
      for (const xml_node element : section.children()) {
        const auto [found, why] = Unsayable1(element);
        if (!found) continue;
        source_.LeaveOut(found, why);
        again = true;
        break;
      }
    }
  }

  std::pair<xml_node, std::string> Unsayable1(xml_node element) const {
    const std::string_view tag = element.name();
    if (!AllFits(element)) return {element, kGarbled};
    if (IsResource(element)) {
      if (!IsCrmshName(element.attribute("id").value())) return {element, "has a name that crmsh does not take"};
      if (tag == "bundle" && !element.child("docker"))
        return {element, "is a bundle of another kind than docker, which crmsh 4.4 does not know"};
      for (const xml_node member : element.children()) {
        if (!IsResource(member)) continue;
        if (auto inner = Unsayable1(member); inner.first) return inner;
      }
      return {};
    }
    const bool named = tag.starts_with("rsc_") || tag == "tag" || tag == "acl_role" || tag == "alert";
    if (named && !IsCrmshName(element.attribute("id").value())) return {element, "has a name that crmsh does not take"};
    if (tag == "cluster_property_set" && element.attribute("score"))
      return {element, "is a set of options with a score, which crmsh 4.4 does not know"};
    if (tag == "meta_attributes" && !CrmshDefaults(source_, element, ""))
      return {element, "is a set of defaults that crmsh 4.4 has no words for"};
    return {};
  }

  // ---------------------------------------------------------------------- the text

  // False if something had to be left out: then what was written is of yesterday.
  bool Write() {
    for (const char* name : kSections) {
      const xml_node section = source_.Section(name);
      if (!section.first_child()) continue;
      if (std::string_view(name) == "fencing-topology") {
        if (!Statement(section)) return false;
        continue;
      }
      for (const xml_node element : Elements(section)) {
        if (!WithMembers(element)) return false;
      }
    }
    return true;
  }

  bool WithMembers(xml_node element) {
    if (IsResource(element)) {
      for (const xml_node member : element.children()) {
        if (IsResource(member) && !WithMembers(member)) return false;
      }
    }
    return Statement(element);
  }

  Said Words(xml_node element) const {
    const std::string_view section = element.parent().name();
    if (IsResource(element)) return CrmshResource(source_, element);
    if (section == "configuration") return CrmshFencing(source_, element);
    if (section == "nodes") return CrmshNode(source_, element);
    if (section == "constraints") return CrmshConstraint(source_, element);
    if (section == "tags") return CrmshTag(element);
    if (section == "acls") return CrmshAccess(source_, element);
    if (section == "alerts") return CrmshAlert(source_, element);
    const char* keyword = section == "crm_config"     ? "property"
                          : section == "rsc_defaults" ? "rsc_defaults"
                                                      : "op_defaults";
    return CrmshDefaults(source_, element, keyword);
  }

  How& HowOf(xml_node element) { return how_[element.hash_value()]; }

  bool Statement(xml_node element) {
    Said said;
    if (HowOf(element) == How::kWords) said = Words(element);
    if (!said) {
      HowOf(element) = How::kXml;
      said = Xml(element);
    }
    if (!said) {
      if (std::string_view(element.name()) != "fencing-topology") {
        source_.LeaveOut(element, "is more than crmsh 4.4 has words for");
        return false;
      }
      source_.Tell("the fencing levels, which are more than crmsh 4.4 has words for");
      source_.configuration().remove_child(element);
      return false;
    }
    if (!said->empty()) body_ += *said + '\n';
    return true;
  }

  // `xml <…>` on one line. crmsh takes the line apart as a shell would before it reads the XML.
  static Said Xml(xml_node element) {
    const std::string_view tag = element.name();
    if (tag == "meta_attributes") return std::nullopt;
    std::ostringstream out;
    element.print(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    return "xml " + out.str();
  }

  // Whether crmsh takes every text in the element for what it is; what it holds is asked for itself.
  static bool AllFits(xml_node element) {
    for (const xml_attribute attribute : element.attributes()) {
      if (!FitsCrmsh(attribute.value())) return false;
    }
    const auto children = element.children();
    return std::all_of(children.begin(), children.end(),
                       [](xml_node child) { return IsResource(child) || AllFits(child); });
  }

  // At the end, since crmsh puts comments before a statement into the CIB.
  static std::string Tail(const Exported& out) {
    std::string tail = "# for crmsh 4.4: crm configure load update FILE\n";
    const auto tell = [&](const std::string& front, const std::vector<std::string>& all) {
      for (std::string line : all) {
        std::replace_if(
            line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
        tail += "# " + front + line + '\n';
      }
    };
    tell("left out: ", out.left_out);
    tell("note: ", out.notes);
    return tail;
  }

  // ------------------------------------------------------------------ reading back

  // Whether the text says what the document says. If not, the elements that differ are said otherwise.
  bool ReadsBack() {
    pugi::xml_document read_cib;
    import::TextRead read;
    const auto as_it_is = [](const std::string& type) { return type; };
    import::ReadCrmshExactly(body_, as_it_is, read_cib, read);
    const auto wanted = import::NormalForm(source_.document()), got = import::NormalForm(read_cib);
    bool same = true;
    for (const char* section : kSections) {
      std::vector<const import::NormalElement*> left, right;
      for (const auto& element : wanted) {
        if (element.section == section) left.push_back(&element);
      }
      for (const auto& element : got) {
        if (element.section == section) right.push_back(&element);
      }
      const auto equal = [](const auto* a, const auto* b) { return a->text == b->text; };
      if (std::equal(left.begin(), left.end(), right.begin(), right.end(), equal)) continue;
      if (!Otherwise(section, left, right)) continue;
      same = false;
    }
    return same;
  }

  // False if there is nothing to be said otherwise: all is there, in another order.
  bool Otherwise(const char* section, const std::vector<const import::NormalElement*>& left,
                 const std::vector<const import::NormalElement*>& right) {
    const std::vector<xml_node> elements = Elements(source_.Section(section));
    std::multiset<std::string_view> counterparts;
    for (const auto* element : right) counterparts.insert(element->text);
    std::vector<xml_node> wrong;
    for (const auto* element : left) {
      const auto counterpart = counterparts.find(element->text);
      if (counterpart != counterparts.end())
        counterparts.erase(counterpart);
      else if (element->index < elements.size())
        wrong.push_back(elements[element->index]);
    }
    const bool levels = std::string_view(section) == "fencing-topology";
    if (levels) wrong = {source_.Section(section)};
    if (wrong.empty()) {
      const std::string what = std::string("the order of what is in `") + section + '`';
      if (std::find(source_.left_out().begin(), source_.left_out().end(), what) == source_.left_out().end())
        source_.Tell(what);
      return false;
    }
    bool any = false;
    for (const xml_node element : wrong) any = ByXml(element) || any;
    if (any) return true;
    if (levels) {
      source_.Tell("the fencing levels, which are more than crmsh 4.4 has words for");
      source_.configuration().remove_child(source_.Section(section));
      return true;
    }
    for (const xml_node element : wrong) {
      // What goes with another may be gone already.
      const auto now = Elements(source_.Section(section));
      if (std::find(now.begin(), now.end(), element) != now.end())
        source_.LeaveOut(element, "is more than crmsh 4.4 has words for");
    }
    return true;
  }

  // True if it, or something in it, was said in words until now.
  bool ByXml(xml_node element) {
    bool any = HowOf(element) == How::kWords;
    HowOf(element) = How::kXml;
    for (const xml_node member : element.children()) {
      if (IsResource(member)) any = ByXml(member) || any;
    }
    return any;
  }

  // crmsh makes all resources of a text at once, in the order of their kinds.
  void TellOrder() {
    static const std::map<std::string_view, int> rank = {{"template", 0}, {"primitive", 1}, {"bundle", 2},
                                                         {"group", 3},    {"clone", 4},     {"master", 4}};
    int last = 0;
    for (const xml_node resource : source_.Section("resources").children()) {
      const auto found = rank.find(resource.name());
      const int now = found == rank.end() ? 0 : found->second;
      if (now < last) {
        source_.Note(
            "crmsh puts resources in the order of their kinds (templates, primitives, bundles, groups, "
            "clones), not in "
            "that of the text; it decides who is placed first where priorities and scores are equal");
        return;
      }
      last = now;
    }
  }

  Source source_;
  std::map<std::size_t, How> how_;
  std::string body_;
};

}  // namespace

Exported ExportCrmsh(const pugi::xml_document& cib) {
  return CrmshExporter(cib).Run();
}

}  // namespace picket::compiler::exporting
