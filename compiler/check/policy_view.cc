#include "compiler/check/policy_view.h"

#include <algorithm>
#include <cctype>

#include "compiler/syntax/shape.h"

namespace picket::compiler {
namespace {

// More containers than this around a resource would be a circle.
constexpr int kDepthMax = 8;

const ast::Text* TextOf(const ast::Option& option) {
  return std::get_if<ast::Text>(&option.value.what);
}

std::optional<Setting> InOptions(const std::vector<ast::Option>& options, std::string_view name) {
  for (const ast::Option& option : options) {
    if (option.name.literal != name) continue;
    const ast::Text* text = TextOf(option);
    return Setting{text != nullptr ? text->literal : "", option.span};
  }
  return std::nullopt;
}

}  // namespace

std::string OptionText(const std::vector<ast::Option>& options, std::string_view name) {
  const auto found = InOptions(options, name);
  return found ? found->value : "";
}

bool HasOption(const std::vector<ast::Option>& options, std::string_view name) {
  return InOptions(options, name).has_value();
}

std::optional<std::int64_t> ScoreNumber(std::string_view text) {
  const auto spelt = AsScore(text);
  if (!spelt) return std::nullopt;
  if (*spelt == "INFINITY" || *spelt == "+INFINITY") return kInfinity;
  if (*spelt == "-INFINITY") return -kInfinity;
  const auto number = AsInteger(*spelt);
  if (!number) return std::nullopt;
  return std::clamp<std::int64_t>(*number, -kInfinity, kInfinity);
}

std::vector<const ast::Text*> NamesIn(const ast::Reference& reference) {
  std::vector<const ast::Text*> names;
  if (const auto* name = std::get_if<ast::Text>(&reference.what)) {
    names.push_back(name);
  } else {
    for (const ast::Text& member : std::get<ast::Set>(reference.what).members) names.push_back(&member);
  }
  return names;
}

PolicyView::PolicyView(const std::vector<ast::Statement>& statements, const Symbols& symbols)
    : statements_(statements), symbols_(symbols) {
  const auto name_blocks = [&](const std::vector<ast::Item>& items) {
    for (const ast::Item& item : items) {
      const auto* block = std::get_if<ast::Attributes>(&item);
      if (block != nullptr && block->id) named_blocks_.emplace(block->id->literal, block);
    }
  };
  for (const ast::Statement& statement : statements) {
    if (const auto* node = std::get_if<ast::Node>(&statement.what)) {
      if (!node->kind) members_.push_back(node);
    } else if (const auto* cluster = std::get_if<ast::Cluster>(&statement.what)) {
      if (cluster_ == nullptr) cluster_ = cluster;
    } else if (const auto* defaults = std::get_if<ast::Defaults>(&statement.what)) {
      defaults_.push_back(defaults);
      if (defaults->block.id) named_blocks_.emplace(defaults->block.id->literal, &defaults->block);
    } else if (const auto* primitive = std::get_if<ast::Primitive>(&statement.what)) {
      name_blocks(primitive->items);
    } else if (const auto* fence = std::get_if<ast::Fence>(&statement.what)) {
      name_blocks(fence->items);
    } else if (const auto* group = std::get_if<ast::Members>(&statement.what)) {
      name_blocks(group->items);
    }
  }
}

std::optional<Setting> PolicyView::ClusterOption(std::string_view section, std::string_view name) const {
  if (cluster_ == nullptr) return std::nullopt;
  std::optional<Setting> found;
  for (const ast::ClusterItem& item : cluster_->items) {
    const auto* one = std::get_if<ast::ClusterSection>(&item);
    if (one == nullptr || one->kind.literal != section) continue;
    if (auto setting = InOptions(one->options, name)) found = std::move(setting);
  }
  return found;
}

bool PolicyView::HasClusterSection(std::string_view section) const {
  if (cluster_ == nullptr) return false;
  return std::any_of(cluster_->items.begin(), cluster_->items.end(), [&](const ast::ClusterItem& item) {
    const auto* one = std::get_if<ast::ClusterSection>(&item);
    return one != nullptr && one->kind.literal == section;
  });
}

std::optional<Setting> PolicyView::InBlock(const ast::Attributes& block, std::string_view name) const {
  if (block.from) {
    const auto named = named_blocks_.find(block.from->literal);
    if (named == named_blocks_.end() || named->second->from) return std::nullopt;
    return InBlock(*named->second, name);
  }
  // With braces, what stands before them is the block's own score.
  std::optional<Setting> found;
  if (!block.has_body) found = InOptions(block.options, name);
  for (const ast::Pair& pair : block.pairs) {
    const auto* option = std::get_if<ast::Option>(&pair);
    if (option == nullptr || option->name.literal != name) continue;
    const ast::Text* text = TextOf(*option);
    found = Setting{text != nullptr ? text->literal : "", option->span};
  }
  if (found && block.when) found->conditional = true;
  return found;
}

std::optional<Setting> PolicyView::InItems(const std::vector<ast::Item>& items, std::string_view kind, bool plain_lines,
                                           std::string_view name) const {
  std::optional<Setting> found;
  const auto take = [&](std::optional<Setting> setting) {
    if (!setting) return;
    const bool conditional = setting->conditional || (found && found->conditional);
    if (!found || !setting->conditional) found = std::move(setting);
    found->conditional = conditional;
  };
  for (const ast::Item& item : items) {
    const auto* option = std::get_if<ast::Option>(&item);
    if (plain_lines && option != nullptr && option->name.literal == name) {
      const ast::Text* text = TextOf(*option);
      take(Setting{text != nullptr ? text->literal : "", option->span});
    }
    const auto* block = std::get_if<ast::Attributes>(&item);
    if (block != nullptr && block->kind.literal == kind) take(InBlock(*block, name));
  }
  return found;
}

std::optional<Setting> PolicyView::Property(std::initializer_list<std::string_view> names) const {
  std::optional<Setting> found;
  for (const std::string_view name : names) {
    if (auto setting = Default("property", name)) found = std::move(setting);
  }
  return found;
}

std::optional<Setting> PolicyView::Default(std::string_view kind, std::string_view name) const {
  std::optional<Setting> found;
  for (const ast::Defaults* defaults : defaults_) {
    if (defaults->block.kind.literal != kind) continue;
    auto setting = InBlock(defaults->block, name);
    if (!setting) continue;
    const bool conditional = setting->conditional || (found && found->conditional);
    if (!found || !setting->conditional) found = std::move(setting);
    found->conditional = conditional;
  }
  return found;
}

const std::vector<ast::Item>* PolicyView::ItemsOf(const Symbol& resource) const {
  const auto& what = resource.statement->what;
  if (const auto* primitive = std::get_if<ast::Primitive>(&what)) return &primitive->items;
  if (const auto* fence = std::get_if<ast::Fence>(&what)) return &fence->items;
  if (const auto* members = std::get_if<ast::Members>(&what)) return &members->items;
  if (const auto* node = std::get_if<ast::Node>(&what)) return &node->items;
  if (const auto* bundle = std::get_if<ast::Bundle>(&what)) {
    for (const ast::BundleItem& item : bundle->items) {
      const auto* member = std::get_if<ast::BundlePrimitive>(&item);
      if (member != nullptr && member->primitive.name.literal == resource.id) return &member->primitive.items;
    }
  }
  return nullptr;
}

const Symbol* PolicyView::TemplateOf(const Symbol& resource) const {
  if (resource.kind == SymbolKind::kTemplate) return nullptr;  // Templates have none themselves.
  const ast::Source* source = nullptr;
  const auto& what = resource.statement->what;
  if (const auto* primitive = std::get_if<ast::Primitive>(&what)) source = &primitive->source;
  if (const auto* fence = std::get_if<ast::Fence>(&what)) source = &fence->source;
  if (const auto* bundle = std::get_if<ast::Bundle>(&what)) {
    for (const ast::BundleItem& item : bundle->items) {
      const auto* member = std::get_if<ast::BundlePrimitive>(&item);
      if (member != nullptr && member->primitive.name.literal == resource.id) source = &member->primitive.source;
    }
  }
  if (source == nullptr || !source->is_template) return nullptr;
  const Symbol* found = symbols_.Find(source->name.literal);
  return found != nullptr && found->kind == SymbolKind::kTemplate ? found : nullptr;
}

std::optional<Setting> PolicyView::Parameter(const Symbol& resource, std::string_view name) const {
  const std::vector<ast::Item>* items = ItemsOf(resource);
  if (items == nullptr || resource.kind == SymbolKind::kBundle) return std::nullopt;
  if (auto found = InItems(*items, "params", true, name)) return found;
  const Symbol* of = TemplateOf(resource);
  return of != nullptr ? Parameter(*of, name) : std::nullopt;
}

std::optional<Setting> PolicyView::OwnMeta(const Symbol& resource, std::string_view name) const {
  if (resource.kind == SymbolKind::kBundle) {
    std::optional<Setting> found;
    if (const auto* bundle = std::get_if<ast::Bundle>(&resource.statement->what)) {
      for (const ast::BundleItem& item : bundle->items) {
        const auto* block = std::get_if<ast::Attributes>(&item);
        if (block == nullptr || block->kind.literal != "meta") continue;
        if (auto setting = InBlock(*block, name)) found = std::move(setting);
      }
    }
    return found;
  }
  const std::vector<ast::Item>* items = ItemsOf(resource);
  if (items == nullptr) return std::nullopt;
  const bool collection = std::holds_alternative<ast::Members>(resource.statement->what);
  if (auto found = InItems(*items, "meta", collection, name)) return found;
  const Symbol* of = TemplateOf(resource);
  return of != nullptr ? OwnMeta(*of, name) : std::nullopt;
}

std::optional<Setting> PolicyView::Meta(const Symbol& resource, std::string_view name) const {
  const Symbol* at = &resource;
  for (int depth = 0; at != nullptr && depth < kDepthMax; ++depth) {
    if (auto found = OwnMeta(*at, name)) return found;
    at = at->container.empty() ? nullptr : symbols_.Find(at->container);
  }
  return Default("rsc_defaults", name);
}

std::optional<Setting> PolicyView::TargetRole(const Symbol& resource) const {
  auto role = Meta(resource, "target-role");
  if (!role || role->conditional) return std::nullopt;
  std::transform(role->value.begin(), role->value.end(), role->value.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return role;
}

bool PolicyView::IsKeptStopped(const Symbol& resource) const {
  const auto role = TargetRole(resource);
  return role && role->value == "stopped";
}

std::vector<const ast::Attributes*> PolicyView::Blocks(const Symbol& resource, std::string_view kind) const {
  std::vector<const ast::Attributes*> found;
  const std::vector<ast::Item>* items = ItemsOf(resource);
  if (items == nullptr) return found;
  if (const Symbol* of = TemplateOf(resource)) found = Blocks(*of, kind);
  std::vector<const ast::Attributes*> own;
  for (const ast::Item& item : *items) {
    const auto* block = std::get_if<ast::Attributes>(&item);
    if (block != nullptr && block->kind.literal == kind) own.push_back(block);
  }
  found.insert(found.begin(), own.begin(), own.end());
  return found;
}

std::vector<const ast::Operation*> PolicyView::Operations(const Symbol& resource) const {
  std::vector<const ast::Operation*> found;
  const std::vector<ast::Item>* items = ItemsOf(resource);
  if (items == nullptr) return found;
  for (const ast::Item& item : *items) {
    if (const auto* operation = std::get_if<ast::Operation>(&item)) found.push_back(operation);
  }
  if (const Symbol* of = TemplateOf(resource)) {
    for (const ast::Operation* operation : Operations(*of)) found.push_back(operation);
  }
  return found;
}

std::string PolicyView::Agent(const Symbol& resource) const {
  if (const Symbol* of = TemplateOf(resource)) return Agent(*of);
  const auto& what = resource.statement->what;
  if (const auto* primitive = std::get_if<ast::Primitive>(&what)) return primitive->source.name.literal;
  if (const auto* fence = std::get_if<ast::Fence>(&what)) return fence->source.name.literal;
  if (const auto* bundle = std::get_if<ast::Bundle>(&what)) {
    for (const ast::BundleItem& item : bundle->items) {
      const auto* member = std::get_if<ast::BundlePrimitive>(&item);
      if (member != nullptr && member->primitive.name.literal == resource.id) {
        return member->primitive.source.name.literal;
      }
    }
  }
  return "";
}

std::vector<const Symbol*> PolicyView::MembersOf(const Symbol& resource) const {
  std::vector<const Symbol*> found;
  const auto* members = std::get_if<ast::Members>(&resource.statement->what);
  if (members == nullptr || members->name.literal != resource.id) return found;
  for (const ast::Text& member : members->members) {
    const Symbol* symbol = symbols_.Find(member.literal);
    if (symbol != nullptr && IsResource(symbol->kind) && symbol->container == resource.id) found.push_back(symbol);
  }
  return found;
}

std::vector<const Symbol*> PolicyView::Primitives(const Symbol& resource) const {
  if (resource.kind == SymbolKind::kPrimitive || resource.kind == SymbolKind::kFence) return {&resource};
  std::vector<const Symbol*> found;
  if (const auto* bundle = std::get_if<ast::Bundle>(&resource.statement->what)) {
    for (const ast::BundleItem& item : bundle->items) {
      const auto* member = std::get_if<ast::BundlePrimitive>(&item);
      const Symbol* symbol = member != nullptr ? symbols_.Find(member->primitive.name.literal) : nullptr;
      if (symbol != nullptr) found.push_back(symbol);
    }
    return found;
  }
  for (const Symbol* member : MembersOf(resource)) {
    // A clone of a group is as deep as it goes.
    if (member->kind == SymbolKind::kPrimitive || member->kind == SymbolKind::kFence) {
      found.push_back(member);
    } else if (member->kind == SymbolKind::kGroup) {
      for (const Symbol* inner : MembersOf(*member)) found.push_back(inner);
    }
  }
  return found;
}

const Symbol& PolicyView::Outermost(const Symbol& resource) const {
  const Symbol* at = &resource;
  for (int depth = 0; !at->container.empty() && depth < kDepthMax; ++depth) {
    const Symbol* next = symbols_.Find(at->container);
    if (next == nullptr) break;
    at = next;
  }
  return *at;
}

bool PolicyView::CanBePromoted(const Symbol& resource) const {
  const Symbol& outermost = Outermost(resource);
  return !IsResource(resource.kind) || outermost.kind == SymbolKind::kPromotable ||
         outermost.kind == SymbolKind::kBundle || std::holds_alternative<ast::Xml>(outermost.statement->what) ||
         OwnMeta(outermost, "promotable");
}

}  // namespace picket::compiler
