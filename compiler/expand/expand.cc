#include "compiler/expand/expand.h"

#include <deque>
#include <map>
#include <memory>
#include <set>

#include "compiler/diagnostics/nearest.h"
#include "compiler/expand/evaluate.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/shape.h"
#include "compiler/syntax/walk.h"

namespace picket::compiler {
namespace {

using ast::Statement;
using ast::Value;

// One file's own names: its variables and its defines.
struct Module {
  Scope scope;
  std::map<std::string, const ast::Define*> defines;
  std::map<std::string, Module*> imports;  ///< By alias.
  std::vector<Module*> merged;             ///< Imported without an alias.
  std::string path;
  ast::File file;
};

// The types that a parameter may be declared to have.
bool HasType(const std::string& type, const Value& value) {
  if (type == "list") return std::holds_alternative<ast::List>(value.what);
  if (type == "map") return std::holds_alternative<ast::Map>(value.what);
  const auto* text = std::get_if<ast::Text>(&value.what);
  if (text == nullptr) return false;
  const std::string& word = text->literal;
  if (type == "int") return AsInteger(word).has_value();
  if (type == "ipv4") return IsIpv4(word);
  if (type == "bool") return AsBoolean(word).has_value();
  if (type == "duration") return AsDurationMs(word).has_value();
  if (type == "size") return AsMebibytes(word).has_value();
  if (type == "text" || type == "name") return true;
  const auto range = AsRange(type);
  const auto number = AsInteger(word);
  return range && number && (!range->first || *number >= *range->first) && (!range->last || *number <= *range->last);
}

bool IsKnownType(const std::string& type) {
  static const std::set<std::string> types = {"list", "map", "int", "ipv4", "bool", "duration", "size", "text", "name"};
  return types.contains(type) || AsRange(type).has_value();
}

class Expander {
 public:
  Expander(SourceMap& sources, const FileReader& read, Diagnostics& diagnostics, std::vector<ast::Comment>& comments)
      : sources_(sources), read_(read), diagnostics_(diagnostics), comments_(comments) {}

  std::vector<Statement> Run(const ast::File& root) {
    Module& module = modules_.emplace_back();
    module.path = sources_.files[0].path;
    module.file = root;
    loaded_[module.path] = &module;
    loading_.insert(module.path);
    TakeModule(module);
    return std::move(out_);
  }

 private:
  Diagnostic& Error(std::string_view code, Span span, std::string message) {
    span.frame = frame_;
    return diagnostics_.Error(code, span, std::move(message));
  }

  // Defines first, since a `use` may stand before its `define`.
  void TakeModule(Module& module) {
    for (const Statement& statement : module.file.statements) {
      const auto* define = std::get_if<ast::Define>(&statement.what);
      if (define == nullptr) continue;
      if (!module.defines.emplace(define->name.literal, define).second) {
        Error("E0406", define->name.span, "a second define `" + define->name.literal + "`")
            .others.push_back({module.defines[define->name.literal]->name.span, "the first one"});
      }
      for (const ast::Parameter& parameter : define->parameters) {
        if (parameter.type && !IsKnownType(parameter.type->literal)) {
          Error("E0403", parameter.type->span, "unknown type `" + parameter.type->literal + "`")
              .help.push_back(
                  "known are int, bool, ipv4, duration, size, text, name, list, map "
                  "and ranges such as `1..10`");
        }
      }
    }
    Body(module.file.statements, module.scope, module, true);
  }

  void Body(const std::vector<Statement>& statements, Scope& scope, Module& module, bool top) {
    for (const Statement& statement : statements) {
      if (full_) return;
      One(statement, scope, module, top);
    }
  }

  void One(const Statement& statement, Scope& scope, Module& module, bool top) {
    if (const auto* import = std::get_if<ast::Import>(&statement.what)) {
      if (top) {
        Import(*import, statement, module);
      } else {
        Error("E0405", statement.keyword, "`import` inside a block")
            .help.push_back("imports stand at the top level of a file");
      }
    } else if (const auto* let = std::get_if<ast::Let>(&statement.what)) {
      Let(*let, scope, module);
    } else if (const auto* loop = std::get_if<ast::For>(&statement.what)) {
      For(*loop, statement, scope, module);
    } else if (const auto* branch = std::get_if<ast::If>(&statement.what)) {
      const auto truth = Evaluator(scope, frame_, diagnostics_).Truth(branch->condition);
      if (truth) {
        Scope inner(&scope);
        Body(*truth ? branch->then : branch->otherwise, inner, module, false);
      }
    } else if (std::holds_alternative<ast::Define>(statement.what)) {
      if (!top) {
        Error("E0405", statement.keyword, "`define` inside a block")
            .help.push_back("defines stand at the top level of a file");
      }
    } else if (const auto* use = std::get_if<ast::Use>(&statement.what)) {
      Use(*use, statement, scope, module);
    } else {
      Plain(statement, scope);
    }
  }

