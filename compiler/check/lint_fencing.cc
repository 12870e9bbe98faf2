#include <algorithm>
#include <map>
#include <set>

#include <regex.h>

#include "compiler/check/lint_families.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

constexpr std::size_t kPatternMax = 200;
constexpr std::size_t kOthersMax = 8;

// Does a pattern match a name? Nothing if that is not easily told: a pattern
// with repetition counts may take any amount of memory.
std::optional<bool> Matches(const std::string& pattern, const std::string& name) {
  if (pattern.size() > kPatternMax || pattern.find('{') != std::string::npos) return std::nullopt;
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0) return std::nullopt;
  const bool matches = regexec(&compiled, name.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return matches;
}

// The names in a list as fence devices take it: n1,n2 or n1:1;n2:2,3.
std::set<std::string> Listed(const std::string& text, bool map) {
  std::set<std::string> names;
  std::size_t begin = 0;
  const char* separators = map ? "; \t" : ",; \t";
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    const std::string one = text.substr(begin, end - begin);
    const std::string name = one.substr(0, one.find_first_of(map ? ":=" : ":"));
    if (!name.empty()) names.insert(name);
    begin = end + 1;
  }
  return names;
}

// What a device can fence; `any` if it finds that out for itself.
struct Reach {
  bool any = false;
  std::set<std::string> nodes;

  bool Covers(const std::string& node) const { return any || nodes.contains(node); }
};

class FencingLinter {
 public:
  FencingLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Warnings() {
    const auto off = WhereOff();
    if (off && !off->conditional) SwitchedOff(*off);
    if (!off) Race();
  }

  void Errors() {
    if (WhereOff() || !NamesAreKnown()) return;
    for (const Symbol& symbol : view_.symbols().all()) {
      const bool fences = symbol.kind == SymbolKind::kFence ||
                          (symbol.kind == SymbolKind::kPrimitive && view_.Agent(symbol).starts_with("stonith:"));
      if (fences) devices_.emplace(symbol.id, ReachOf(symbol));
    }
    Unreachable();
  }

 private:
  std::optional<Setting> WhereOff() const {
    auto enabled = view_.Property({"fencing-enabled", "stonith-enabled"});
    const auto value = enabled ? AsBoolean(enabled->value) : std::nullopt;
    if (!value || *value) return std::nullopt;
    return enabled;
  }

