#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "compiler/check/known_options.h"
#include "compiler/check/lint_families.h"
#include "compiler/check/lint_words.h"
#include "compiler/check/option_values.h"
#include "compiler/diagnostics/nearest.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

// The options of one kind of block.
struct Known {
  const KnownOption* (*find)(std::string_view name);
  std::vector<std::string> (*names)();
};

constexpr Known kProperties = {FindClusterOption, ClusterOptionNames};

// People set operations' defaults beside meta-attributes; where each belongs is W0459's business.
constexpr Known kMetaAttributes = {[](std::string_view name) {
                                     const KnownOption* meta = FindMeta(name);
                                     return meta != nullptr ? meta : FindOperationOption(name);
                                   },
                                   MetaAndOperationNames};

constexpr Known kAlerts = {[](std::string_view name) {
                             const bool ours = name == "timeout" || name == "enabled";
                             return ours ? FindOperationOption(name) : nullptr;
                           },
                           [] {
                             return std::vector<std::string>{"enabled", "timeout", "timestamp-format"};
                           }};

// The sections of corosync.conf whose options are known by name.
constexpr std::array<std::pair<std::string_view, Holder>, 4> kSections = {{{"totem", Holder::kTotem},
                                                                           {"quorum", Holder::kQuorum},
                                                                           {"crypto", Holder::kCrypto},
                                                                           {"qdevice", Holder::kQdevice}}};

class OptionLinter {
 public:
  OptionLinter(const PolicyView& view, Diagnostics& diagnostics) : view_(view), diagnostics_(diagnostics) {}

  void Run() {
    for (const ast::Statement& statement : view_.statements()) {
      const auto& what = statement.what;
      if (const auto* defaults = std::get_if<ast::Defaults>(&what)) {
        const bool property = defaults->block.kind.literal == "property";
        Block(defaults->block, property ? kProperties : kMetaAttributes,
              property ? "a cluster option" : "an option of `" + defaults->block.kind.literal + '`');
      } else if (const auto* cluster = std::get_if<ast::Cluster>(&what)) {
        Corosync(*cluster);
      } else if (const auto* primitive = std::get_if<ast::Primitive>(&what)) {
        Items(primitive->items, false);
        if (primitive->source.name.literal.starts_with("stonith:")) Device(primitive->items);
      } else if (const auto* fence = std::get_if<ast::Fence>(&what)) {
        Items(fence->items, false);
        Device(fence->items);
      } else if (const auto* members = std::get_if<ast::Members>(&what)) {
        Items(members->items, true);
      } else if (const auto* node = std::get_if<ast::Node>(&what)) {
        NodeAttributes(*node);
      } else if (const auto* alert = std::get_if<ast::Alert>(&what)) {
        Alert(*alert);
      } else if (const auto* test = std::get_if<ast::Test>(&what)) {
        Edits(test->steps);
      } else if (const auto* bundle = std::get_if<ast::Bundle>(&what)) {
        for (const ast::BundleItem& item : bundle->items) {
          const auto* block = std::get_if<ast::Attributes>(&item);
          if (block != nullptr && block->kind.literal == "meta") Block(*block, kMetaAttributes, kMeta);
          const auto* member = std::get_if<ast::BundlePrimitive>(&item);
          if (member != nullptr) Items(member->primitive.items, false);
        }
      }
    }
  }

 private:
  static constexpr const char* kMeta = "a meta attribute";

  void Misspelt(const ast::Text& name, const std::string& what, const std::string& who, const std::string& meant) {
    Diagnostic& warning =
        diagnostics_.Warning("W0421", name.span, "`" + name.literal + "` is not " + what + " that " + who + " knows");
    warning.label = "has no effect";
    warning.help.push_back("did you mean `" + meant + "`?");
  }

  void Corosync(const ast::Cluster& cluster) {
    for (const ast::ClusterItem& item : cluster.items) {
      if (const auto* link = std::get_if<ast::ClusterLink>(&item)) OfCorosync(link->options, Holder::kLink, "link");
      const auto* section = std::get_if<ast::ClusterSection>(&item);
      if (section == nullptr) continue;
      for (const auto& [keyword, holder] : kSections) {
        if (section->kind.literal == keyword) OfCorosync(section->options, holder, section->kind.literal);
      }
    }
  }

  void OfCorosync(const std::vector<ast::Option>& options, Holder holder, const std::string& keyword) {
    for (const ast::Option& option : options) {
      const std::string& name = option.name.literal;
      if (name == "linknumber" || FindAttribute(holder, name) != nullptr) continue;
      if (auto meant = Nearest(name, AttributeNames(holder)))
        Misspelt(option.name, "an option of `" + keyword + '`', "Corosync", *meant);
    }
  }