  void Let(const ast::Let& let, Scope& scope, Module& module) {
    if (let.name.literal.find('.') != std::string::npos) {
      Error("E0103", let.name.span, "a variable's name has no `.`");
      return;
    }
    const bool top = &scope == &module.scope;
    auto value = Evaluator(scope, frame_, diagnostics_).Resolve(let.value);
    // Something is bound in any case: one mistake, one message.
    if (!value) value = Value{ast::Text{}, let.value.span};
    if (ItemsIn(*value, kItemsMax) > kItemsMax) {
      return TooMuch(let.value.span, "a list of more than " + std::to_string(kItemsMax) + " items");
    }
    if (!scope.Bind(let.name.literal, std::move(*value))) {
      Error("E0406", let.name.span, "a second `let " + let.name.literal + "`")
          .help.push_back(top ? "a variable is set once" : "a variable is set once in a block");
    }
  }

  void For(const ast::For& loop, const Statement& statement, Scope& scope, Module& module) {
    const auto range = Evaluator(scope, frame_, diagnostics_).ResolveRange(loop.range);
    if (!range) return;
    std::vector<std::pair<Value, std::optional<Value>>> rounds;
    if (const auto* list = std::get_if<ast::List>(&range->what)) {
      for (const Value& item : list->items) rounds.emplace_back(item, std::nullopt);
    } else if (const auto* map = std::get_if<ast::Map>(&range->what)) {
      for (const ast::Option& option : map->options) {
        rounds.emplace_back(Value{option.name, option.name.span}, option.value);
      }
    } else if (!Numbers(*range, loop.range.span, rounds)) {
      return;
    }
    if (loop.value && !std::holds_alternative<ast::Map>(range->what)) {
      Error("E0402", loop.value->span, "two variables need a map").help.push_back("`for key, value in {a = 1, b = 2}`");
      return;
    }
    if (rounds.size() > kRoundsMax) return TooManyRounds(loop.range.span);
    for (const auto& [key, value] : rounds) {
      if (++all_rounds_ > kAllRoundsMax) {
        return TooMuch(loop.range.span, "more than " + std::to_string(kAllRoundsMax) + " rounds of loops in all");
      }
      Scope inner(&scope);
      inner.Bind(loop.key.literal, key);
      if (loop.value && value) inner.Bind(loop.value->literal, *value);
      const std::uint32_t outer = frame_;
      Enter(statement.keyword, "for " + loop.key.literal + " = " + DumpValue(key));
      Body(loop.body, inner, module, false);
      frame_ = outer;
      if (full_) return;
    }
  }

  bool Numbers(const Value& value, const Span& span, std::vector<std::pair<Value, std::optional<Value>>>& rounds) {
    const auto* text = std::get_if<ast::Text>(&value.what);
    const auto range = text != nullptr ? AsRange(text->literal) : std::nullopt;
    if (!range || !range->first || !range->last) {
      Error("E0402", span, "`for` needs a list, a map or a range").help.push_back("`for i in 1..3`, `for n in [a, b]`");
      return false;
    }
    if (*range->last >= *range->first &&
        static_cast<std::uint64_t>(*range->last) - static_cast<std::uint64_t>(*range->first) >= kRoundsMax) {
      TooManyRounds(span);
      return false;
    }
    for (std::int64_t i = *range->first; i <= *range->last; ++i) {
      ast::Text number;
      number.literal = std::to_string(i);
      number.span = span;
      rounds.emplace_back(Value{number, span}, std::nullopt);
    }
    return true;
  }

  void TooManyRounds(const Span& span) {
    TooMuch(span, "more than " + std::to_string(kRoundsMax) + " rounds of one `for`");
  }

  // Says which bound is crossed, and ends the expansion.
  void TooMuch(const Span& span, const std::string& bound) {
    if (!full_) {
      Diagnostic& error = Error("E0405", span, "this expands to too much: " + bound);
      error.label = "here the bound is crossed";
      error.help.push_back("no cluster needs as much; look for a loop in a loop, or a value that doubles");
    }
    full_ = true;
  }

