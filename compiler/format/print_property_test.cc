#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

#include "compiler/format/format.h"
#include "compiler/syntax/parse.h"

// Trees of every kind of statement, made at random. Printing one and reading
// the text has to give the tree back, and the text has to be canonical.
namespace picket::compiler {
namespace {

using namespace ast;

// Every value from the first run on, not only small ones.
int Below(int limit) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, limit));
}
bool Coin() {
  return Below(2) == 1;
}

template <class T>
T Pick(const std::vector<T>& list) {
  return list[static_cast<std::size_t>(Below(static_cast<int>(list.size())))];
}

ast::Text Plain(std::string word) {
  ast::Text text;
  text.literal = std::move(word);
  return text;
}

// Names that are plain, names that are keywords somewhere, names that have to
// be quoted.
ast::Text AnyName() {
  static const std::vector<std::string> names = {
      "a",   "vip",  "db-1",   "x.y",    "_z",    "start",     "stop",    "promote",     "promoted",
      "any", "from", "with",   "then",   "on",    "of",        "not",     "where",       "when",
      "op",  "meta", "params", "all",    "xpath", "node",      "fence",   "none",        "order",
      "for", "in",   "and",    "or",     "18n",   "link",      "a b",     "a:0",         "%1",
      "",    "it's", "\"q\"",  "back\\", "${x}",  "ü",         "tag",     "description", "two\nlines",
      "to",  "by",   "is",     "hand",   "score", "promotion", "powered", "within",      "a\nb\nc\n"};
  Text text = Plain(Pick(names));
  text.quoted = Coin();
  return text;
}

ast::Text AnyWord() {
  static const std::vector<std::string> words = {
      "10s",  "1..5",      "/dev/sda", "fd00::1", "inf",       "x",  "a,b", "a b",
      "q\"q", "new\nline", "$",        "${no}",   "tab\there", "'",  "a=b", "#c",
      "-5",   "yes",       "@at",      ":c",      "c:",        "\\", "'''", "one\ntwo\nthree"};
  Text text = Plain(Pick(words));
  text.quoted = Coin();
  return text;
}

ast::Expr Condition(int depth);

ast::Text Computed() {
  Text text;
  text.pieces.emplace_back(std::string(Pick<std::string>({"a-", "b.", "x"})));
  text.pieces.emplace_back(Box<Expr>(Expr{Value{Plain("n"), {}}, {}}));
  text.quoted = Coin();
  return text;
}

ast::Text NameText() {
  return Below(8) == 0 ? Computed() : AnyName();
}

std::optional<Text> Perhaps() {
  if (Coin()) return std::nullopt;
  return NameText();
}

Value AnyValue(int depth) {
  switch (depth > 0 ? Below(6) : 0) {
    case 1: {
      List list;
      for (int i = Below(3); i > 0; --i) list.items.push_back(AnyValue(depth - 1));
      return {list, {}};
    }
    case 2: {
      Map map;
      for (int i = Below(3); i > 0; --i) {
        Option option;
        option.name = AnyName();
        option.value = AnyValue(depth - 1);
        map.options.push_back(option);
      }
      return {map, {}};
    }
    case 3: {
      Call call{Plain("secret"), {}};
      Argument argument;
      argument.value = Box<Expr>(Expr{Value{AnyWord(), {}}, {}});
      call.arguments.push_back(argument);
      return {call, {}};
    }
    case 4:
      return {Computed(), {}};
    default:
      return {AnyWord(), {}};
  }
}

Option AnyOption() {
  Option option;
  option.name = NameText();
  if (Below(6) == 0) option.id = Pick<Text>({Plain("i1"), Plain("odd id")});
  option.value = AnyValue(1);
  return option;
}

template <class T, class Make>
std::vector<T> Several(int least, int limit, Make&& make) {
  std::vector<T> out;
  for (int i = least + Below(limit); i > 0; --i) out.push_back(make());
  return out;
}
std::vector<Option> Options(int least = 0) {
  return Several<Option>(least, 3, AnyOption);
}
std::vector<Text> Names() {
  return Several<Text>(1, 4, NameText);
}

Expr Operand() {
  // Quoted, so that no word is taken for a connective.
  if (Coin()) return {Value{Plain(Pick<std::string>({"pingd", "rack", "5", "node.id"})), {}}, {}};
  Text text = AnyWord();
  text.quoted = true;
  return {Value{text, {}}, {}};
}

