#include <algorithm>
#include <array>

#include "compiler/import/normal_form.h"
#include "compiler/import/reader.h"
#include "compiler/syntax/shape.h"

// Blocks of pairs, operations, descriptions: what stands between braces.
namespace picket::compiler::import {
namespace {

Pairs KindOf(std::string_view tag) {
  if (tag == "meta_attributes") return Pairs::kMeta;
  if (tag == "utilization") return Pairs::kUtilization;
  return tag == "cluster_property_set" ? Pairs::kProperty : Pairs::kParameters;
}

// A value whose shape says something here that the CIB's text does not mean is
// quoted; infinity is written as people do.
ast::Value PairValue(std::string_view value, Pairs kind) {
  if (kind == Pairs::kMeta || kind == Pairs::kProperty) {
    if (value == "INFINITY") return MakeValue("inf");
    if (value == "-INFINITY") return MakeValue("-inf");
    if (value == "inf" || value == "+inf" || value == "-inf") return MakeValue(value, true);
  }
  return MakeValue(value, kind == Pairs::kUtilization && AsMebibytes(value).has_value());
}

// True if the pairs can stand behind the keyword, without braces.
bool FitOnLine(const std::vector<ast::Pair>& pairs) {
  std::size_t width = 0;
  for (const ast::Pair& pair : pairs) {
    const auto* option = std::get_if<ast::Option>(&pair);
    if (option == nullptr || option->id || option->name.literal == "score") return false;
    width += option->name.literal.size() + std::get<ast::Text>(option->value.what).literal.size() + 2;
  }
  return !pairs.empty() && pairs.size() <= 4 && width <= 70;
}

// `name=value` of an operation, the roles and booleans as people write them.
ast::Option OperationOption(Reader& reader, std::string_view name, std::string_view value) {
  if (name == "role") {
    if (auto role = RoleWord(value)) return reader.MakeOption(name, ast::Value{*role, {}});
  }
  if (name == "enabled" || name == "record-pending") {
    if (const auto truth = AsBoolean(value)) return reader.MakeOption(name, *truth ? "yes" : "no");
  }
  return reader.MakeOption(name, value);
}

// Parameters, operations, meta attributes, utilization: as people write them,
// each kind in its own order. A comment stays with what follows it.
std::vector<xml_node> InReadingOrder(xml_node owner) {
  constexpr std::array<std::string_view, 4> kKinds = {"instance_attributes", "operations", "meta_attributes",
                                                      "utilization"};
  std::vector<xml_node> out;
  for (const std::string_view kind : kKinds) {
    std::vector<xml_node> comments;
    for (const xml_node child : owner.children()) {
      if (child.type() != pugi::node_element) {
        comments.push_back(child);
        continue;
      }
      if (child.name() == kind) {
        out.insert(out.end(), comments.begin(), comments.end());
        out.push_back(child);
      }
      comments.clear();
    }
  }
  return out;
}

// Only between the braces of a block with its keyword may a pair be one that
// stands elsewhere.
bool RefersToPairs(const std::vector<ast::Pair>& pairs) {
  return std::any_of(pairs.begin(), pairs.end(),
                     [](const ast::Pair& pair) { return std::holds_alternative<ast::PairReference>(pair); });
}

ast::Attributes PlainBlockOf(Reader& reader, std::string_view keyword, std::vector<ast::Pair> pairs) {
  ast::Attributes block;
  block.span = reader.Number();
  block.kind = MakeText(keyword);
  block.has_body = true;
  block.pairs = std::move(pairs);
  return block;
}

bool ReadOperation(Reader& reader, xml_node op, ast::Operation& out) {
  if (!Has(op, "name")) return false;
  out.span = reader.Number();
  out.name = MakeText(Attribute(op, "name"));
  out.id = reader.InnerId(op);
  const std::string_view interval = Attribute(op, "interval");
  if (!interval.empty() && interval != "0" && interval != "0s") {
    out.options.push_back(reader.MakeOption("interval", interval));
  }
  if (Has(op, "timeout")) out.options.push_back(reader.MakeOption("timeout", Attribute(op, "timeout")));
  for (const pugi::xml_attribute attribute : op.attributes()) {
    const std::string_view name = attribute.name();
    if (name == "id" || name == "name" || name == "interval" || name == "timeout") continue;
    out.options.push_back(OperationOption(reader, name, attribute.value()));
  }
  const xml_node plain = PlainBlock(reader, op, "instance_attributes");
  for (const xml_node child : op.children()) {
    if (reader.IsComment(child)) continue;
    const std::string_view tag = child.name();
    if (tag != "instance_attributes" && tag != "meta_attributes") return false;
    if (child == plain) {
      std::vector<ast::Pair> pairs;
      if (!ReadPairs(reader, child, Pairs::kParameters, {}, pairs)) return false;
      if (RefersToPairs(pairs)) {
        out.items.emplace_back(PlainBlockOf(reader, "params", std::move(pairs)));
        continue;
      }
      for (ast::Pair& pair : pairs) out.items.emplace_back(std::get<ast::Option>(std::move(pair)));
    } else {
      ast::Attributes block;
      const bool named = child != PlainBlock(reader, op, child.name());
      if (!ReadBlock(reader, child, tag == "meta_attributes" ? "meta" : "params", named, {}, block)) return false;
      out.items.emplace_back(std::move(block));
    }
  }
  return true;
}

bool ReadOperations(Reader& reader, xml_node operations, std::vector<ast::Item>& out) {
  const bool reference = Has(operations, "id-ref");
  auto id = reader.InnerId(operations);
  if (reference || id) {
    ast::Operations named;
    named.span = reader.Number();
    if (reference) {
      named.from = MakeText(Attribute(operations, "id-ref"));
    } else {
      named.id = std::move(id);
    }
    out.emplace_back(std::move(named));
  }
  for (const xml_node child : operations.children()) {
    if (reader.IsComment(child)) continue;
    ast::Operation operation;
    if (std::string_view(child.name()) != "op" || !ReadOperation(reader, child, operation)) return false;
    out.emplace_back(std::move(operation));
  }
  return true;
}

}  // namespace

xml_node PlainBlock(const Reader& reader, xml_node owner, const char* tag) {
  for (const xml_node block : owner.children(tag)) {
    if (!block.child("rule") && !Has(block, "score") && !Has(block, "id-ref") && !reader.InnerId(block)) return block;
  }
  return {};
}

bool ReadPairs(Reader& reader, xml_node block, Pairs kind, const std::set<std::string>& without,
               std::vector<ast::Pair>& out) {
  std::set<std::string> seen;
  for (const xml_node child : block.children()) {
    if (reader.IsComment(child)) continue;
    const std::string_view tag = child.name();
    if (tag == "rule") continue;
    if (tag != "nvpair") return false;
    std::string name(Attribute(child, "name"));
    std::string value(Attribute(child, "value"));
    const bool reference = Has(child, "id-ref");
    if (kind == Pairs::kProperty && Has(child, "name")) {
      if (name == "stonith-action" && value == "poweroff") value = "off";
      name = CurrentOption(name);
      if (name.empty()) {
        if (reader.IsReferenced(Attribute(child, "id"))) return false;
        reader.Remark("of old, so ignored: " + std::string(Attribute(child, "name")));
        continue;
      }
    }
    if (reference) {
      ast::PairReference made;
      made.span = reader.Number();
      if (Has(child, "name")) made.name = MakeText(name);
      made.id = MakeText(Attribute(child, "id-ref"));
      out.emplace_back(std::move(made));
      continue;
    }
    if (without.contains(name)) continue;
    const bool second = Has(child, "value") && !seen.insert(name).second;
    // Whoever refers to a pair that says nothing here wants it all the same.
    if ((second || !Has(child, "value")) && reader.IsReferenced(Attribute(child, "id"))) return false;
    if (!Has(child, "value")) {
      reader.Remark("without a value, so ignored: " + name);
    } else if (second) {
      reader.Remark("the second of its name, so ignored: " + name + " = " + value);
    } else {
      ast::Option option = reader.MakeOption(name, PairValue(value, kind));
      option.id = reader.InnerId(child);
      out.emplace_back(std::move(option));
    }
  }
  return true;
}

bool ReadBlock(Reader& reader, xml_node block, std::string_view keyword, bool named,
               const std::set<std::string>& without, ast::Attributes& out) {
  out.kind = MakeText(keyword);
  out.span = reader.Number();
  if (Has(block, "id-ref")) {
    out.from = MakeText(Attribute(block, "id-ref"));
    return true;
  }
  out.id = reader.InnerId(block);
  const xml_node rule = block.child("rule");
  if (rule) {
    ast::Rule when;
    if (!ReadRule(reader, rule, when)) return false;
    out.when = std::move(when);
  }
  const bool scored = Has(block, "score");
  if (named && !out.id && !rule && !scored) {
    if (!Has(block, "id")) return false;
    out.id = MakeText(Attribute(block, "id"));
  }
  const std::size_t comments = reader.notes.comments.size();
  if (!ReadPairs(reader, block, KindOf(block.name()), without, out.pairs)) return false;
  out.has_body = rule || scored || !FitOnLine(out.pairs) || reader.notes.comments.size() > comments;
  if (scored) {
    const std::string_view score = Attribute(block, "score");
    out.options.push_back(reader.MakeOption("score", score == "INFINITY"    ? "inf"
                                                     : score == "-INFINITY" ? "-inf"
                                                                            : score));
  }
  if (!out.has_body) {
    for (ast::Pair& pair : out.pairs) out.options.push_back(std::get<ast::Option>(std::move(pair)));
    out.pairs.clear();
  } else if (out.pairs.size() > 3) {
    reader.notes.spread.insert(out.span.begin);
  }
  return true;
}

template <class Item>
bool ReadItems(Reader& reader, xml_node owner, std::string_view plain, const std::set<std::string>& without,
               std::vector<Item>& out) {
  if (Has(owner, "description")) {
    ast::Description description;
    description.text = MakeText(Attribute(owner, "description"), true);
    description.span = reader.Number();
    out.emplace_back(std::move(description));
  }
  const bool node = std::string_view(owner.name()) == "node";
  for (const xml_node child : InReadingOrder(owner)) {
    if (Reader::IsLeading(child)) continue;  // Belongs to the statement.
    if (reader.IsComment(child)) continue;
    const std::string_view tag = child.name();
    const bool block = tag == "instance_attributes" || tag == "meta_attributes" || tag == "utilization";
    if constexpr (std::is_same_v<Item, ast::Item>) {
      if (tag == "operations") {
        if (!ReadOperations(reader, child, out)) return false;
        continue;
      }
    }
    if (!block) return false;
    const bool first = child == PlainBlock(reader, owner, child.name());
    if (first && tag == plain) {
      std::vector<ast::Pair> pairs;
      if (!ReadPairs(reader, child, KindOf(tag), without, pairs)) return false;
      if (RefersToPairs(pairs)) {
        const std::string_view keyword = tag == "meta_attributes" ? "meta" : "params";
        out.emplace_back(PlainBlockOf(reader, keyword, std::move(pairs)));
        continue;
      }
      for (ast::Pair& pair : pairs) out.emplace_back(std::get<ast::Option>(std::move(pair)));
      continue;
    }
    const std::string_view keyword = tag == "meta_attributes" ? "meta"
                                     : tag == "utilization"   ? "utilization"
                                     : node                   ? "attributes"
                                                              : "params";
    // An empty block says nothing.
    if (!child.child("nvpair") && !Has(child, "id-ref")) continue;
    ast::Attributes attributes;
    if (!ReadBlock(reader, child, keyword, !first, first ? without : std::set<std::string>{}, attributes)) return false;
    const bool says_nothing = first && attributes.pairs.empty() && attributes.options.empty() && !without.empty();
    if (!says_nothing) out.emplace_back(std::move(attributes));
  }
  return true;
}

template bool ReadItems(Reader&, xml_node, std::string_view, const std::set<std::string>&, std::vector<ast::Item>&);
template bool ReadItems(Reader&, xml_node, std::string_view, const std::set<std::string>&,
                        std::vector<ast::BundleItem>&);
template bool ReadItems(Reader&, xml_node, std::string_view, const std::set<std::string>&,
                        std::vector<ast::AlertItem>&);

}  // namespace picket::compiler::import