  // Items of a list or a map, with those of the lists in it, as far as the bound.
  static std::size_t ItemsIn(const Value& value, std::size_t room) {
    std::size_t items = 1;
    if (const auto* list = std::get_if<ast::List>(&value.what)) {
      for (const Value& one : list->items) {
        if (items > room) break;
        items += ItemsIn(one, room - items);
      }
    } else if (const auto* map = std::get_if<ast::Map>(&value.what)) {
      for (const ast::Option& one : map->options) {
        if (items > room) break;
        items += ItemsIn(one.value, room - items);
      }
    }
    return items;
  }

  void Enter(const Span& at, std::string label) {
    Span place = at;
    place.frame = frame_;
    sources_.frames.push_back({place, std::move(label), frame_});
    frame_ = static_cast<std::uint32_t>(sources_.frames.size() - 1);
  }

  // A define by its name, with the module it belongs to.
  std::pair<const ast::Define*, Module*> FindDefine(const ast::Text& callee, Module& module) {
    const std::string& name = callee.literal;
    const std::size_t colons = name.find("::");
    if (colons != std::string::npos) {
      const std::string alias = name.substr(0, colons);
      const auto imported = module.imports.find(alias);
      if (imported == module.imports.end()) {
        std::vector<std::string> aliases;
        for (const auto& [known, target] : module.imports) aliases.push_back(known);
        Diagnostic& error = Error("E0401", callee.span, "nothing is imported as `" + alias + "`");
        if (auto nearest = Nearest(alias, aliases)) {
          error.help.push_back("did you mean `" + *nearest + "`?");
        } else {
          error.help.push_back("write `import \"file.picket\" as " + alias + "` first");
        }
        return {nullptr, nullptr};
      }
      const std::string inner = name.substr(colons + 2);
      const auto found = imported->second->defines.find(inner);
      if (found != imported->second->defines.end()) return {found->second, imported->second};
      UnknownDefine(callee, inner, *imported->second);
      return {nullptr, nullptr};
    }
    if (const auto found = module.defines.find(name); found != module.defines.end()) {
      return {found->second, &module};
    }
    for (Module* merged : module.merged) {
      const auto found = merged->defines.find(name);
      if (found != merged->defines.end()) return {found->second, merged};
    }
    UnknownDefine(callee, name, module);
    return {nullptr, nullptr};
  }

  void UnknownDefine(const ast::Text& callee, const std::string& name, const Module& module) {
    std::vector<std::string> known;
    for (const auto& [define, target] : module.defines) known.push_back(define);
    for (const Module* merged : module.merged) {
      for (const auto& [define, target] : merged->defines) known.push_back(define);
    }
    Diagnostic& error = Error("E0401", callee.span, "unknown define `" + name + "`");
    if (auto nearest = Nearest(name, known)) {
      error.help.push_back("did you mean `" + *nearest + "`?");
    } else {
      error.help.push_back("write `define " + name + "(…) { … }`, or import the file that has it");
    }
  }

  void Use(const ast::Use& use, const Statement& statement, Scope& scope, Module& module) {
    const auto [define, home] = FindDefine(use.callee, module);
    if (define == nullptr) return;
    if (++uses_ > kUsesMax) return TooMuch(use.callee.span, "more than " + std::to_string(kUsesMax) + " times `use`");
    if (active_.contains(define) || active_.size() >= kUseDepthMax) {
      Error("E0404", use.callee.span, "`" + use.callee.literal + "` uses itself")
          .help.push_back("a define may not reach itself; use `for` to repeat");
      return;
    }
    Scope inner(&home->scope);
    if (!BindArguments(use, *define, scope, inner)) return;
    const std::uint32_t outer = frame_;
    std::string label = "use " + use.callee.literal + '(';
    if (!use.arguments.empty()) {
      const auto* first = std::get_if<Value>(&use.arguments[0].value->what);
      const auto value = first != nullptr ? inner.Find(define->parameters[0].name.literal) : nullptr;
      if (value != nullptr) label += DumpValue(*value);
      if (use.arguments.size() > 1) label += ", …";
    }
    Enter(statement.keyword, label + ')');
    const std::size_t made_from = out_.size();
    active_.insert(define);
    Body(define->body, inner, *home, false);
    active_.erase(define);
    frame_ = outer;
    if (use.alias) NameMade(*use.alias, made_from, statement, scope);
  }

