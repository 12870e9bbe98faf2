#include "compiler/check/unit_names.h"

#include <algorithm>
#include <string>
#include <variant>

#include "solver/model/unit_name.h"

namespace picket::compiler {
namespace {

constexpr std::string_view kClass = "systemd:";

class UnitNames {
 public:
  explicit UnitNames(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void operator()(const ast::Primitive& node) { Check(node.source); }
  void operator()(const ast::Bundle& node) {
    for (const ast::BundleItem& item : node.items) {
      if (const auto* member = std::get_if<ast::BundlePrimitive>(&item)) Check(member->primitive.source);
    }
  }
  template <class Other>
  void operator()(const Other&) {}

 private:
  void Check(const ast::Source& source) {
    const std::string& word = source.name.literal;
    if (source.is_template || !word.starts_with(kClass)) return;
    const std::string unit = word.substr(kClass.size());
    if (!solver::UnitName(unit).empty()) return;
    Diagnostic& error =
        diagnostics_.Error("E0240", source.name.span, "systemd can have no unit of the name `" + unit + "`");
    if (const std::string likely = Likely(unit); !likely.empty()) {
      error.help.push_back("did you mean `" + std::string(kClass) + likely + "`?");
    } else if (unit.ends_with('@') || unit.find("@.") != std::string::npos) {
      error.help.push_back("that is a template: name the instance after the `@`");
    } else {
      error.help.push_back("units are named with letters, digits and `:-_.\\@`, as `systemctl list-units` shows them");
    }
  }

  // A comma for a dot is a slip of the finger; a path is written with dashes.
  static std::string Likely(std::string unit) {
    std::replace(unit.begin(), unit.end(), ',', '.');
    std::replace(unit.begin(), unit.end(), '/', '-');
    return solver::UnitName(unit).empty() ? std::string() : unit;
  }

  Diagnostics& diagnostics_;
};

}  // namespace

void CheckUnitNames(const std::vector<ast::Statement>& statements, Diagnostics& diagnostics) {
  UnitNames names(diagnostics);
  for (const ast::Statement& statement : statements) std::visit(names, statement.what);
}

}  // namespace picket::compiler
