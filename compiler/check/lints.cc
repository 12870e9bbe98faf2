#include "compiler/check/lints.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

using Pair = std::pair<std::string, std::string>;

std::string TextOption(const std::vector<ast::Item>& items, std::string_view name) {
  for (const ast::Item& item : items) {
    const auto* option = std::get_if<ast::Option>(&item);
    if (option == nullptr || option->name.literal != name) continue;
    if (const auto* text = std::get_if<ast::Text>(&option->value.what)) return text->literal;
  }
  return "";
}

bool HasOption(const std::vector<ast::Option>& options, std::string_view name) {
  return std::any_of(options.begin(), options.end(),
                     [&](const ast::Option& option) { return option.name.literal == name; });
}

// The value of a pair anywhere in the plain lines and blocks of a resource.
bool Sets(const std::vector<ast::Item>& items, std::string_view name) {
  if (!TextOption(items, name).empty()) return true;
  for (const ast::Item& item : items) {
    const auto* block = std::get_if<ast::Attributes>(&item);
    if (block == nullptr) continue;
    if (HasOption(block->options, name)) return true;
    for (const ast::Pair& pair : block->pairs) {
      const auto* option = std::get_if<ast::Option>(&pair);
      if (option != nullptr && option->name.literal == name) return true;
    }
  }
  return false;
}

std::string PropertyValue(const std::vector<ast::Statement>& statements,
                          std::initializer_list<std::string_view> names) {
  std::string value;
  for (const ast::Statement& statement : statements) {
    const auto* defaults = std::get_if<ast::Defaults>(&statement.what);
    if (defaults == nullptr || defaults->block.kind.literal != "property" || defaults->block.when) {
      continue;
    }
    const auto look = [&](const ast::Option& option) {
      if (std::find(names.begin(), names.end(), option.name.literal) == names.end()) return;
      if (const auto* text = std::get_if<ast::Text>(&option.value.what)) value = text->literal;
    };
    for (const ast::Option& option : defaults->block.options) look(option);
    for (const ast::Pair& pair : defaults->block.pairs) {
      if (const auto* option = std::get_if<ast::Option>(&pair)) look(*option);
    }
  }
  return value;
}

class Linter {
 public:
  Linter(const std::vector<ast::Statement>& statements, const Symbols& symbols,
         Diagnostics& diagnostics)
      : statements_(statements), symbols_(symbols), diagnostics_(diagnostics) {}

  void Run() {
    HalfDependencies();
    ClonesThatDoNotInterleave();
    LonelySets();
    const auto fencing = AsBoolean(PropertyValue(statements_, {"fencing-enabled", "stonith-enabled"}));
    if (!fencing || *fencing) {
      NodesWithoutFencing();
      FencingRace();
    }
  }

 private:
  static const ast::Text* NameOf(const ast::Reference& reference) {
    return std::get_if<ast::Text>(&reference.what);
  }

  // W0207: placed together but not ordered. Only pairs of plain names are
  // looked at: in sets either half may well be meant alone. Nobody reads hints
  // on a policy with more than a million pairs.
  static constexpr std::size_t kPairsMax = 1000000;

