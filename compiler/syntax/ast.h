// The tree of a policy: what the author wrote, nothing decided yet.
//
// Every node is a plain struct with a span. Words that choose between kinds
// (`remote`, `prefers`, `params`) stay words with their spans, so that a
// message can point at them; the grammar has made sure that they are among
// the known ones. Names may hold `${…}` until compiler/expand has run; after
// it every `Text` is literal and only the plain statements are left.
//
// `PICKET_FIELDS` lists the fields of a node once; the dump, the substitution
// of variables and every other walk over the whole tree are written on top of
// that list (compiler/syntax/walk.h) instead of once for each node.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/source_map/span.h"

namespace picket::compiler::ast {

#define PICKET_FIELDS(...)        \
  auto Fields() {                 \
    return std::tie(__VA_ARGS__); \
  }                               \
  auto Fields() const {           \
    return std::tie(__VA_ARGS__); \
  }                               \
  static constexpr std::string_view kFieldNames = #__VA_ARGS__

/// A value on the heap that copies like a value: lets a type contain itself.
template <class T>
class Box {
 public:
  Box() : value_(std::make_unique<T>()) {}
  Box(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Box(const Box& other) : value_(std::make_unique<T>(*other.value_)) {}
  Box(Box&& other) noexcept = default;
  Box& operator=(const Box& other) {
    value_ = std::make_unique<T>(*other.value_);
    return *this;
  }
  Box& operator=(Box&& other) noexcept = default;
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }

 private:
  std::unique_ptr<T> value_;
};

struct Expr;

/// A stretch of a name or value: literal text, or `${expression}`.
using Piece = std::variant<std::string, Box<Expr>>;

/// A word, a name or a string. `literal` is its value unless `pieces` says
/// that there is something to compute. A quoted text is never a keyword.
struct Text {
  std::string literal;
  std::vector<Piece> pieces;
  Span span;
  bool quoted = false;

