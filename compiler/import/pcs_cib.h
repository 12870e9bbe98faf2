// The CIB that commands of pcs fill, and what all of them need: sections, ids, pairs, names, faults by line.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "compiler/import/pcs_lines.h"
#include "compiler/import/pcs_words.h"
#include "compiler/import/text_read.h"

namespace picket::compiler::import::pcs {

class PcsCib {
 public:
  /// Puts an empty CIB into the document. Both have to outlive this.
  PcsCib(const AgentResolver& resolve, pugi::xml_document& cib, TextRead& read);

  /// From here on faults are those of this command, and options are its options.
  void Begin(const PcsCommand& command);

  /// Keeps what there is now; `Restore` goes back to it.
  void Remember();
  void Restore();

  /// At the end: hosts of fence devices become nodes, except those that a resource makes; names that nothing
  /// has become faults.
  void Finish();

  void Fault(const std::string& what);
  void Skip(const std::string& what);

  pugi::xml_node Section(const char* name);
  /// A new element; a fault if something has the id already.
  pugi::xml_node Element(const char* section, const char* tag, const std::string& id);
  /// An id that nothing has yet.
  std::string Unused(const std::string& wanted);
  /// A primitive, group, clone or bundle; a fault, and null, without one.
  pugi::xml_node Resource(const std::string& id);
  /// A node that a command names; none of the commands lists them.
  pugi::xml_node Node(const std::string& name);

  bool HasOption(const std::string& name) const;
  /// `--group=g`: what stands behind the sign; empty without the option.
  std::string OptionValue(const std::string& name) const;

  /// A resource by that name has to be there at the end.
  void Refer(const std::string& name);
  /// Nothing speaks of that resource any more.
  void Forget(const std::string& name);

  /// Pairs into the plain block of that kind; what is there already changes, and goes away if the value is
  /// empty. `id` is that of the block, if it is not the usual one.
  void Pairs(pugi::xml_node owner, const char* tag, const Words& words, const std::string& id = "");
  void Attributes(pugi::xml_node element, const Words& words);
  pugi::xml_node Rule(pugi::xml_node parent, const std::string& id, const std::string& score, const Words& conditions);

  const AgentResolver& resolve;

 private:
  struct Reference {
    std::size_t line;
    std::string name;
  };

  void Unknown(const std::string& name);
  void NodesOfHosts();

  pugi::xml_document& cib_;
  TextRead& read_;
  pugi::xml_node configuration_;
  const Words* options_ = nullptr;
  std::size_t line_ = 0;
  std::vector<Reference> references_, remembered_references_;
  pugi::xml_document remembered_cib_;
};

}  // namespace picket::compiler::import::pcs