Expr Arithmetic(int depth) {
  if (depth == 0 || Coin()) return Operand();
  const std::string op = Pick<std::string>({"+", "-", "*", "/", "%"});
  return {Binary{op, Arithmetic(depth - 1), Arithmetic(depth - 1)}, {}};
}

Expr Atom() {
  switch (Below(5)) {
    case 0: {
      StateAtom atom;
      atom.state = Plain(Pick<std::string>({"running", "stopped", "promoted", "fenced", "start"}));
      atom.subject = NameText();
      if (Coin()) atom.node = NameText();
      if (Coin()) atom.device = NameText();
      return {atom, {}};
    }
    case 1:
      return {UndisturbedAtom{Plain(Pick<std::string>({"restart", "move"})), NameText(), Perhaps()}, {}};
    case 2: {
      DateAtom date;
      switch (Below(4)) {
        case 0:
          date.after = Value{AnyWord(), {}};
          break;
        case 1:
          date.before = Value{AnyWord(), {}};
          break;
        case 2:
          date.until = Value{AnyWord(), {}};
          break;
        default: {
          date.from = Value{AnyWord(), {}};
          Argument argument;
          argument.name = Plain("hours");
          argument.value = Box<Expr>(Operand());
          date.duration.push_back(argument);
        }
      }
      return {date, {}};
    }
    default:
      return {Binary{Pick<std::string>({"==", "!=", "<", "<=", ">", ">="}), Arithmetic(2), Arithmetic(2)}, {}};
  }
}

Expr Condition(int depth) {
  if (depth == 0) return Atom();
  switch (Below(5)) {
    case 0: {
      Expr operand = Condition(depth - 1);
      if (std::holds_alternative<Not>(operand.what)) return operand;  // Two of them are none.
      return {Not{operand}, {}};
    }
    case 1:
    case 2:
      return {Junction{Coin(), Several<Expr>(2, 3, [&] { return Condition(depth - 1); })}, {}};
    case 3:
      return {Implies{Condition(depth - 1), Condition(depth - 1)}, {}};
    default:
      return Atom();
  }
}

ast::Rule AnyRule() {
  ast::Rule rule;
  if (Below(4) == 0) {
    rule.from = NameText();
    return rule;
  }
  if (Coin()) rule.id = Plain("rule-1");
  rule.condition = Condition(2);
  return rule;
}

Attributes Block(const std::vector<std::string>& kinds) {
  Attributes block;
  block.kind = Plain(Pick(kinds));
  if (Below(5) == 0) {
    block.from = NameText();
    return block;
  }
  if (Coin()) block.id = Plain("block-1");
  if (Coin()) block.when = AnyRule();
  block.options = Options();
  block.has_body = Coin();
  if (block.has_body) {
    block.pairs = Several<Pair>(0, 3, [&]() -> Pair {
      if (Coin()) return AnyOption();
      PairReference reference;
      if (Coin()) reference.name = NameText();
      reference.id = NameText();
      return reference;
    });
  }
  return block;
}

Item AnyItem() {
  switch (Below(5)) {
    case 0:
      return Block({"params", "meta", "utilization"});
    case 1: {
      Operation operation;
      operation.name = NameText();
      if (Coin()) operation.id = Plain("op-1");
      operation.options = Options();
      if (Coin()) operation.items.emplace_back(AnyOption());
      return operation;
    }
    case 2:
      return Description{AnyWord(), {}};
    case 3: {
      Operations operations;
      (Coin() ? operations.id : operations.from) = Plain("ops");
      return operations;
    }
    default:
      return AnyOption();
  }
}

Item CollectionItem() {
  return Coin() ? Item(AnyOption()) : Item(Block({"params", "meta"}));
}

ast::Reference AnyReference(bool actions) {
  ast::Reference reference;
  if (Below(3) == 0) (actions ? reference.action : reference.role) = Plain(actions ? "promote" : "promoted");
  if (Below(4) == 0) reference.any = Plain("any");
  if (Coin()) {
    reference.what = NameText();
    return reference;
  }
  ast::Set set;
  set.ordered = Coin();
  if (Below(4) == 0) {
    set.from = NameText();
  } else {
    if (Coin()) set.id = Plain("set-1");
    set.members = Names();
    set.options = Options();
  }
  reference.what = set;
  return reference;
}

ast::Clause AnyClause() {
  ast::Clause clause;
  clause.verb = Plain(Pick<std::string>({"prefers", "avoids", "never", "only", "allows"}));
  if (Coin()) {
    clause.nodes = Names();
  } else {
    clause.where = AnyRule();
  }
  clause.options = Options();
  return clause;
}

