#include "compiler/import/pcs_words.h"

#include <algorithm>

namespace picket::compiler::import::pcs {

using pugi::xml_node;

namespace {

std::size_t EqualIn(const std::string& word) {
  const std::size_t equal = word.find('=');
  return equal == 0 ? std::string::npos : equal;
}

}  // namespace

bool IsPair(const std::string& word) {
  return EqualIn(word) != std::string::npos;
}

std::string NameOf(const std::string& pair) {
  return pair.substr(0, EqualIn(pair));
}

std::string ValueOf(const std::string& pair) {
  return pair.substr(EqualIn(pair) + 1);
}

std::string IdOf(xml_node element) {
  return element.attribute("id").value();
}

std::string RoleOf(std::string word) {
  static const std::map<std::string, std::string> roles = {{"promoted", "Promoted"}, {"unpromoted", "Unpromoted"},
                                                           {"started", "Started"},   {"stopped", "Stopped"},
                                                           {"master", "Promoted"},   {"slave", "Unpromoted"}};
  for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const auto found = roles.find(word);
  return found == roles.end() ? std::string() : found->second;
}

std::string AsXmlId(const std::string& wanted) {
  std::string id;
  for (const char c : wanted) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool other = (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (letter || (other && !id.empty())) id += c;
  }
  return id;
}

std::string_view TagOf(xml_node element) {
  return element.name();
}

Words Names(const std::string& list, const char* between) {
  Words names;
  for (std::size_t at = list.find_first_not_of(between); at != std::string::npos;) {
    const std::size_t end = list.find_first_of(between, at);
    names.push_back(list.substr(at, end == std::string::npos ? end : end - at));
    at = list.find_first_not_of(between, end == std::string::npos ? list.size() : end);
  }
  return names;
}

Words From(const Words& words, std::size_t at) {
  return at < words.size() ? Words(words.begin() + static_cast<std::ptrdiff_t>(at), words.end()) : Words();
}

bool Is(const Words& words, std::initializer_list<const char*> begin) {
  return words.size() >= begin.size() && std::equal(begin.begin(), begin.end(), words.begin());
}

Sections Split(const Words& words, std::size_t from, const std::set<std::string>& keywords) {
  Sections parts;
  std::string current;
  for (std::size_t i = from; i < words.size(); ++i) {
    if (keywords.contains(words[i])) {
      current = words[i];
      parts[current];
    } else {
      parts[current].push_back(words[i]);
    }
  }
  return parts;
}

xml_node Find(xml_node parent, const std::string& id) {
  return parent.find_node([&](xml_node node) { return id == node.attribute("id").value(); });
}

xml_node Child(xml_node parent, const char* tag) {
  const xml_node found = parent.child(tag);
  return found ? found : parent.append_child(tag);
}

pugi::xml_attribute Attribute(xml_node element, const char* name) {
  const pugi::xml_attribute found = element.attribute(name);
  return found ? found : element.append_attribute(name);
}

void SetId(xml_node element, const std::string& id) {
  if (!element.attribute("id")) element.append_attribute("id");
  element.attribute("id") = id.c_str();
}

void Pair(xml_node block, const std::string& name, const std::string& value) {
  xml_node pair = block.find_child_by_attribute("nvpair", "name", name.c_str());
  if (value.empty()) {
    block.remove_child(pair);
    return;
  }
  if (!pair) {
    pair = block.append_child("nvpair");
    pair.append_attribute("id") = (IdOf(block) + '-' + name).c_str();
    pair.append_attribute("name") = name.c_str();
    pair.append_attribute("value");
  }
  pair.attribute("value") = value.c_str();
}

}  // namespace picket::compiler::import::pcs
