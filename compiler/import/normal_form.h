// The form in which two configurations are compared: what differs in it may
// make a difference to a cluster, what was taken away does not.
//
// It is what "nothing is lost" is measured by: a policy made out of a CIB has
// to compile to something with the same normal form. Gone are the ids of
// inner elements to which nothing refers, defaults that are spelled out,
// empty blocks, the order of attributes and of pairs in a block, and what
// readers of a CIB ignore; old spellings have become the current ones.
// docs/import.md has the list. What is left stays in document order.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::import {

/// The normal form of a CIB's `configuration`: a section's name and each of its
/// elements as a line of text, in order. Sections without elements are left out.
struct NormalElement {
  std::string section;
  std::string text;
  std::size_t index = 0;  ///< Which of the section's elements it comes from; not compared.

  friend bool operator==(const NormalElement& a, const NormalElement& b) {
    return a.section == b.section && a.text == b.text;
  }
};

/// Elements of one section stay in order; sections come sorted by name.
std::vector<NormalElement> NormalForm(const pugi::xml_document& document);

/// The name that a cluster option has today: `stonith-enabled` and
/// `crmd-transition-delay` are old ones. Nothing if it is one that Pacemaker's
/// own upgrade drops.
std::string CurrentOption(std::string_view name);

/// Whether a pair of cluster options is what a running cluster writes there, and nobody configures: its version, its
/// stack, whether there is a watchdog (which counts where `stonith-watchdog-timeout` is set).
bool IsState(pugi::xml_node set, pugi::xml_node pair);

/// Ids that something in the document refers to by id-ref.
std::vector<std::string> ReferencedIds(const pugi::xml_document& document);

}  // namespace picket::compiler::import