ResourceFault AnyResourceFault() {
  ResourceFault fault;
  fault.verb = Plain(Pick<std::string>(
      {"repair", "unmanage", "manage", "disable", "enable", "move", "ban", "clear", "cleanup", "refresh"}));
  const std::string& verb = fault.verb.literal;
  const bool places = verb == "move" || verb == "ban";
  const bool cleans = verb == "cleanup" || verb == "refresh";
  if (places && Coin()) fault.role = Plain("promoted");
  if (!cleans || Coin()) fault.resource = NameText();
  if (places || cleans || verb == "clear") fault.node = Perhaps();
  return fault;
}

TestStep AnyFault() {
  TestStep step;
  switch (Below(12)) {
    case 0:
      step.what =
          NodesFault{Plain(Pick<std::string>({"kill", "shutdown", "reboot", "leave", "crash", "confirm"})), Names()};
      break;
    case 1:
      step.what = PartitionFault{Names(), Names()};
      break;
    case 2: {
      FailFault fault;
      fault.resource = NameText();
      fault.operation = Perhaps();
      fault.node = Perhaps();
      fault.options = Options();
      step.what = fault;
      break;
    }
    case 3:
      step.what = SetFault{AnyOption(), NameText()};
      break;
    case 4: {
      HealFault heal;
      heal.link = Perhaps();
      if (heal.link) heal.node = Perhaps();
      step.what = heal;
      break;
    }
    case 5:
      step.what = MaintenanceFault{Plain(Coin() ? "on" : "off"), Perhaps()};
      break;
    case 6:
      step.what = ByHandFault{Plain(Coin() ? "start" : "stop"), NameText(), NameText()};
      break;
    case 7:
      step.what = CutFault{NameText(), NameText()};
      break;
    case 8:
      step.what = DeleteFault{NameText()};
      break;
    case 9:
      step.what = EditFault{Plain("op"), NameText(), AnyOption(), NameText()};
      break;
    case 10:
      if (Coin()) {
        step.what = EditFault{Plain("property"), std::nullopt, AnyOption(), std::nullopt};
      } else {
        step.what = EditFault{Plain(Coin() ? "meta" : "params"), std::nullopt, AnyOption(), NameText()};
      }
      break;
    default:
      step.what = AnyResourceFault();
  }
  return step;
}

TestStep AnyStep() {
  TestStep step;
  switch (Below(6)) {
    case 0:
      step.what = ConditionStep{Plain("given"), Condition(2), std::nullopt};
      break;
    case 1:
      step.what = ConditionStep{Plain("expect"), Condition(2), Perhaps()};
      break;
    case 2:
      step.what = DuringStep{NameText(), NameText(), Perhaps(), Several<TestStep>(0, 3, AnyFault)};
      break;
    default:
      return AnyFault();
  }
  return step;
}

Assume AnyAssumption() {
  switch (Below(3)) {
    case 0:
      return {TimeAssumption{NameText(), NameText(), Perhaps(), AnyWord()}};
    case 1: {
      ScoreAssumption score{NameText(), Perhaps(), AnyWord(), std::nullopt};
      if (Coin()) score.role = Plain(Coin() ? "promoted" : "unpromoted");
      return {score};
    }
    default:
      return {PowerAssumption{NameText(), NameText()}};
  }
}

Statement AnyStatement(int depth);
std::vector<Statement> Statements(int depth) {
  return Several<Statement>(1, 3, [&] { return AnyStatement(depth); });
}

Node AnyNode() {
  Node node;
  node.name = NameText();
  if (Coin()) node.kind = Plain("remote");
  node.items = Several<Item>(0, 3, [] { return Coin() ? Item(AnyOption()) : Item(Block({"attributes"})); });
  return node;
}

Primitive AnyPrimitive() {
  Primitive primitive;
  primitive.keyword = Plain(Coin() ? "primitive" : "rsc_template");
  primitive.name = NameText();
  primitive.source.is_template = Coin();
  primitive.source.name = primitive.source.is_template ? NameText() : Plain("ocf:heartbeat:Dummy");
  primitive.items = Several<Item>(0, 5, AnyItem);
  return primitive;
}

