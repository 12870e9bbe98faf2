// Words of a command of pcs, and plain handling of elements, for all rooms of `pcs_*`.
#pragma once

#include <initializer_list>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace picket::compiler::import::pcs {

using Words = std::vector<std::string>;
using Sections = std::map<std::string, Words>;

/// `NAME=VALUE`; an `=` at the beginning makes no pair.
bool IsPair(const std::string& word);
std::string NameOf(const std::string& pair);
std::string ValueOf(const std::string& pair);

/// A role as pcs 0.11 writes it: `master` gives Promoted. Empty for a word that names no role.
std::string RoleOf(std::string word);

/// Without the characters that no id of XML has.
std::string AsXmlId(const std::string& wanted);

/// The words of a list, at any of the characters of `between`.
Words Names(const std::string& list, const char* between);

/// The words from there on; none if there are fewer.
Words From(const Words& words, std::size_t at);

/// Whether the words begin so.
bool Is(const Words& words, std::initializer_list<const char*> begin);

/// What stands behind each keyword; what stands before the first is behind "". A keyword twice: one list.
Sections Split(const Words& words, std::size_t from, const std::set<std::string>& keywords);

std::string IdOf(pugi::xml_node element);
std::string_view TagOf(pugi::xml_node element);

/// The element with that id somewhere below; null without one.
pugi::xml_node Find(pugi::xml_node parent, const std::string& id);

/// The child with that tag, made where it is missing.
pugi::xml_node Child(pugi::xml_node parent, const char* tag);

/// The attribute of that name, made where it is missing.
pugi::xml_attribute Attribute(pugi::xml_node element, const char* name);
void SetId(pugi::xml_node element, const std::string& id);

/// Sets a pair of a block; an empty value takes the pair away.
void Pair(pugi::xml_node block, const std::string& name, const std::string& value);

}  // namespace picket::compiler::import::pcs
