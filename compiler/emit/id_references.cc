#include "compiler/emit/id_references.h"

#include <map>
#include <set>
#include <type_traits>

#include "compiler/diagnostics/nearest.h"
#include "compiler/emit/nvset.h"
#include "compiler/syntax/walk.h"

namespace picket::compiler::emit {
namespace {

// What the author calls an element of this tag.
std::string WordFor(std::string_view tag) {
  static const std::map<std::string_view, const char*> words = {{"instance_attributes", "block of parameters"},
                                                                {"meta_attributes", "block of meta attributes"},
                                                                {"utilization", "block of utilization"},
                                                                {"cluster_property_set", "block of properties"},
                                                                {"nvpair", "option"},
                                                                {"rule", "condition"},
                                                                {"operations", "list of operations"},
                                                                {"resource_set", "set"}};
  const auto found = words.find(tag);
  return found != words.end() ? found->second : std::string(tag);
}

// How the author gives one of them a name.
std::string HowToName(std::string_view tag, const std::string& name) {
  if (tag == "nvpair") return "`option @" + name + " = value` gives an option the name";
  if (tag == "rule") return "`where @" + name + " …` or `when @" + name + " …` gives a condition the name";
  if (tag == "operations") return "`operations @" + name + "` in a resource gives its operations the name";
  if (tag == "resource_set") return "`{@" + name + " a, b}` gives a set the name";
  const char* keyword = tag == "instance_attributes"    ? "params"
                        : tag == "utilization"          ? "utilization"
                        : tag == "cluster_property_set" ? "property"
                                                        : "meta";
  return std::string("`") + keyword + " @" + name + " { … }` gives a block the name";
}

// `from NAME`, and the tag of the element that it means.
struct Reference {
  std::string tag;
  const ast::Text* name = nullptr;
};

// Goes over the whole tree; `ids` gets the names that the author gives.
struct Finder {
  std::vector<Reference> references;
  std::set<std::string, std::less<>> ids;

  template <class T>
  void In(const T& node) {
    using Plain = std::remove_const_t<T>;
    if constexpr (ast::detail::IsVector<Plain>::value) {
      for (const auto& element : node) In(element);
    } else if constexpr (ast::detail::IsVariant<Plain>::value) {
      std::visit([&](const auto& alternative) { In(alternative); }, node);
    } else if constexpr (ast::detail::IsOptional<Plain>::value) {
      if (node) In(*node);
    } else if constexpr (requires { node.Fields(); }) {
      Own(node);
      std::apply([&](const auto&... field) { (In(field), ...); }, node.Fields());
    }
  }

 private:
  template <class T>
  void Own(const T& node) {
    if constexpr (requires { node.id->literal; }) {
      if (node.id) ids.insert(node.id->literal);
    }
    if constexpr (std::is_same_v<T, ast::PairReference>) references.push_back({"nvpair", &node.id});
    if constexpr (requires { node.from->literal; }) {
      if (!node.from) return;
      if constexpr (std::is_same_v<T, ast::Attributes>) references.push_back({TagOf(node.kind.literal), &*node.from});
      if constexpr (std::is_same_v<T, ast::Rule>) references.push_back({"rule", &*node.from});
      if constexpr (std::is_same_v<T, ast::Operations>) references.push_back({"operations", &*node.from});
      if constexpr (std::is_same_v<T, ast::Set>) references.push_back({"resource_set", &*node.from});
    }
  }
};

using TagsById = std::map<std::string, std::string, std::less<>>;

void Collect(pugi::xml_node parent, TagsById& tags) {
  for (const pugi::xml_node element : parent.children()) {
    if (const auto id = element.attribute("id")) tags.emplace(id.value(), element.name());
    Collect(element, tags);
  }
}

}  // namespace

void CheckIdReferences(Context& context, const std::vector<ast::Statement>& statements,
                       const pugi::xml_document& document) {
  Finder finder;
  for (const ast::Statement& statement : statements) finder.In(statement.what);
  if (finder.references.empty()) return;
  TagsById tags;
  Collect(document, tags);
  for (const auto& [tag, name] : finder.references) {
    const std::string& id = name->literal;
    const auto found = tags.find(id);
    if (found != tags.end() && found->second == tag) continue;
    const std::string wanted = WordFor(tag);
    if (found != tags.end()) {
      context.Error("E0203", name->span, "`" + id + "` is a " + WordFor(found->second) + ", not a " + wanted)
          .help.push_back(HowToName(tag, "NAME") + " that `from` takes");
      continue;
    }
    if (finder.ids.contains(id) && context.diagnostics.HasErrors()) continue;  // Left out for a mistake.
    std::vector<std::string> known;
    for (const auto& [one, its_tag] : tags) {
      if (its_tag == tag) known.push_back(one);
    }
    Diagnostic& error = context.Error("E0201", name->span, "there is no " + wanted + " called `" + id + "`");
    const auto nearest = Nearest(id, known);
    error.help.push_back(nearest ? "did you mean `" + *nearest + "`?" : HowToName(tag, id));
  }
}

}  // namespace picket::compiler::emit
