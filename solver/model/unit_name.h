// The full name of a systemd unit, as systemd takes it; what it cannot take is no name of anything.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace picket::solver {

// Without a suffix that says what kind it is, the unit is a service. Empty if systemd can have no unit of
// that name (man 5 systemd.unit: letters, digits and `:-_.\@`, at most 255 in all; an instance after the
// first `@`, which is not in the first place). `name@` alone is a template, of which nothing runs.
inline std::string UnitName(std::string_view type) {
  constexpr std::string_view kSuffixes[] = {".service",   ".socket", ".target", ".device", ".mount", ".swap",
                                            ".automount", ".timer",  ".path",   ".slice",  ".scope"};
  constexpr size_t kUnitNameMax = 255;
  const bool sound = std::all_of(type.begin(), type.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(":-_.\\@").find(c) != std::string_view::npos;
  });
  if (!sound) return {};
  const auto suffix = std::find_if(std::begin(kSuffixes), std::end(kSuffixes), [&](std::string_view each) {
    return type.ends_with(each) && type.size() > each.size();
  });
  const bool whole = suffix != std::end(kSuffixes);
  const std::string_view stem = whole ? type.substr(0, type.size() - suffix->size()) : type;
  const std::string name = std::string(type) + (whole ? "" : ".service");
  const size_t at = stem.find('@');
  if (stem.empty() || name.size() > kUnitNameMax || at == 0 || at == stem.size() - 1) return {};
  return name;
}

}  // namespace picket::solver