  bool IsLiteral() const { return pieces.empty(); }
};

struct Value;
struct Argument;
struct Option;

struct List {
  std::vector<Value> items;
};
struct Map {
  std::vector<Option> options;
};
/// `secret("path")`, `attribute(pingd)`, `date(hours=9..16)`.
struct Call {
  Text name;
  std::vector<Argument> arguments;
};

struct Value {
  std::variant<Text, List, Map, Call> what;
  Span span;
};

// --------------------------------------------------------------- expressions

struct Not {
  Box<Expr> operand;
};
/// `a and b and c` or `a or b or c`, two or more operands.
struct Junction {
  bool conjunction = true;
  std::vector<Expr> operands;
};
struct Implies {
  Box<Expr> premise;
  Box<Expr> conclusion;
};
/// Comparisons, `in`, `before`, and arithmetic; `op` as written.
struct Binary {
  std::string op;
  Box<Expr> left;
  Box<Expr> right;
};
/// `running vip on ha1`, `fenced ha1 by ipmi`, `promote drbd-ms on ha2`.
struct StateAtom {
  Text state;
  Text subject;
  std::optional<Text> node;
  std::optional<Text> device;
};
/// `no restart of db on n1`; `kind` is restart or move.
struct UndisturbedAtom {
  Text kind;
  Text resource;
  std::optional<Text> node;
};
/// `date after T`, `date from T until U`, `date from T for (hours=8)`.
struct DateAtom {
  std::optional<Value> after;
  std::optional<Value> before;
  std::optional<Value> from;
  std::optional<Value> until;
  std::vector<Argument> duration;
};
/// `sites[site]`.
struct Index {
  Box<Expr> base;
  Box<Expr> key;
};

struct Expr {
  std::variant<Value, Not, Junction, Implies, Binary, StateAtom, UndisturbedAtom, DateAtom, Index> what;
  Span span;
};

/// One argument of a call; `name` is set for `name=…`.
struct Argument {
  std::optional<Text> name;
  Box<Expr> value;
  PICKET_FIELDS(name, value);
};

// --------------------------------------------------------- pieces of statements

/// `name = value`, `name @id = value`.
struct Option {
  Text name;
  std::optional<Text> id;
  Value value;
  Span span;
  PICKET_FIELDS(name, id, value);
};

/// `from id` or `name from id` inside a block: a pair that stands elsewhere.
struct PairReference {
  std::optional<Text> name;
  Text id;
  Span span;
  PICKET_FIELDS(name, id);
};

/// What follows `when` and `where`: a condition, perhaps named, or a reference.
struct Rule {
  std::optional<Text> from;
  std::optional<Text> id;
  std::optional<Expr> condition;
  Span span;
  PICKET_FIELDS(from, id, condition);
};

using Pair = std::variant<Option, PairReference>;

/// Every block of name–value pairs: `kind` is params, meta, utilization,
/// attributes, property, rsc_defaults or op_defaults. `options` stand on the
/// line of the keyword, `pairs` in braces.
struct Attributes {
  Text kind;
  std::optional<Text> from;
  std::optional<Text> id;
  std::optional<Rule> when;
  std::vector<Option> options;
  bool has_body = false;
  std::vector<Pair> pairs;
  Span span;
  PICKET_FIELDS(kind, from, id, when, options, pairs);
};

struct Description {
  Text text;
  Span span;
  PICKET_FIELDS(text);
};

using OperationItem = std::variant<Option, Attributes>;

/// `op monitor @id interval=10s { … }`.
struct Operation {
  Text name;
  std::optional<Text> id;
  std::vector<Option> options;
  std::vector<OperationItem> items;
  Span span;
  PICKET_FIELDS(name, id, options, items);
};

/// `operations @id`, `operations from id`.
struct Operations {
  std::optional<Text> id;
  std::optional<Text> from;
  Span span;
  PICKET_FIELDS(id, from);
};

/// `link lan 192.0.2.11` in a node.
struct LinkAddress {
  Text link;
  Value address;
  Span span;
  PICKET_FIELDS(link, address);
};

using Item = std::variant<Option, PairReference, Attributes, Operation, Operations, Description, LinkAddress>;

/// The agent, or the template after `from`.
struct Source {
  Text name;
  bool is_template = false;
  PICKET_FIELDS(name);
};

/// Members in braces (`ordered` false) or brackets, or `{from id}`.
struct Set {
  bool ordered = false;
  std::optional<Text> from;
  std::optional<Text> id;
  std::vector<Text> members;
  std::vector<Option> options;
  PICKET_FIELDS(from, id, members, options);
};

/// One side of a constraint: a name or a set, with the word in front of it.
/// `action` is only read where actions are (`order`), `role` elsewhere.
struct Reference {
  std::optional<Text> role;
  std::optional<Text> action;
  std::optional<Text> any;
  std::variant<Text, Set> what;
  Span span;
  PICKET_FIELDS(role, action, any, what);
};

// ------------------------------------------------------------------ statements

struct Statement;

struct Import {
  static constexpr std::string_view kKind = "import";
  Text path;
  std::optional<Text> alias;
  PICKET_FIELDS(path, alias);
};

struct Let {
  static constexpr std::string_view kKind = "let";
  Text name;
  Value value;
  PICKET_FIELDS(name, value);
};

/// `for key, value in range { … }`; `value` only for a map.
struct For {
  static constexpr std::string_view kKind = "for";
  Text key;
  std::optional<Text> value;
  Value range;
  std::vector<Statement> body;
  PICKET_FIELDS(key, value, range, body);
};

struct If {
  static constexpr std::string_view kKind = "if";
  Expr condition;
  std::vector<Statement> then;
  std::vector<Statement> otherwise;
  PICKET_FIELDS(condition, then, otherwise);
};

struct Parameter {
  Text name;
  std::optional<Text> type;
  std::optional<Value> fallback;
  PICKET_FIELDS(name, type, fallback);
};

struct Define {
  static constexpr std::string_view kKind = "define";
  Text name;
  std::vector<Parameter> parameters;
  std::vector<Statement> body;
  PICKET_FIELDS(name, parameters, body);
};

struct Use {
  static constexpr std::string_view kKind = "use";
  Text callee;
  std::vector<Argument> arguments;
  std::optional<Text> alias;
  PICKET_FIELDS(callee, arguments, alias);
};

struct Xml {
  static constexpr std::string_view kKind = "xml";
  Text section;
  Text content;
  PICKET_FIELDS(section, content);
};

struct ClusterLink {
  Text name;
  std::vector<Option> options;
  Span span;
  PICKET_FIELDS(name, options);
};
/// `crypto`, `totem`, `quorum`, `sbd`, `cib` with options; `qdevice` with a model too.
struct ClusterSection {
  Text kind;
  std::optional<Text> model;
  std::vector<Option> options;
  Span span;
  PICKET_FIELDS(kind, model, options);
};
struct Check {
  Text name;
  std::optional<Value> value;
  PICKET_FIELDS(name, value);
};
struct Preflight {
  std::vector<Check> checks;
  Span span;
  PICKET_FIELDS(checks);
};
using ClusterItem = std::variant<Option, ClusterLink, ClusterSection, Preflight>;

struct Cluster {
  static constexpr std::string_view kKind = "cluster";
  Text name;
  std::vector<ClusterItem> items;
  PICKET_FIELDS(name, items);
};

/// `kind` is unset, remote, ping or guest; `host` the resource of a guest.
struct Node {
  static constexpr std::string_view kKind = "node";
  Text name;
  std::optional<Text> kind;
  std::optional<Text> host;
  std::vector<Item> items;
  PICKET_FIELDS(name, kind, host, items);
};

/// `property`, `rsc_defaults`, `op_defaults`.
struct Defaults {
  static constexpr std::string_view kKind = "defaults";
  Attributes block;
  PICKET_FIELDS(block);
};

/// `keyword` is primitive or rsc_template.
struct Primitive {
  static constexpr std::string_view kKind = "primitive";
  Text keyword;
  Text name;
  Source source;
  std::vector<Item> items;
  PICKET_FIELDS(keyword, name, source, items);
};

struct Host {
  Text name;
  std::optional<Value> alias;
  PICKET_FIELDS(name, alias);
};

struct Fence {
  static constexpr std::string_view kKind = "fence";
  Text name;
  Source source;
  std::vector<Host> hosts;
  std::vector<Item> items;
  PICKET_FIELDS(name, source, hosts, items);
};

struct Level {
  std::optional<Text> id;
  std::optional<Text> index;
  std::vector<Text> devices;
  Span span;
  PICKET_FIELDS(id, index, devices);
};

/// A regular expression where a name may stand; without its slashes.
struct Regex {
  Text pattern;
  PICKET_FIELDS(pattern);
};

struct AttributeTarget {
  Text attribute;
  Value value;
  PICKET_FIELDS(attribute, value);
};

struct Fencing {
  static constexpr std::string_view kKind = "fencing";
  std::variant<Text, Regex, AttributeTarget> target;
  std::vector<Level> levels;
  std::optional<Text> none;  ///< The reason after `none`.
  PICKET_FIELDS(target, levels, none);
};

/// `keyword` is group, clone or promotable.
struct Members {
  static constexpr std::string_view kKind = "members";
  Text keyword;
  Text name;
  std::vector<Text> members;
  std::vector<Item> items;
  PICKET_FIELDS(keyword, name, members, items);
};

struct BundleNetwork {
  std::vector<Option> options;
  Span span;
  PICKET_FIELDS(options);
};
struct BundlePort {
  std::optional<Text> id;
  std::optional<Text> port;
  std::vector<Option> options;
  Span span;
  PICKET_FIELDS(id, port, options);
};
struct BundleStorage {
  std::optional<Text> id;
  std::vector<Option> options;
  Span span;
  PICKET_FIELDS(id, options);
};
struct BundlePrimitive {
  Primitive primitive;
  Span span;
  PICKET_FIELDS(primitive);
};
using BundleItem = std::variant<Option, PairReference, Attributes, Description, BundleNetwork, BundlePort,
                                BundleStorage, BundlePrimitive>;

/// `runtime` is podman, docker or rkt.
struct Bundle {
  static constexpr std::string_view kKind = "bundle";
  Text name;
  Text runtime;
  std::vector<BundleItem> items;
  PICKET_FIELDS(name, runtime, items);
};

/// `prefers ha1 score=50`, `never where …`.
struct Clause {
  Text verb;
  std::vector<Text> nodes;
  std::optional<Rule> where;
  std::vector<Option> options;
  Span span;
  PICKET_FIELDS(verb, nodes, where, options);
};

struct Location {
  static constexpr std::string_view kKind = "location";
  std::optional<Text> id;
  std::vector<Reference> subjects;
  std::optional<Text> role;     ///< Before a regular expression only.
  std::optional<Text> negated;  ///< The word `not` before it.
  std::optional<Regex> pattern;
  std::vector<Clause> clauses;
  bool has_body = false;
  PICKET_FIELDS(id, subjects, role, negated, pattern, clauses);
};

/// `colocation`, `separate`, `order`, `depend`, and what follows `grants`:
/// references parted by `with`, `from`, `then`, `on` or commas.
struct Relation {
  static constexpr std::string_view kKind = "relation";
  Text keyword;
  std::optional<Text> first_id;  ///< `depend c1, o1:`
  std::optional<Text> id;
  std::optional<Text> ticket;
  std::vector<Reference> parts;
  std::vector<Option> options;
  PICKET_FIELDS(keyword, first_id, id, ticket, parts, options);
};

struct Tag {
  static constexpr std::string_view kKind = "tag";
  Text name;
  std::vector<Text> members;
  PICKET_FIELDS(name, members);
};

/// `read all`, `write meta of web`, `deny xpath "…"`. `object` is all, secrets,
/// xpath, element, meta, params, or unset for a bare name in `name`.
struct Permission {
  Text kind;
  std::optional<Text> id;
  std::optional<Text> object;
  std::optional<Text> name;
  std::optional<Text> attribute;
  std::vector<Option> options;
  Span span;
  PICKET_FIELDS(kind, id, object, name, attribute, options);
};
using RoleItem = std::variant<Permission, Description>;

struct Role {
  static constexpr std::string_view kKind = "role";
  Text name;
  std::vector<RoleItem> items;
  PICKET_FIELDS(name, items);
};

/// `kind` is user or group.
struct Acl {
  static constexpr std::string_view kKind = "acl";
  Text kind;
  std::optional<Text> id;
  Text name;
  std::vector<Text> roles;
  PICKET_FIELDS(kind, id, name, roles);
};

struct Recipient {
  std::optional<Text> id;
  Value value;
  std::vector<Item> items;
  Span span;
  PICKET_FIELDS(id, value, items);
};
struct Selection {
  Text kind;
  std::vector<Text> attributes;
  PICKET_FIELDS(kind, attributes);
};
struct Select {
  std::vector<Selection> selections;
  Span span;
  PICKET_FIELDS(selections);
};
using AlertItem = std::variant<Option, PairReference, Attributes, Description, Recipient, Select>;

struct Alert {
  static constexpr std::string_view kKind = "alert";
  Text name;
  Value path;
  std::vector<AlertItem> items;
  PICKET_FIELDS(name, path, items);
};

// -------------------------------------------------------------------- scenarios

/// `given` and `expect` in a test; `assuming`, `always`, `never`, `settles` in
/// an invariant. `within` only stands with `expect`.
struct ConditionStep {
  Text keyword;
  Expr condition;
  std::optional<Text> within;
  PICKET_FIELDS(keyword, condition, within);
};
/// kill, standby, online, isolate, shutdown, reboot, leave, crash, confirm.
struct NodesFault {
  Text verb;
  std::vector<Text> nodes;
  PICKET_FIELDS(verb, nodes);
};
struct CutFault {
  Text link;
  std::optional<Text> node;
  PICKET_FIELDS(link, node);
};
struct PartitionFault {
  std::vector<Text> left;
  std::vector<Text> right;
  PICKET_FIELDS(left, right);
};
/// `fail R [operation] [on N] [rc=…]`.
struct FailFault {
  Text resource;
  std::optional<Text> operation;
  std::optional<Text> node;
  std::vector<Option> options;
  PICKET_FIELDS(resource, operation, node, options);
};
struct FailFenceFault {
  Text device;
  PICKET_FIELDS(device);
};
struct HangFault {
  Text resource;
  PICKET_FIELDS(resource);
};
/// grant, revoke.
struct TicketFault {
  Text verb;
  Text ticket;
  PICKET_FIELDS(verb, ticket);
};
struct SetFault {
  Option option;
  Text node;
  PICKET_FIELDS(option, node);
};
struct AdvanceFault {
  Text duration;
  PICKET_FIELDS(duration);
};
/// `restart cluster`.
struct RestartFault {
  Text cluster;
  PICKET_FIELDS(cluster);
};

/// `heal`, `heal link L of N`.
struct HealFault {
  std::optional<Text> link;
  std::optional<Text> node;
  PICKET_FIELDS(link, node);
};
/// `maintenance on of X`: a node or a resource, or the whole cluster.
struct MaintenanceFault {
  Text state;
  std::optional<Text> subject;
  PICKET_FIELDS(state, subject);
};
/// A verb about a resource: repair, manage, unmanage, enable, disable, move, ban,
/// clear, cleanup, refresh. `role` only stands with move and ban; only cleanup and
/// refresh do without a resource.
struct ResourceFault {
  Text verb;
  std::optional<Text> role;
  std::optional<Text> resource;
  std::optional<Text> node;
  PICKET_FIELDS(verb, role, resource, node);
};
/// `set property O`, `set meta O of R`, `set params O of R`, `set op monitor O of R`.
struct EditFault {
  Text block;
  std::optional<Text> operation;  ///< Only with `op`.
  Option option;
  std::optional<Text> resource;  ///< Not with `property`.
  PICKET_FIELDS(block, operation, option, resource);
};
/// `delete X`: a resource or a constraint.
struct DeleteFault {
  Text subject;
  PICKET_FIELDS(subject);
};
/// `deploy "new.picket"`; without a file, the policy itself.
struct DeployFault {
  std::optional<Text> policy;
  PICKET_FIELDS(policy);
};
/// `by hand stop R on N`.
struct ByHandFault {
  Text action;
  Text resource;
  Text node;
  PICKET_FIELDS(action, resource, node);
};

struct TestStep;

/// `during OPERATION of SUBJECT on N { faults }`.
struct DuringStep {
  Text operation;
  Text subject;
  std::optional<Text> node;
  std::vector<TestStep> faults;
  PICKET_FIELDS(operation, subject, node, faults);
};

struct TestStep {
  std::variant<ConditionStep, NodesFault, CutFault, PartitionFault, FailFault, FailFenceFault, HangFault, TicketFault,
               SetFault, AdvanceFault, RestartFault, HealFault, MaintenanceFault, ResourceFault, EditFault, DeleteFault,
               DeployFault, ByHandFault, DuringStep>
      what;
  Span span;
  PICKET_FIELDS(what);
};

struct Test {
  static constexpr std::string_view kKind = "test";
  Text name;
  std::vector<TestStep> steps;
  PICKET_FIELDS(name, steps);
};

/// `over failures 1..2 of node, link`.
struct Over {
  Text count;
  std::vector<Text> kinds;
  PICKET_FIELDS(count, kinds);
};
struct InvariantItem {
  std::variant<Over, ConditionStep> what;
  Span span;
  PICKET_FIELDS(what);
};

struct Invariant {
  static constexpr std::string_view kKind = "invariant";
  Text name;
  std::vector<InvariantItem> items;
  PICKET_FIELDS(name, items);
};

/// `assume start of db on n1 takes 90s`.
struct TimeAssumption {
  Text operation;
  Text resource;
  std::optional<Text> node;
  Text duration;
  PICKET_FIELDS(operation, resource, node, duration);
};
/// `assume promotion score of db-ms on n1 is 1000 when promoted`.
struct ScoreAssumption {
  Text resource;
  std::optional<Text> node;
  Text score;
  std::optional<Text> role;
  PICKET_FIELDS(resource, node, score, role);
};
/// `assume ipmi-n1 is powered by n1`.
struct PowerAssumption {
  Text device;
  Text node;
  PICKET_FIELDS(device, node);
};

struct Assume {
  static constexpr std::string_view kKind = "assume";
  std::variant<TimeAssumption, ScoreAssumption, PowerAssumption> what;
  PICKET_FIELDS(what);
};

/// One statement; `keyword` is the span of its first word.
struct Statement {
  std::variant<Import, Let, For, If, Define, Use, Xml, Cluster, Node, Defaults, Primitive, Fence, Fencing, Members,
               Bundle, Location, Relation, Tag, Role, Acl, Alert, Test, Invariant, Assume>
      what;
  Span span;
  Span keyword;
};

/// A comment with the place where it stands; kept beside the tree, by offset.
struct Comment {
  std::string text;  ///< With its `#`, without the line end.
  Span span;
  bool own_line = false;  ///< Nothing but blanks stands before it on its line.
};

struct File {
  std::vector<Statement> statements;
  std::vector<Comment> comments;
};

}  // namespace picket::compiler::ast