Fence AnyFence() {
  Fence fence;
  fence.name = NameText();
  fence.source.name = Plain("stonith:external/ipmi");
  fence.hosts = Several<Host>(0, 3, [] {
    Host host{NameText(), std::nullopt};
    if (Coin()) host.alias = AnyValue(0);
    return host;
  });
  fence.items = Several<Item>(0, 3, AnyItem);
  return fence;
}

Fencing AnyFencing() {
  Fencing fencing;
  switch (Below(3)) {
    case 0:
      fencing.target = NameText();
      break;
    case 1:
      fencing.target = Regex{Plain("^a/b.*")};
      break;
    default:
      fencing.target = AttributeTarget{NameText(), AnyValue(0)};
  }
  fencing.levels = Several<Level>(1, 3, [] {
    Level level;
    if (Coin()) level.id = Plain("level-1");
    if (Coin()) level.index = Plain("4");
    level.devices = Names();
    return level;
  });
  return fencing;
}

ast::Members AnyMembers() {
  ast::Members members;
  members.keyword = Plain(Pick<std::string>({"group", "clone", "promotable"}));
  members.name = NameText();
  members.members = Names();
  members.items = Several<Item>(0, 3, CollectionItem);
  return members;
}

Bundle AnyBundle() {
  Bundle bundle;
  bundle.name = NameText();
  bundle.runtime = Plain("podman");
  bundle.items = Several<BundleItem>(0, 4, []() -> BundleItem {
    switch (Below(4)) {
      case 0:
        return BundleNetwork{Options(1), {}};
      case 1: {
        BundlePort port;
        if (Coin()) port.port = Plain("80");
        port.options = Options();
        return port;
      }
      case 2:
        return BundleStorage{std::nullopt, Options(1), {}};
      default:
        return AnyOption();
    }
  });
  return bundle;
}

Location AnyLocation() {
  Location location;
  if (Coin()) location.id = NameText();
  if (Below(3) == 0) {
    if (Coin()) location.role = Plain("promoted");
    if (Coin()) location.negated = Plain("not");
    location.pattern = Regex{Plain("x[0-9]+/y")};
  } else {
    location.subjects = Several<ast::Reference>(1, 2, [] { return AnyReference(false); });
  }
  location.has_body = Coin();
  location.clauses = Several<Clause>(1, location.has_body ? 3 : 1, AnyClause);
  return location;
}

Relation AnyRelation() {
  Relation relation;
  relation.keyword = Plain(Pick<std::string>({"colocation", "separate", "order", "depend", "ticket"}));
  const bool depend = relation.keyword.literal == "depend";
  if (Coin()) relation.id = NameText();
  if (depend && relation.id && Coin()) relation.first_id = NameText();
  if (relation.keyword.literal == "ticket") relation.ticket = NameText();
  const bool actions = relation.keyword.literal == "order";
  relation.parts = Several<ast::Reference>(depend ? 2 : 1, 3, [&] { return AnyReference(actions); });
  relation.options = Options();
  return relation;
}

Role AnyRole() {
  Role role;
  role.name = NameText();
  role.items = Several<RoleItem>(0, 3, []() -> RoleItem {
    Permission permission;
    permission.kind = Plain(Pick<std::string>({"read", "write", "deny"}));
    if (Coin()) permission.id = Plain("p1");
    switch (Below(4)) {
      case 0:
        permission.object = Plain("all");
        break;
      case 1:
        permission.object = Plain("meta");
        permission.name = NameText();
        break;
      case 2:
        permission.object = Plain("element");
        permission.name = NameText();
        if (Coin()) permission.attribute = NameText();
        break;
      default:
        permission.name = NameText();
    }
    permission.options = Options();
    return permission;
  });
  return role;
}

Alert AnyAlert() {
  Alert alert;
  alert.name = NameText();
  alert.path = AnyValue(0);
  alert.items = Several<AlertItem>(0, 3, []() -> AlertItem {
    switch (Below(3)) {
      case 0:
        return Recipient{std::nullopt, AnyValue(0), Several<Item>(0, 2, CollectionItem), {}};
      case 1:
        return Select{{Selection{Plain("attributes"), Names()}, Selection{Plain("nodes"), {}}}, {}};
      default:
        return AnyOption();
    }
  });
  return alert;
}

Test AnyTest() {
  Test test;
  test.name = AnyWord();
  test.steps = Several<TestStep>(0, 4, AnyStep);
  return test;
}