  // `use … as NAME`: NAME is a tag of what was made, so that one word stands
  // for all of it in constraints, here and in the cluster. Members are meant
  // with their group, and a fence device is no part of a service, unless there
  // is nothing else.
  void NameMade(const ast::Text& alias, std::size_t made_from, const Statement& statement, const Scope& scope) {
    ast::Tag tag;
    tag.name = alias;
    if (!Evaluator(scope, frame_, diagnostics_).Fill(tag.name)) return;
    tag.name.span.frame = frame_;
    std::vector<ast::Text> resources, devices;
    std::set<std::string> held;
    for (std::size_t i = made_from; i < out_.size(); ++i) {
      const auto& what = out_[i].what;
      if (const auto* primitive = std::get_if<ast::Primitive>(&what)) {
        if (primitive->keyword.literal == "primitive") resources.push_back(primitive->name);
      } else if (const auto* bundle = std::get_if<ast::Bundle>(&what)) {
        resources.push_back(bundle->name);
      } else if (const auto* members = std::get_if<ast::Members>(&what)) {
        resources.push_back(members->name);
        for (const ast::Text& member : members->members) held.insert(member.literal);
      } else if (const auto* fence = std::get_if<ast::Fence>(&what)) {
        devices.push_back(fence->name);
      }
    }
    for (const ast::Text& resource : resources.empty() ? devices : resources) {
      if (!held.contains(resource.literal)) tag.members.push_back(resource);
    }
    if (tag.members.empty()) {
      Error("E0403", alias.span, "this makes no resource that `" + tag.name.literal + "` could stand for")
          .help.push_back("leave out `as " + tag.name.literal + "`");
      return;
    }
    if (out_.size() >= kExpandedMax) return TooManyStatements(statement);
    Statement made;
    made.span = statement.span;
    made.keyword = statement.keyword;
    made.span.frame = made.keyword.frame = frame_;
    made.what = std::move(tag);
    out_.push_back(std::move(made));
  }

  bool BindArguments(const ast::Use& use, const ast::Define& define, Scope& scope, Scope& inner) {
    bool fine = true;
    std::map<std::string, const ast::Argument*> given;
    std::size_t position = 0;
    bool named = false;
    for (const ast::Argument& argument : use.arguments) {
      std::string name;
      if (argument.name) {
        named = true;
        name = argument.name->literal;
        std::vector<std::string> known;
        bool found = false;
        for (const ast::Parameter& parameter : define.parameters) {
          known.push_back(parameter.name.literal);
          found = found || parameter.name.literal == name;
        }
        if (!found) {
          Diagnostic& error =
              Error("E0403", argument.name->span, "`" + define.name.literal + "` has no parameter `" + name + "`");
          if (auto nearest = Nearest(name, known)) {
            error.help.push_back("did you mean `" + *nearest + "`?");
          }
          error.others.push_back({define.name.span, "defined here"});
          fine = false;
          continue;
        }
      } else if (named || position >= define.parameters.size()) {
        Diagnostic& error = Error(
            "E0403", argument.value->span,
            named ? "an argument without a name after one with a name"
                  : "`" + define.name.literal + "` takes " + std::to_string(define.parameters.size()) + " arguments");
        error.others.push_back({define.name.span, "defined here"});
        fine = false;
        continue;
      } else {
        name = define.parameters[position++].name.literal;
      }
      if (!given.emplace(name, &argument).second) {
        Error("E0403", argument.value->span, "`" + name + "` is given twice");
        fine = false;
      }
    }
    for (const ast::Parameter& parameter : define.parameters) {
      const auto found = given.find(parameter.name.literal);
      std::optional<Value> value;
      Span span = use.callee.span;
      if (found != given.end()) {
        value = Evaluator(scope, frame_, diagnostics_).ResolveArgument(*found->second->value);
        span = found->second->value->span;
      } else if (parameter.fallback) {
        value = Evaluator(inner, frame_, diagnostics_).Resolve(*parameter.fallback);
      } else {
        Diagnostic& error = Error("E0403", use.callee.span, "`" + parameter.name.literal + "` is missing");
        error.others.push_back({parameter.name.span, "it has no default"});
        error.help.push_back("write `" + parameter.name.literal + "=…`");
        fine = false;
        continue;
      }
      if (!value) {
        fine = false;
        continue;
      }
      if (parameter.type && IsKnownType(parameter.type->literal) && !HasType(parameter.type->literal, *value)) {
        Diagnostic& error =
            Error("E0403", span, "`" + DumpValue(*value) + "` is not of type `" + parameter.type->literal + "`");
        error.others.push_back({parameter.name.span, "the parameter"});
        fine = false;
      }
      inner.Bind(parameter.name.literal, std::move(*value));
    }
    return fine;
  }

