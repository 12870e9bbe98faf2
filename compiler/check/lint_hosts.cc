#include <algorithm>
#include <cctype>
#include <set>

#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"
#include "compiler/diagnostics/nearest.h"

// W0460: names of nodes in the parameters of agents. Pacemaker and the agents take them as text, and a name
// that no node has is never met.
namespace picket::compiler {
namespace {

// How a parameter holds the names of nodes.
struct Form {
  const char* between;  ///< What parts the entries.
  const char* after;    ///< What ends the name in an entry; empty: the whole entry is the name.
};

// The parameters, by name; of every agent that has one so called.
const Form* FormOf(const std::string& name) {
  static constexpr Form kList = {" ,;\t", ""}, kMap = {" ;\t", ":="}, kHosts = {";", ":"};
  if (name == "pcmk_host_list" || name == "hostlist" || name == "node_list") return &kList;
  if (name == "pcmk_host_map" || name == "pcmk_delay_base") return &kMap;
  if (name == "cluster_host_map") return &kHosts;
  return nullptr;
}

bool SameLetters(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

class HostLinter {
 public:
  HostLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Items(const std::vector<ast::Item>& items) {
    for (const ast::Item& item : items) {
      if (const auto* option = std::get_if<ast::Option>(&item)) One(*option);
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block == nullptr || block->kind.literal != "params") continue;
      ForEachOption(*block, [&](const ast::Option& option) { One(option); });
    }
  }

 private:
  void One(const ast::Option& option) {
    const Form* form = FormOf(option.name.literal);
    const ast::Text* text = TextOf(option);
    if (form == nullptr || text == nullptr || text->literal.find('$') != std::string::npos) return;
    const std::string& value = text->literal;
    const bool map = *form->after != '\0';
    for (std::size_t at = 0; at < value.size();) {
      std::size_t end = std::min(value.find_first_of(form->between, at), value.size());
      const std::string_view entry = std::string_view(value).substr(at, end - at);
      const std::size_t stop = map ? entry.find_first_of(form->after) : entry.size();
      // Without a name in front, a delay is for all nodes.
      if (!entry.empty() && stop != std::string_view::npos) Name(option, std::string(entry.substr(0, stop)));
      at = end + 1;
    }
  }

  void Name(const ast::Option& option, const std::string& name) {
    const Symbols& symbols = view_.symbols();
    if (name.empty() || symbols.IsNode(name)) return;
    for (const std::string& node : symbols.nodes()) {
      if (SameLetters(node, name) && option.name.literal.starts_with("pcmk_")) return;  // Compared so.
    }
    Diagnostic& warning =
        diagnostics_.Warning("W0460", option.value.span, "`" + name + "` in `" + option.name.literal + "` is no node");
    const auto meant = Nearest(name, symbols.nodes());
    if (meant) {
      warning.help.push_back("did you mean `" + *meant + "`?");
      return;
    }
    std::string list;
    for (std::size_t i = 0; i < symbols.nodes().size() && i < 8; ++i) {
      list += (i > 0 ? ", `" : "`") + symbols.nodes()[i] + '`';
    }
    warning.help.push_back("the nodes are " + list);
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
};

}  // namespace

void LintHosts(const PolicyView& view, Diagnostics& diagnostics) {
  if (view.symbols().nodes().empty()) return;
  HostLinter linter(view, diagnostics);
  for (const ast::Statement& statement : view.statements()) {
    if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) linter.Items(primitive->items);
    if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) linter.Items(fence->items);
    if (const auto* members = std::get_if<ast::Members>(&statement.what)) linter.Items(members->items);
  }
}

}  // namespace picket::compiler
