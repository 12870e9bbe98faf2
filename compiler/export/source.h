// The configuration that is exported, and what had to be left out of it. Both exporters begin here: they
// take what their tool cannot say out of the document, and say the rest.
#pragma once

#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::exporting {

class Source {
 public:
  /// A copy of the CIB in the spelling of Pacemaker 2.1, which crmsh and pcs of that time know: old schemas
  /// upgraded, options by their names of 2.1, without what a running cluster writes itself.
  explicit Source(const pugi::xml_document& cib);

  pugi::xml_document& document() { return document_; }
  pugi::xml_node configuration() const { return document_.document_element().child("configuration"); }
  pugi::xml_node Section(const char* name) const { return configuration().child(name); }
  const std::vector<std::string>& left_out() const { return left_out_; }
  const std::vector<std::string>& notes() const { return notes_; }
  void Note(std::string what) { notes_.push_back(std::move(what)); }

  /// Whether something refers to the element by its id, so that it has to keep it.
  bool IsReferenced(pugi::xml_node element) const;

  /// Takes an element out, with what refers to it or would be empty without it. `why` goes behind the
  /// element's name.
  void LeaveOut(pugi::xml_node element, const std::string& why);
  /// Takes an attribute or a pair of `owner` out, which stays. `what` is the whole sentence.
  void Tell(std::string what);

  /// Takes out the pairs and descriptions in `root` whose text does not fit what the tool can hold; true if
  /// there were any.
  bool LeaveOutText(pugi::xml_node root, bool (*fits)(std::string_view text), const std::string& why);

 private:
  void Forget(const std::set<std::string>& ids, const std::string& cause);
  void ForgetUses();
  void DropAsCause(pugi::xml_node element, const std::string& cause, std::set<std::string>& gone);

  pugi::xml_document document_;
  std::set<std::string> referenced_;
  std::vector<std::string> left_out_, notes_;
};

/// "`web`" or, of an element without an id, "an element `tag`".
std::string NameOf(pugi::xml_node element);

/// The value of its `id`; empty if it has none.
std::string IdOf(pugi::xml_node element);

/// primitive, template, group, clone, bundle.
bool IsResource(pugi::xml_node element);

}  // namespace picket::compiler::exporting
