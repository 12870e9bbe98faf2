// A small tree for XML that is written, never read: the result of `simulate --output-as=xml` (spec 06 §14).
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "solver/model/table.h"

namespace picket::simulator {

struct XmlElement {
  std::string name;
  solver::Attributes attributes;
  std::string text;
  std::deque<XmlElement> children;  // a child stays where it is while others are added

  explicit XmlElement(std::string_view element) : name(element) {}

  XmlElement& Add(std::string_view element) { return children.emplace_back(element); }
  XmlElement& Set(std::string_view attribute, std::string_view value) {
    attributes.emplace_back(attribute, value);
    return *this;
  }
  XmlElement& SetFlag(std::string_view attribute, bool value) { return Set(attribute, value ? "true" : "false"); }
  XmlElement& SetNumber(std::string_view attribute, int64_t value) { return Set(attribute, std::to_string(value)); }
  // Nothing if the value is empty.
  XmlElement& SetIfAny(std::string_view attribute, std::string_view value) {
    return value.empty() ? *this : Set(attribute, value);
  }
};

// Two blanks of indentation for each level, no declaration, a newline at the end.
std::string XmlText(const XmlElement& root);

}  // namespace picket::simulator