  // Attributes that the cluster itself reads; any other may have any value.
  void NodeAttributes(const ast::Node& node) {
    for (const ast::Item& item : node.items) {
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->kind.literal == "attributes") Values(*block, Holder::kNode);
    }
  }

  void Device(const std::vector<ast::Item>& items) {
    for (const ast::Item& item : items) {
      if (const auto* option = std::get_if<ast::Option>(&item)) ValueOf(*option, Holder::kDevice);
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->kind.literal == "params") Values(*block, Holder::kDevice);
    }
  }

  void Values(const ast::Attributes& block, Holder holder) {
    ForEachOption(block, [&](const ast::Option& option) { ValueOf(option, holder); });
  }
  void ValueOf(const ast::Option& option, Holder holder) {
    if (const KnownOption* known = FindAttribute(holder, option.name.literal)) Value(option, *known);
  }

  // The meta attributes of an alert and of those who get it are of a kind of their own.
  void Alert(const ast::Alert& alert) {
    const auto meta = [&](const auto& item) {
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->kind.literal == "meta") Block(*block, kAlerts, "a meta attribute of alerts");
    };
    for (const ast::AlertItem& item : alert.items) {
      meta(item);
      const auto* recipient = std::get_if<ast::Recipient>(&item);
      for (std::size_t i = 0; recipient != nullptr && i < recipient->items.size(); ++i) meta(recipient->items[i]);
    }
  }

  // What a test sets is checked as what the policy says. Operations are the translation's business, parameters the
  // agents'.
  void Edits(const std::vector<ast::TestStep>& steps) {
    for (const ast::TestStep& step : steps) {
      if (const auto* during = std::get_if<ast::DuringStep>(&step.what)) Edits(during->faults);
      const auto* edit = std::get_if<ast::EditFault>(&step.what);
      if (edit == nullptr) continue;
      if (edit->block.literal == "property") One(edit->option, kProperties, "a cluster option");
      if (edit->block.literal == "meta") One(edit->option, kMetaAttributes, kMeta);
    }
  }

  // Agents may have actions of their own, so only what is nearly one of these.
  void Operation(const ast::Operation& operation) {
    static const std::vector<std::string> names = {"monitor",      "start",        "stop",     "promote",      "demote",
                                                   "notify",       "migrate_to",   "status",   "migrate_from", "reload",
                                                   "reload-agent", "validate-all", "meta-data"};
    const std::string& name = operation.name.literal;
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    if (auto meant = Nearest(Lower(name), names)) Misspelt(operation.name, "an operation", "Pacemaker", *meant);
  }

  void Items(const std::vector<ast::Item>& items, bool plain_is_meta) {
    for (const ast::Item& item : items) {
      if (const auto* operation = std::get_if<ast::Operation>(&item)) Operation(*operation);
      const auto* option = std::get_if<ast::Option>(&item);
      if (option != nullptr && plain_is_meta) One(*option, kMetaAttributes, kMeta);
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->kind.literal == "meta") Block(*block, kMetaAttributes, kMeta);
    }
  }

  void Block(const ast::Attributes& block, const Known& table, const std::string& what) {
    if (!block.has_body) {
      for (const ast::Option& option : block.options) One(option, table, what);
    }
    for (const ast::Pair& pair : block.pairs) {
      if (const auto* option = std::get_if<ast::Option>(&pair)) One(*option, table, what);
    }
  }

  // Anybody may put options of their own there, so only what looks like a
  // slip of the pen is told.
  void One(const ast::Option& option, const Known& table, const std::string& what) {
    const std::string& name = option.name.literal;
    if (const KnownOption* known = table.find(name)) return Value(option, *known);
    if (name.starts_with("default-") || name == "is-managed-default") return;  // Of old: W0459 tells more.
    std::string hyphens = name;
    std::transform(hyphens.begin(), hyphens.end(), hyphens.begin(), [](unsigned char c) { return std::tolower(c); });
    std::replace(hyphens.begin(), hyphens.end(), '_', '-');
    std::optional<std::string> meant;
    if (table.find(hyphens) != nullptr) {
      meant = hyphens;
    } else {
      meant = Nearest(name, table.names());
    }
    if (!meant || *meant == name) return;
    Misspelt(option.name, what, "Pacemaker", *meant);
  }

  void Value(const ast::Option& option, const KnownOption& known) {
    const auto* text = std::get_if<ast::Text>(&option.value.what);
    if (text == nullptr) return;
    const std::string& name = option.name.literal;
    const std::string& value = text->literal;
    const auto fault = FaultOfValue(known, value);
    if (!fault || value == "default" || value == "#default") return;  // An old way to say nothing.
    Diagnostic& warning = diagnostics_.Warning("W0422", option.value.span,
                                               "`" + name + "` is " + fault->wanted + ", not `" + value + "`");
    warning.label = "ignored: the default holds";
    warning.help.push_back(fault->remedy);
  }

  const PolicyView& view_;
  Diagnostics& diagnostics_;
};

}  // namespace

void LintOptions(const PolicyView& view, Diagnostics& diagnostics) {
  OptionLinter(view, diagnostics).Run();
}

}  // namespace picket::compiler