  void HalfDependencies() {
    std::set<Pair> ordered;
    std::size_t pairs = 0;
    for (const ast::Statement& statement : statements_) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation == nullptr) continue;
      if (relation->keyword.literal != "order" && relation->keyword.literal != "depend") continue;
      std::vector<std::string> earlier;
      for (const ast::Reference& part : relation->parts) {
        std::vector<std::string> names = Names(part);
        pairs += earlier.size() * names.size();
        if (pairs > kPairsMax) return;
        for (const std::string& a : earlier) {
          for (const std::string& b : names) ordered.insert(std::minmax(a, b));
        }
        earlier.insert(earlier.end(), names.begin(), names.end());
      }
    }
    for (const ast::Statement& statement : statements_) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation == nullptr || relation->keyword.literal != "colocation") continue;
      if (HasOption(relation->options, "same")) continue;
      for (std::size_t i = 0; i + 1 < relation->parts.size(); ++i) {
        const ast::Text* left = NameOf(relation->parts[i]);
        const ast::Text* right = NameOf(relation->parts[i + 1]);
        if (left == nullptr || right == nullptr) continue;
        if (ordered.contains(std::minmax(left->literal, right->literal))) continue;
        const auto& role = relation->parts[i + 1].role;
        const std::string on = (role ? role->literal + ' ' : "") + right->literal;
        Diagnostic& warning = diagnostics_.Warning(
            "W0207", left->span, "`" + left->literal + "` is placed with `" + on +
                                     "`, but nothing orders them");
        warning.label = "both may start at once";
        warning.help.push_back("write `depend " + left->literal + " on " + on +
                               "`, which says both");
      }
    }
  }

  std::vector<std::string> Names(const ast::Reference& reference) const {
    std::vector<std::string> names;
    if (const ast::Text* name = NameOf(reference)) {
      names.push_back(name->literal);
    } else {
      for (const ast::Text& member : std::get<ast::Set>(reference.what).members) {
        names.push_back(member.literal);
      }
    }
    return names;
  }

  // W0403: who depends on a clone that does not interleave waits for all its
  // instances, on every node.
  void ClonesThatDoNotInterleave() {
    for (const ast::Statement& statement : statements_) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation == nullptr || relation->keyword.literal != "depend") continue;
      for (std::size_t i = 1; i < relation->parts.size(); ++i) {
        for (const std::string& name : Names(relation->parts[i])) {
          const Symbol* symbol = symbols_.Find(name);
          if (symbol == nullptr || symbol->kind != SymbolKind::kClone) continue;
          const auto* clone = std::get_if<ast::Members>(&symbol->statement->what);
          if (clone == nullptr || Sets(clone->items, "interleave")) continue;
          Diagnostic& warning =
              diagnostics_.Warning("W0403", relation->parts[i].span,
                                   "`" + name + "` does not interleave: this waits for it on "
                                   "every node");
          warning.others.push_back({symbol->span, "the clone"});
          warning.help.push_back("write `interleave=yes` in its braces, or `interleave=no` if "
                                 "that is meant");
        }
      }
    }
  }

  // W0405: one unordered set without a partner says nothing.
  void LonelySets() {
    for (const ast::Statement& statement : statements_) {
      const auto* relation = std::get_if<ast::Relation>(&statement.what);
      if (relation == nullptr || relation->parts.size() != 1) continue;
      const std::string& keyword = relation->keyword.literal;
      const auto* set = std::get_if<ast::Set>(&relation->parts[0].what);
      if ((keyword != "colocation" && keyword != "order") || set == nullptr || set->ordered ||
          set->from || HasOption(relation->options, "kind") || HasOption(set->options, "sequential")) {
        continue;
      }
      diagnostics_.Warning("W0405", relation->parts[0].span, "a set in braces alone does nothing")
          .help.push_back("write `[…]` if each needs the one before it");
    }
  }

  // E0211: a node that nothing can fence.
  void NodesWithoutFencing() {
    std::set<std::string> covered;
    bool universal = false;
    for (const ast::Statement& statement : statements_) {
      if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) {
        if (fence->hosts.empty()) universal = true;
        for (const ast::Host& host : fence->hosts) covered.insert(host.name.literal);
      } else if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) {
        if (primitive->source.name.literal.starts_with("stonith:")) universal = true;
      } else if (const auto* fencing = std::get_if<ast::Fencing>(&statement.what)) {
        if (const auto* name = std::get_if<ast::Text>(&fencing->target)) {
          covered.insert(name->literal);
        } else {
          universal = true;  // Who a pattern or an attribute means is known at run time.
        }
      } else if (const auto* xml = std::get_if<ast::Xml>(&statement.what)) {
        if (xml->content.literal.find("stonith") != std::string::npos) universal = true;
      }
    }
    if (universal) return;
    // One message for all of them: one device may be what they lack.
    std::vector<const ast::Node*> bare;
    for (const std::string& name : symbols_.nodes()) {
      const auto& node = std::get<ast::Node>(symbols_.FindNode(name)->what);
      if (!node.kind && !covered.contains(name)) bare.push_back(&node);
    }
    if (bare.empty()) return;
    const std::string& name = bare[0]->name.literal;
    Diagnostic& error = diagnostics_.Error(
        "E0211", bare[0]->name.span,
        "nothing can fence `" + name + "`" +
            (bare.size() > 1 ? " and " + std::to_string(bare.size() - 1) + " more nodes" : ""));
    for (std::size_t i = 1; i < bare.size() && i <= 8; ++i) {
      error.others.push_back({bare[i]->name.span, "nor this one"});
    }
    error.help.push_back("write `fence DEVICE stonith:AGENT for " + name + " { … }`, or `fencing " + name +
                         ": none \"reason\"`");
  }

  // W0402: two nodes that shoot each other at the same moment.
  void FencingRace() {
    std::vector<const ast::Node*> members;
    for (const std::string& name : symbols_.nodes()) {
      const auto& node = std::get<ast::Node>(symbols_.FindNode(name)->what);
      if (!node.kind) members.push_back(&node);
    }
    if (members.size() != 2) return;
    const ast::Fence* first = nullptr;
    for (const ast::Statement& statement : statements_) {
      const auto* fence = std::get_if<ast::Fence>(&statement.what);
      if (fence == nullptr) continue;
      if (first == nullptr) first = fence;
      for (const char* delay : {"pcmk_delay_base", "pcmk_delay_max", "delay"}) {
        if (Sets(fence->items, delay)) return;
      }
    }
    if (first == nullptr) return;
    if (!PropertyValue(statements_, {"priority-fencing-delay"}).empty()) return;
    diagnostics_
        .Warning("W0402", first->name.span,
                 "two nodes, and no fence device has a delay: both nodes may fence each other")
        .help.push_back("write `pcmk_delay_base = 5s` in the device that fences the node which "
                        "should win");
  }

  const std::vector<ast::Statement>& statements_;
  const Symbols& symbols_;
  Diagnostics& diagnostics_;
};

}  // namespace

void CheckLints(const std::vector<ast::Statement>& statements, const Symbols& symbols,
                Diagnostics& diagnostics) {
  Linter(statements, symbols, diagnostics).Run();
}

void DropAllowed(const std::vector<ast::Comment>& comments, const SourceMap& sources,
                 Diagnostics& diagnostics) {
  // (file, line, code) of every comment that allows something.
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::string>> allowed;
  for (const ast::Comment& comment : comments) {
    std::string_view text = comment.text;
    const std::size_t word = text.find("allow W");
    if (word == std::string_view::npos) continue;
    const std::string_view code = text.substr(word + 6, 5);
    const std::size_t colon = word + 11;
    const bool reason = colon < text.size() && text[colon] == ':' &&
                        text.find_first_not_of(' ', colon + 1) != std::string_view::npos;
    if (reason) {
      allowed.emplace(comment.span.file, sources.PlaceOf(comment.span).line, std::string(code));
    }
  }
  if (allowed.empty()) return;
  auto& list = diagnostics.list();
  list.erase(std::remove_if(list.begin(), list.end(),
                            [&](const Diagnostic& d) {
                              return d.severity == Severity::kWarning &&
                                     allowed.contains({d.span.file, sources.PlaceOf(d.span).line,
                                                       std::string(d.code)});
                            }),
             list.end());
}

}  // namespace picket::compiler