Invariant AnyInvariant() {
  Invariant invariant;
  invariant.name = AnyWord();
  invariant.items.push_back({Over{Plain("1..2"), {Plain("node"), Plain("link")}}, {}});
  invariant.items.push_back({ConditionStep{Plain("always"), Condition(2), std::nullopt}, {}});
  return invariant;
}

For AnyFor(int depth) {
  For loop;
  loop.key = Plain("k");
  if (Coin()) loop.value = Plain("v");
  loop.range = Value{Plain("1..3"), {}};
  loop.body = Statements(depth - 1);
  return loop;
}

If AnyIf(int depth) {
  If branch;
  branch.condition = Condition(1);
  branch.then = Statements(depth - 1);
  branch.otherwise = Statements(depth - 1);
  return branch;
}

Define AnyDefine(int depth) {
  Define define;
  define.name = Plain("web");
  define.parameters.push_back({Plain("ip"), Plain("ipv4"), std::nullopt});
  define.parameters.push_back({Plain("port"), Plain("1..65535"), AnyValue(1)});
  define.body = Statements(depth - 1);
  return define;
}

decltype(Statement::what) AnyWhat(int depth) {
  switch (Below(depth > 0 ? 21 : 18)) {
    case 0:
      return Defaults{Block({"property", "rsc_defaults", "op_defaults"})};
    case 1:
      return AnyNode();
    case 2:
      return AnyPrimitive();
    case 3:
      return AnyFence();
    case 4:
      return AnyFencing();
    case 5:
      return AnyMembers();
    case 6:
      return AnyBundle();
    case 7:
      return AnyLocation();
    case 8:
    case 9:
      return AnyRelation();
    case 10:
      return Tag{NameText(), Names()};
    case 11:
      return AnyRole();
    case 12:
      return Acl{Plain("user"), std::nullopt, NameText(), Names()};
    case 13:
      return AnyAlert();
    case 14:
      return AnyTest();
    case 15:
      return AnyInvariant();
    case 16:
      return Let{Plain("x"), AnyValue(2)};
    case 17:
      return AnyAssumption();
    case 18:
      return AnyFor(depth);
    case 19:
      return AnyIf(depth);
    default:
      return AnyDefine(depth);
  }
}

Statement AnyStatement(int depth) {
  Statement statement;
  statement.what = AnyWhat(depth);
  return statement;
}

std::string ErrorsOf(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.list()) out += diagnostic.message + "\n";
  return out;
}

void CheckPrinted(const std::vector<Statement>& statements) {
  const std::string text = Print(statements);
  Diagnostics diagnostics;
  const File file = Parse(text, 0, diagnostics);
  RC_LOG() << text << ErrorsOf(diagnostics);
  RC_ASSERT(!diagnostics.HasErrors());
  RC_ASSERT(SameMeaning(statements, file.statements));
  RC_ASSERT(Format(file, text) == text);
}

// The text with comments put in, at the ends of lines and on lines of their own.
std::string WithComments(const std::string& text, std::size_t& count) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    if (Below(4) == 0) out += "   # own " + std::to_string(count++) + '\n';
    if (Below(6) == 0) out += '\n';
    out += line;
    if (!line.empty() && Below(4) == 0) out += " # end " + std::to_string(count++);
    out += '\n';
    at = end + 1;
  }
  return out;
}

TEST_CASE("what is printed is read back as the same, and is canonical") {
  CHECK(rc::check([] { CheckPrinted(Statements(2)); }));
}

TEST_CASE("comments anywhere are kept, and formatting twice is formatting once") {
  CHECK(rc::check([] {
    const std::string text = Print(Statements(2));
    // A comment inside a string over several lines would be none.
    RC_PRE(text.find("'''") == std::string::npos);
    std::size_t count = 0;
    const std::string commented = WithComments(text, count);
    Diagnostics diagnostics;
    const File file = Parse(commented, 0, diagnostics);
    RC_LOG() << commented << ErrorsOf(diagnostics);
    RC_ASSERT(!diagnostics.HasErrors());
    RC_ASSERT(file.comments.size() == count);
    const std::string once = Format(file, commented);
    RC_LOG() << "--- formatted\n" << once;
    const File again = Parse(once, 0, diagnostics);
    RC_LOG() << ErrorsOf(diagnostics);
    RC_ASSERT(!diagnostics.HasErrors());
    RC_ASSERT(again.comments.size() == count);
    RC_ASSERT(SameMeaning(file.statements, again.statements));
    RC_ASSERT(Format(again, once) == once);
  }));
}

}  // namespace
}  // namespace picket::compiler
