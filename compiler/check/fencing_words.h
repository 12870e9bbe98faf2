// What a policy says of fencing that its CIB does not say.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/check/policy_view.h"

namespace picket::compiler {

struct FencingWords {
  std::vector<std::pair<std::string, Span>> members;
  /// `fencing NODE: none "reason"`, each as the attributes of a level.
  std::vector<std::vector<std::pair<std::string, std::string>>> unfenced;
  /// A name that does not exist may have meant any node or device.
  bool names_are_known = true;
};

FencingWords FencingWordsOf(const PolicyView& view);

}  // namespace picket::compiler
