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
  static constexpr Form kList = {" ,;\t", ""}, kMap = {" ;\t", ":="}, kHosts = {";", ":"}, kMembers = {" ,", ""};
  if (name == "pcmk_host_list" || name == "hostlist" || name == "node_list") return &kList;
  if (name == "pcmk_host_map" || name == "pcmk_delay_base") return &kMap;
  if (name == "cluster_host_map") return &kHosts;
  if (name == "wsrep_cluster_address") return &kMembers;
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
    maps_ = false;
    list_ = map_ = nullptr;
    ForEach(items, [&](const ast::Option& option) {
      maps_ = maps_ || option.name.literal == "cluster_host_map";
      if (option.name.literal == "pcmk_host_list") list_ = &option;
      if (option.name.literal == "pcmk_host_map") map_ = &option;
    });
    ForEach(items, [&](const ast::Option& option) { One(option); });
    if (list_ != nullptr && map_ != nullptr) Unmapped();
  }

  // `auto_tie_breaker_node=7`: the number of a node.
  void TieBreaker() {
    const auto setting = view_.ClusterOption("quorum", "auto_tie_breaker_node");
    if (!setting || setting->value == "lowest" || setting->value == "highest") return;
    std::set<std::string> ids;
    for (const ast::Node* node : view_.members()) {
      for (const ast::Item& item : node->items) {
        const auto* option = std::get_if<ast::Option>(&item);
        const ast::Text* text = option != nullptr && option->name.literal == "id" ? TextOf(*option) : nullptr;
        if (text != nullptr) ids.insert(text->literal);
      }
    }
    for (std::size_t at = 0; at < setting->value.size();) {
      const std::size_t end = std::min(setting->value.find_first_of(" ,", at), setting->value.size());
      const std::string id = setting->value.substr(at, end - at);
      at = end + 1;
      if (id.empty() || ids.contains(id)) continue;
      Diagnostic& warning = diagnostics_.Warning("W0460", setting->span,
                                                 "`" + id + "` in `auto_tie_breaker_node` is the `id` of no node");
      warning.help.push_back("write the `id` of a node, `lowest` or `highest`");
    }
  }

 private:
  template <class Visit>
  static void ForEach(const std::vector<ast::Item>& items, Visit visit) {
    for (const ast::Item& item : items) {
      if (const auto* option = std::get_if<ast::Option>(&item)) visit(*option);
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->kind.literal == "params") ForEachOption(*block, visit);
    }
  }

  // `n1:vm1,n2:vm2`: a comma parts the plugs of one node.
  void Separators(const ast::Option& option, const std::string& value) {
    for (std::size_t comma = value.find(','); comma != std::string::npos; comma = value.find(',', comma + 1)) {
      const std::size_t first = value.find_first_not_of(" \t", comma + 1);
      if (first == std::string::npos) return;
      const std::size_t stop = value.find_first_of(":=", first);
      if (stop == std::string::npos || !view_.symbols().IsNode(value.substr(first, stop - first))) continue;
      std::string better = value;
      std::replace(better.begin(), better.end(), ',', ';');
      std::replace(better.begin(), better.end(), '=', ':');
      Diagnostic& warning = diagnostics_.Warning(
          "W0460", option.value.span, "a comma parts the plugs of one node in `pcmk_host_map`, not the nodes");
      warning.label = "only the first node is mapped";
      warning.help.push_back("write `pcmk_host_map = \"" + better + "\"`");
      return;
    }
  }

  // In the list, and not in the map: the device is asked for the node by a name that it may not know.
  void Unmapped() {
    const ast::Text *list = TextOf(*list_), *map = TextOf(*map_);
    if (list == nullptr || map == nullptr) return;
    for (std::size_t at = 0; at < list->literal.size();) {
      const std::size_t end = std::min(list->literal.find_first_of(" ,;\t", at), list->literal.size());
      const std::string name = list->literal.substr(at, end - at);
      at = end + 1;
      if (name.empty() || !view_.symbols().IsNode(name)) continue;
      if ((' ' + map->literal).find(' ' + name + ':') != std::string::npos ||
          (';' + map->literal).find(';' + name + ':') != std::string::npos ||
          map->literal.find(name + '=') != std::string::npos)
        continue;
      Diagnostic& warning = diagnostics_.Warning("W0460", list_->value.span,
                                                 "`pcmk_host_map` does not say what the device calls `" + name + "`");
      warning.label = "it is asked for `" + name + "` by that name";
      warning.others.push_back({map_->value.span, "the map"});
      warning.help.push_back("add `" + name + ":PLUG` to the map");
    }
  }

  void One(const ast::Option& option) {
    const Form* form = FormOf(option.name.literal);
    const ast::Text* text = TextOf(option);
    if (form == nullptr || text == nullptr || text->literal.find('$') != std::string::npos) return;
    std::string value = text->literal;
    // The agent looks for the names of nodes there, unless a map says whose name is whose.
    if (option.name.literal == "wsrep_cluster_address") {
      if (!value.starts_with("gcomm://") || maps_) return;
      value = value.substr(8, value.find('?') == std::string::npos ? std::string::npos : value.find('?') - 8);
    }
    if (option.name.literal == "pcmk_host_map") Separators(option, value);
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
  bool maps_ = false;  // A map of the resource says whose name is whose.
  const ast::Option *list_ = nullptr, *map_ = nullptr;
};

}  // namespace

void LintHosts(const PolicyView& view, Diagnostics& diagnostics) {
  if (view.symbols().nodes().empty()) return;
  HostLinter linter(view, diagnostics);
  linter.TieBreaker();
  for (const ast::Statement& statement : view.statements()) {
    if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) linter.Items(primitive->items);
    if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) linter.Items(fence->items);
    if (const auto* members = std::get_if<ast::Members>(&statement.what)) linter.Items(members->items);
  }
}

}  // namespace picket::compiler