  // A name that does not exist may have meant any node or device.
  bool NamesAreKnown() const {
    const Symbols& symbols = view_.symbols();
    return std::all_of(view_.statements().begin(), view_.statements().end(), [&](const ast::Statement& statement) {
      if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) {
        return std::all_of(fence->hosts.begin(), fence->hosts.end(), [&](const ast::Host& host) {
          return symbols.FindNode(host.name.literal) != nullptr;
        });
      }
      const auto* fencing = std::get_if<ast::Fencing>(&statement.what);
      if (fencing == nullptr) return true;
      const auto* target = std::get_if<ast::Text>(&fencing->target);
      if (target != nullptr && symbols.FindNode(target->literal) == nullptr) return false;
      return std::all_of(fencing->levels.begin(), fencing->levels.end(), [&](const ast::Level& level) {
        return std::all_of(level.devices.begin(), level.devices.end(), [&](const ast::Text& device) {
          return symbols.Find(device.literal) != nullptr;
        });
      });
    });
  }

  // W0410
  void SwitchedOff(const Setting& setting) {
    Diagnostic& warning = diagnostics_.Warning("W0410", setting.span,
                                               "without fencing, a lost node may go on writing while its resources "
                                               "start elsewhere");
    warning.help.push_back("declare fence devices: `fence DEVICE stonith:AGENT for NODE { … }`");
  }

  Reach ReachOf(const Symbol& device) const {
    Reach reach;
    if (const auto* fence = std::get_if<ast::Fence>(&device.statement->what)) {
      for (const ast::Host& host : fence->hosts) reach.nodes.insert(host.name.literal);
    }
    for (const char* name : {"pcmk_host_list", "pcmk_host_map"}) {
      const auto setting = view_.Parameter(device, name);
      if (!setting) continue;
      // A secret, or a list that holds sometimes, may be anything.
      if (setting->value.empty() || setting->conditional) reach.any = true;
      for (const std::string& node : Listed(setting->value, name == std::string_view("pcmk_host_map"))) {
        reach.nodes.insert(node);
      }
    }
    const auto check = view_.Parameter(device, "pcmk_host_check");
    if (check && (check->value == "none" || check->value == "dynamic-list" || check->value == "status")) {
      reach.any = true;
    }
    if (reach.nodes.empty()) reach.any = true;
    return reach;
  }

  // Whether a statement of the topology is about a node: yes, no, or who knows.
  std::optional<bool> IsAbout(const ast::Fencing& fencing, const ast::Node& node) const {
    if (const auto* name = std::get_if<ast::Text>(&fencing.target)) return name->literal == node.name.literal;
    if (const auto* pattern = std::get_if<ast::Regex>(&fencing.target)) {
      return Matches(pattern->pattern.literal, node.name.literal);
    }
    const auto& target = std::get<ast::AttributeTarget>(fencing.target);
    const auto* wanted = std::get_if<ast::Text>(&target.value.what);
    for (const ast::Item& item : node.items) {
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block == nullptr || block->kind.literal != "attributes" || block->when) continue;
      const auto is = [&](const ast::Option& option) { return option.name.literal == target.attribute.literal; };
      const ast::Option* found = nullptr;
      for (const ast::Option& option : block->options) {
        if (!block->has_body && is(option)) found = &option;
      }
      for (const ast::Pair& pair : block->pairs) {
        const auto* option = std::get_if<ast::Option>(&pair);
        if (option != nullptr && is(*option)) found = option;
      }
      const auto* text = found != nullptr ? std::get_if<ast::Text>(&found->value.what) : nullptr;
      if (text != nullptr && wanted != nullptr) return text->literal == wanted->literal;
    }
    return std::nullopt;  // An attribute may be set while the cluster runs.
  }

  bool LevelWorks(const ast::Level& level, const std::string& node) const {
    return std::all_of(level.devices.begin(), level.devices.end(), [&](const ast::Text& device) {
      const auto found = devices_.find(device.literal);
      return found == devices_.end() || found->second.Covers(node);
    });
  }

  // E0211: for each node, its own levels if it has any, else every device.
  void Unreachable() {
    const auto watchdog = view_.Property({"fencing-watchdog-timeout", "stonith-watchdog-timeout"});
    if (watchdog && watchdog->value != "0" && watchdog->value != "0s") return;
    std::vector<const ast::Fencing*> topology;
    for (const ast::Statement& statement : view_.statements()) {
      const auto* xml = std::get_if<ast::Xml>(&statement.what);
      if (xml != nullptr && xml->content.literal.find("stonith") != std::string::npos) return;
      if (const auto* fencing = std::get_if<ast::Fencing>(&statement.what)) topology.push_back(fencing);
    }
    std::vector<const ast::Node*> bare;
    std::map<const ast::Node*, const ast::Fencing*> hollow;  // Levels, but none that can.
    for (const ast::Node* node : view_.members()) {
      const std::string& name = node->name.literal;
      const ast::Fencing* about = nullptr;
      bool works = false, unsure = false;
      for (const ast::Fencing* fencing : topology) {
        const auto is_about = IsAbout(*fencing, *node);
        if (is_about && !*is_about) continue;
        const bool level = std::any_of(fencing->levels.begin(), fencing->levels.end(),
                                       [&](const ast::Level& one) { return LevelWorks(one, name); });
        if (fencing->none || level) works = true;
        if (is_about) {
          about = fencing;
        } else {
          unsure = true;
        }
      }
      const bool device = std::any_of(devices_.begin(), devices_.end(),
                                      [&](const auto& one) { return one.second.Covers(name); });
      if (works || unsure || (about == nullptr && device)) continue;
      bare.push_back(node);
      if (about != nullptr) hollow[node] = about;
    }
    if (!bare.empty()) Tell(bare, hollow);
  }

  // One message for all of them: one device may be what they lack.
  void Tell(const std::vector<const ast::Node*>& bare,
            const std::map<const ast::Node*, const ast::Fencing*>& hollow) {
    const std::string& name = bare[0]->name.literal;
    Diagnostic& error = diagnostics_.Error(
        "E0211", bare[0]->name.span,
        "nothing can fence `" + name + "`" +
            (bare.size() > 2    ? " and " + std::to_string(bare.size() - 1) + " more nodes"
             : bare.size() == 2 ? " and `" + bare[1]->name.literal + "`"
                                : ""));
    for (std::size_t i = 1; i < bare.size() && i <= kOthersMax; ++i) {
      error.others.push_back({bare[i]->name.span, "nor this one"});
    }
    if (const auto found = hollow.find(bare[0]); found != hollow.end()) {
      for (const ast::Level& level : found->second->levels) {
        for (const ast::Text& device : level.devices) {
          const auto reach = devices_.find(device.literal);
          if (reach == devices_.end() || reach->second.Covers(name)) continue;
          error.others.push_back({device.span, "`" + device.literal + "` is not for `" + name + "`"});
        }
      }
      error.help.push_back("add `" + name + "` to what the device is `for`, or name another device");
      return;
    }
    error.help.push_back("write `fence DEVICE stonith:AGENT for " + name + " { … }`, or `fencing " + name +
                         ": none \"reason\"`");
  }

  struct Delay {
    bool random = false;
    std::int64_t base_ms = 0;
  };

  // Nothing if the delay is not one number.
  std::optional<Delay> DelayOf(const Symbol& device) const {
    Delay delay;
    for (const char* name : {"pcmk_delay_base", "pcmk_delay_max", "delay"}) {
      const auto setting = view_.Parameter(device, name);
      if (!setting) continue;
      const auto ms = AsDurationMs(setting->value);
      if (!ms || setting->conditional) return std::nullopt;
      if (name == std::string_view("pcmk_delay_max")) {
        delay.random = delay.random || *ms > 0;
      } else {
        delay.base_ms += *ms;
      }
    }
    return delay;
  }

  // W0402: two nodes that shoot each other at the same moment.
  void Race() {
    if (view_.members().size() != 2) return;
    if (view_.Property({"priority-fencing-delay"})) return;
    const ast::Fence* first = nullptr;
    std::set<std::int64_t> different;
    for (const ast::Statement& statement : view_.statements()) {
      const auto* fence = std::get_if<ast::Fence>(&statement.what);
      const Symbol* symbol = fence != nullptr ? view_.symbols().Find(fence->name.literal) : nullptr;
      if (symbol == nullptr) continue;
      if (first == nullptr) first = fence;
      const auto delay = DelayOf(*symbol);
      if (!delay || delay->random) return;
      different.insert(delay->base_ms);
    }
    if (first == nullptr || different.size() > 1) return;
    const bool none = *different.begin() == 0;
    Diagnostic& warning = diagnostics_.Warning(
        "W0402", first->name.span,
        none ? "two nodes, and no fence device has a delay: both nodes may fence each other"
             : "two nodes, and the same delay before either is fenced: both nodes may fence each other");
    warning.help.push_back(none ? "write `pcmk_delay_base = 5s` in the device that fences the node which should win"
                                : "write `pcmk_delay_base` only in the device that fences the node which should "
                                  "win, or `pcmk_delay_max` for a random delay");
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
  std::map<std::string, Reach> devices_;
};

}  // namespace

void LintFencing(const PolicyView& view, Diagnostics& diagnostics) { FencingLinter(view, diagnostics).Warnings(); }

void CheckFenceReach(const PolicyView& view, Diagnostics& diagnostics) { FencingLinter(view, diagnostics).Errors(); }

}  // namespace picket::compiler
