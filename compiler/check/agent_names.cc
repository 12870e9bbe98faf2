// How agents are named: in full, with class and provider.
#include <algorithm>

#include "compiler/check/agent_report.h"
#include "compiler/diagnostics/nearest.h"

namespace picket::compiler {
namespace {

class AgentNames {
 public:
  AgentNames(const agents::Lock* lock, Diagnostics& diagnostics) : lock_(lock), diagnostics_(diagnostics) {}

  void operator()(const ast::Primitive& node) { Check(node.source); }
  void operator()(const ast::Fence& node) { Check(node.source); }
  void operator()(const ast::Bundle& node) {
    for (const ast::BundleItem& item : node.items) {
      if (const auto* member = std::get_if<ast::BundlePrimitive>(&item)) Check(member->primitive.source);
    }
  }
  template <class Other>
  void operator()(const Other&) {}

 private:
  void Check(const ast::Source& source) {
    if (source.is_template) return;
    const std::string& word = source.name.literal;
    const std::size_t first = word.find(':');
    if (first == std::string::npos) {
      Short(source.name);
      return;
    }
    const std::string kind = word.substr(0, first);
    static const std::vector<std::string> known = {"ocf",     "stonith", "systemd", "lsb",
                                                   "service", "upstart", "nagios",  "heartbeat"};
    if (std::find(known.begin(), known.end(), kind) == known.end()) {
      diagnostics_.Error("E0205", source.name.span, "`" + kind + "` is not a class of agents")
          .help.push_back("classes are ocf, stonith, systemd, lsb and service");
      return;
    }
    const std::string rest = word.substr(first + 1);
    if (kind != "ocf") return;
    const std::size_t second = rest.find(':');
    if (second != std::string::npos && second > 0 && second + 1 < rest.size()) return;
    Diagnostic& error = diagnostics_.Error("E0205", source.name.span, "an ocf agent is named with its provider");
    if (rest.starts_with(":") && rest.size() > 1) {  // crmsh's and heartbeat's spelling.
      const std::string inner = rest.substr(1);
      if (inner.find(':') != std::string::npos) {
        error.help.push_back("write `ocf:" + inner + "`, with one colon");
        return;
      }
    }
    std::vector<std::string> names = FullNames(rest.substr(rest.rfind(':') + 1), "ocf:");
    if (names.empty()) names.push_back("ocf:heartbeat:" + rest);
    error.help.push_back("as in " + ListOf(names, "or"));
  }

  // `IPaddr2`: which full names end so?
  void Short(const ast::Text& name) {
    const std::string& word = name.literal;
    const bool full = diagnostics_.IsFull();
    Diagnostic& error = diagnostics_.Error("E0205", name.span, "`" + word + "` is not a full agent name");
    if (full) return;
    if (const std::vector<std::string> names = FullNames(word, ""); !names.empty()) {
      error.help.push_back("write " + ListOf(names, "or"));
      return;
    }
    error.help.push_back(word.starts_with("fence_")
                             ? "write its class too: `stonith:" + word + "`"
                             : "write its class too, as in `ocf:heartbeat:" + word + "` or `systemd:" + word + "`");
    if (lock_ == nullptr) return;
    std::vector<std::string> types;
    for (const auto& [known, agent] : lock_->agents) types.emplace_back(agents::TypeOf(known));
    if (const auto nearest = Nearest(word, types)) {
      error.help.back() = "did you mean " + ListOf(FullNames(*nearest, ""), "or") + "?";
    }
  }

  std::vector<std::string> FullNames(std::string_view type, std::string_view prefix) const {
    std::vector<std::string> names;
    if (lock_ == nullptr) return names;
    for (const auto& [known, agent] : lock_->agents) {
      const bool full = known.starts_with(prefix) && known.find(':') != std::string::npos;
      if (full && SameLetters(agents::TypeOf(known), type)) names.push_back(known);
    }
    return names;
  }

  static bool SameLetters(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  }

  const agents::Lock* lock_;
  Diagnostics& diagnostics_;
};

}  // namespace

void CheckAgentNames(const std::vector<ast::Statement>& statements, const agents::Lock* lock,
                     Diagnostics& diagnostics) {
  AgentNames names(lock, diagnostics);
  for (const ast::Statement& statement : statements) std::visit(names, statement.what);
}

}  // namespace picket::compiler