  void Import(const ast::Import& import, const Statement& statement, Module& module) {
    if (!import.path.IsLiteral()) {
      Error("E0405", import.path.span, "an import's path cannot be computed");
      return;
    }
    std::string path = import.path.literal;
    const std::size_t slash = module.path.rfind('/');
    if (!path.starts_with("/") && slash != std::string::npos) {
      path = module.path.substr(0, slash + 1) + path;
    }
    Module* target = nullptr;
    if (const auto found = loaded_.find(path); found != loaded_.end()) {
      target = found->second;
      if (loading_.contains(path)) {
        Error("E0404", import.path.span, "`" + import.path.literal + "` imports itself")
            .help.push_back("move what both files need into a third one");
        return;
      }
    } else {
      target = Load(import, statement, path);
      if (target == nullptr) return;
    }
    if (import.alias) {
      module.imports[import.alias->literal] = target;
      // Its variables are reached as ${alias::name}.
      for (const auto& [name, value] : target->scope.own()) {
        module.scope.Bind(import.alias->literal + "::" + name, value);
      }
    } else {
      module.merged.push_back(target);
      for (const auto& [name, value] : target->scope.own()) {
        if (!module.scope.Bind(name, value)) {
          Error("E0406", import.path.span, "`" + name + "` of the imported file is defined here too")
              .help.push_back("import the file `as` something");
        }
      }
    }
  }

  Module* Load(const ast::Import& import, const Statement& statement, const std::string& path) {
    if (sources_.files.size() >= kFilesMax) {
      Error("E0405", import.path.span, "too many files");
      return nullptr;
    }
    auto text = read_ ? read_(path) : std::nullopt;
    if (!text) {
      Error("E0001", import.path.span, "cannot read `" + import.path.literal + "`")
          .help.push_back("a path is taken relative to the file that imports it");
      return nullptr;
    }
    const std::uint32_t file = static_cast<std::uint32_t>(sources_.files.size());
    sources_.files.push_back({path, std::move(*text)});
    Module& module = modules_.emplace_back();
    module.path = path;
    module.file = Parse(sources_.files[file].text, file, diagnostics_);
    comments_.insert(comments_.end(), module.file.comments.begin(), module.file.comments.end());
    loaded_[path] = &module;
    loading_.insert(path);
    const std::uint32_t outer = frame_;
    Enter(statement.keyword, "import \"" + import.path.literal + "\"");
    TakeModule(module);
    frame_ = outer;
    loading_.erase(path);
    return &module;
  }

  // Copies a statement with every `${…}` filled in.
  struct Filler {
    Evaluator& evaluator;
    std::uint32_t frame;
    bool fine = true;
    std::size_t bytes = 0;
    void operator()(ast::Text& text) {
      fine = evaluator.Fill(text) && fine;
      bytes += text.literal.size();
    }
    void operator()(Span& span) { span.frame = frame; }
    void operator()(Value& value) {
      // A value may be a whole list or map; texts inside names may not.
      const auto* text = std::get_if<ast::Text>(&value.what);
      if (text == nullptr || text->IsLiteral()) return;
      auto resolved = evaluator.Resolve(value);
      if (resolved) {
        value = std::move(*resolved);
      } else {
        fine = false;
        std::get<ast::Text>(value.what).pieces.clear();
      }
    }
  };

  void Plain(const Statement& statement, const Scope& scope) {
    if (out_.size() >= kExpandedMax) return TooManyStatements(statement);
    Evaluator evaluator(scope, frame_, diagnostics_);
    Statement copy = statement;
    Filler filler{evaluator, frame_};
    ast::Walk(filler, copy);
    // What is written once and not computed is in the file, which has a bound of its own.
    if (frame_ != 0) bytes_ += filler.bytes;
    if (bytes_ > kBytesMax) {
      return TooMuch(statement.keyword, "more than " + std::to_string(kBytesMax >> 20) + " MiB of text");
    }
    if (filler.fine) out_.push_back(std::move(copy));
  }

  void TooManyStatements(const Statement& statement) {
    TooMuch(statement.keyword, "more than " + std::to_string(kExpandedMax) + " statements");
  }

  SourceMap& sources_;
  const FileReader& read_;
  Diagnostics& diagnostics_;
  std::vector<ast::Comment>& comments_;
  std::deque<Module> modules_;
  std::map<std::string, Module*> loaded_;
  std::set<std::string> loading_;
  std::set<const ast::Define*> active_;
  std::vector<Statement> out_;
  std::uint32_t frame_ = 0;
  std::size_t all_rounds_ = 0;
  std::size_t uses_ = 0;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace

std::vector<ast::Statement> Expand(const ast::File& root, SourceMap& sources, const FileReader& read,
                                   Diagnostics& diagnostics, std::vector<ast::Comment>& comments) {
  return Expander(sources, read, diagnostics, comments).Run(root);
}

}  // namespace picket::compiler
