#include "compiler/format/entry.h"
#include "compiler/format/spelling.h"

// From the tree to lines: what each kind of statement looks like.
namespace picket::compiler::format {
namespace {

// Words that open an item where a bare name may open one too.
constexpr std::string_view kItemWords =
    "op operations params meta utilization attributes property rsc_defaults op_defaults description link "
    "network port storage primitive recipient select from";

class Outliner {
 public:
  std::vector<Entry> Statements(const std::vector<ast::Statement>& statements) {
    std::vector<Entry> entries;
    for (const ast::Statement& statement : statements) entries.push_back(One(statement));
    return entries;
  }

 private:
  Entry One(const ast::Statement& statement) {
    Entry entry = std::visit([&](const auto& node) { return Make(node); }, statement.what);
    entry.span = statement.span;
    return entry;
  }

  // ------------------------------------------------------------- building blocks

  template <class Items>
  void Body(Entry& entry, const Items& items) {
    entry.bracket = '{';
    for (const auto& item : items) entry.items.push_back(Any(item));
  }
  // Braces only if there is something between them.
  template <class Items>
  void OptionalBody(Entry& entry, const Items& items) {
    if (!items.empty()) Body(entry, items);
  }
  template <class Variant>
  Entry Any(const Variant& item) {
    if constexpr (requires { std::variant_size<Variant>::value; }) {
      return std::visit([&](const auto& node) { return Make(node); }, item);
    } else {
      return Make(item);
    }
  }

  // `name = value`; a map or a list can take several lines.
  void SetValue(Entry& entry, const ast::Value& value) {
    if (const auto* map = std::get_if<ast::Map>(&value.what); map != nullptr && !map->options.empty()) {
      entry.bracket = '{';
      entry.commas = true;
      for (const ast::Option& option : map->options) {
        entry.items.push_back(Make(option));
        entry.items.back().loose = true;
      }
    } else if (const auto* list = std::get_if<ast::List>(&value.what); list != nullptr && !list->items.empty()) {
      entry.bracket = '[';
      entry.commas = true;
      for (const ast::Value& item : list->items) {
        Entry& inner = entry.items.emplace_back();
        inner.span = item.span;
        SetValue(inner, item);
      }
    } else {
      Spell(entry.head, value);
    }
  }

  // Lines that begin with the same option have it in one column, as in a list
  // of operations.
  static void Lead(Entry& entry, const std::string& lead, const std::vector<ast::Option>& options, bool plain) {
    if (!plain || options.empty()) {
      entry.head << lead;
      Options(entry.head, options);
      return;
    }
    entry.lead = lead;
    entry.kind = lead.substr(0, lead.find(' ') + 1) + OptionName(options[0]);
    for (std::size_t i = 0; i < options.size(); ++i) {
      if (i > 0) entry.head << " ";
      Spell(entry.head, options[i]);
    }
  }

  static void Options(Phrase& out, const std::vector<ast::Option>& options) {
    for (const ast::Option& option : options) {
      out << " ";
      Spell(out, option);
    }
  }

  template <class Each>
  static void Join(Phrase& out, std::size_t count, std::string_view between, Each&& each) {
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) (out << between).Break();
      each(i);
    }
  }
  static void Names(Phrase& out, const std::vector<ast::Text>& names, std::string_view keywords = {}) {
    Join(out, names.size(), ",", [&](std::size_t i) { out << Name(names[i], i == 0 ? keywords : ""); });
  }

  static void Rule(Phrase& out, const ast::Rule& rule, bool brace_follows) {
    if (rule.from) {
      out << "from " << Name(*rule.from);
      return;
    }
    if (rule.id) out << Id(*rule.id) << " ";
    if (!rule.condition) return;
    if (brace_follows) {
      SpellBeforeBrace(out, *rule.condition);
    } else {
      Spell(out, *rule.condition);
    }
  }

  static void Set(Phrase& out, const ast::Set& set) {
    out << (set.ordered ? "[" : "{");
    if (set.from) {
      out << "from " << Name(*set.from);
    } else {
      if (set.id) out << Id(*set.id) << " ";
      Names(out, set.members, "from");
      Options(out, set.options);
    }
    out << (set.ordered ? "]" : "}");
  }

  static void Reference(Phrase& out, const ast::Reference& reference) {
    if (reference.action) out << reference.action->literal << " ";
    if (reference.role) out << reference.role->literal << " ";
    if (reference.any) out << "any ";
    if (const auto* name = std::get_if<ast::Text>(&reference.what)) {
      out << ReferenceName(*name);
    } else {
      Set(out, std::get<ast::Set>(reference.what));
    }
  }

  static void ConstraintId(Phrase& out, const std::optional<ast::Text>& id) {
    if (id) out << " " << Name(*id) << ":";
  }

  // ------------------------------------------------------------------------ items

  Entry Make(const ast::Option& option) {
    Entry entry;
    entry.span = option.span;
    entry.name = OptionName(option);
    SetValue(entry, option.value);
    return entry;
  }
  Entry Make(const ast::PairReference& pair) {
    Entry entry;
    entry.span = pair.span;
    if (pair.name) entry.head << Name(*pair.name, kItemWords) << " ";
    entry.head << "from " << Name(pair.id);
    return entry;
  }
  Entry Make(const ast::Attributes& block) {
    Entry entry;
    entry.span = block.span;
    entry.head << block.kind.literal;
    if (block.from) {
      entry.head << " from " << Name(*block.from);
      return entry;
    }
    if (block.id) entry.head << " " << Id(*block.id);
    if (block.when) {
      entry.head << " when ";
      Rule(entry.head, *block.when, block.has_body && block.options.empty());
    }
    Options(entry.head, block.options);
    if (block.has_body) Body(entry, block.pairs);
    return entry;
  }
  Entry Make(const ast::Operation& operation) {
    Entry entry;
    entry.span = operation.span;
    std::string lead = "op " + Name(operation.name);
    if (operation.id) lead += ' ' + Id(*operation.id);
    Lead(entry, lead, operation.options, operation.items.empty());
    OptionalBody(entry, operation.items);
    return entry;
  }
  Entry Make(const ast::Operations& operations) {
    Entry entry;
    entry.span = operations.span;
    entry.head << "operations ";
    if (operations.from) entry.head << "from " << Name(*operations.from);
    if (operations.id) entry.head << Id(*operations.id);
    return entry;
  }
  Entry Make(const ast::Description& description) {
    Entry entry;
    entry.span = description.span;
    entry.head << "description " << String(description.text);
    return entry;
  }
  Entry Make(const ast::LinkAddress& link) {
    Entry entry;
    entry.span = link.span;
    entry.lead = "link " + Name(link.link);
    entry.kind = "link";
    Spell(entry.head, link.address);
    return entry;
  }

  // ------------------------------------------------------------- what is expanded

  Entry Make(const ast::Import& import) {
    Entry entry;
    entry.head << "import " << String(import.path);
    if (import.alias) entry.head << " as " << Name(*import.alias);
    return entry;
  }
  Entry Make(const ast::Let& let) {
    Entry entry;
    entry.name = "let " + Name(let.name);
    entry.loose = true;
    SetValue(entry, let.value);
    return entry;
  }
  Entry Make(const ast::For& loop) {
    Entry entry;
    entry.head << "for " << Name(loop.key);
    if (loop.value) (entry.head << ",").Break() << Name(*loop.value);
    entry.head << " in ";
    Spell(entry.head, loop.range);
    entry.bracket = '{';
    entry.items = Statements(loop.body);
    return entry;
  }
  Entry Make(const ast::If& branch) {
    Entry entry;
    entry.head << "if ";
    SpellBeforeBrace(entry.head, branch.condition);
    entry.bracket = '{';
    entry.items = Statements(branch.then);
    if (branch.otherwise.empty()) return entry;
    if (branch.otherwise.size() == 1 && std::holds_alternative<ast::If>(branch.otherwise[0].what)) {
      entry.otherwise.push_back(One(branch.otherwise[0]));
      return entry;
    }
    Entry& otherwise = entry.otherwise.emplace_back();
    otherwise.bracket = '{';
    otherwise.items = Statements(branch.otherwise);
    return entry;
  }
  Entry Make(const ast::Define& define) {
    Entry entry;
    entry.head << "define " << Name(define.name) << "(";
    Join(entry.head, define.parameters.size(), ",", [&](std::size_t i) {
      const ast::Parameter& parameter = define.parameters[i];
      entry.head << Name(parameter.name);
      if (parameter.type) entry.head << ": " << Word(*parameter.type);
      if (!parameter.fallback) return;
      entry.head << " = ";
      Spell(entry.head, *parameter.fallback);
    });
    entry.head << ")";
    entry.bracket = '{';
    entry.items = Statements(define.body);
    return entry;
  }
  Entry Make(const ast::Use& use) {
    Entry entry;
    entry.head << "use " << Word(use.callee) << "(";
    Spell(entry.head, use.arguments);
    entry.head << ")";
    if (use.alias) entry.head << " as " << Name(*use.alias);
    return entry;
  }
  Entry Make(const ast::Xml& xml) {
    Entry entry;
    entry.head << "xml " << Name(xml.section) << " " << String(xml.content);
    return entry;
  }

  // ------------------------------------------------------------ cluster and nodes

  Entry Make(const ast::ClusterLink& link) {
    Entry entry;
    entry.span = link.span;
    Lead(entry, "link " + Name(link.name), link.options, true);
    return entry;
  }
  Entry Make(const ast::ClusterSection& section) {
    Entry entry;
    entry.span = section.span;
    entry.head << section.kind.literal;
    if (section.model) entry.head << " " << Name(*section.model);
    Options(entry.head, section.options);
    return entry;
  }
  Entry Make(const ast::Preflight& preflight) {
    Entry entry;
    entry.span = preflight.span;
    entry.head << "preflight";
    for (const ast::Check& check : preflight.checks) {
      entry.head << " " << Name(check.name);
      if (!check.value) continue;
      entry.head << "=";
      Spell(entry.head, *check.value);
    }
    return entry;
  }
  Entry Make(const ast::Cluster& cluster) {
    Entry entry;
    entry.head << "cluster " << Name(cluster.name);
    Body(entry, cluster.items);
    return entry;
  }
  Entry Make(const ast::Node& node) {
    Entry entry;
    entry.head << "node " << Name(node.name);
    if (node.kind) entry.head << " " << node.kind->literal;
    if (node.host) entry.head << " of " << Name(*node.host);
    OptionalBody(entry, node.items);
    return entry;
  }
  Entry Make(const ast::Defaults& defaults) { return Make(defaults.block); }

  // -------------------------------------------------------------------- resources

  static void Source(Phrase& out, const ast::Source& source) {
    if (source.is_template) {
      out << " from " << Name(source.name);
    } else {
      out << " " << (source.name.literal == "from" ? "\"from\"" : Word(source.name));
    }
  }

  Entry Make(const ast::Primitive& primitive) {
    Entry entry;
    entry.head << primitive.keyword.literal << " " << Name(primitive.name);
    Source(entry.head, primitive.source);
    OptionalBody(entry, primitive.items);
    return entry;
  }
  Entry Make(const ast::Fence& fence) {
    Entry entry;
    entry.head << "fence " << Name(fence.name);
    Source(entry.head, fence.source);
    if (!fence.hosts.empty()) (entry.head << " for").Break();
    Join(entry.head, fence.hosts.size(), ",", [&](std::size_t i) {
      entry.head << Name(fence.hosts[i].name);
      if (!fence.hosts[i].alias) return;
      entry.head << "=";
      Spell(entry.head, *fence.hosts[i].alias);
    });
    OptionalBody(entry, fence.items);
    return entry;
  }
  Entry Make(const ast::Fencing& fencing) {
    Entry entry;
    entry.head << "fencing ";
    if (const auto* name = std::get_if<ast::Text>(&fencing.target)) {
      entry.head << Name(*name, "where");
    } else if (const auto* regex = std::get_if<ast::Regex>(&fencing.target)) {
      entry.head << Pattern(*regex);
    } else {
      const auto& target = std::get<ast::AttributeTarget>(fencing.target);
      entry.head << "where " << Name(target.attribute) << " == ";
      Spell(entry.head, target.value);
    }
    entry.head << ":";
    if (fencing.none) {
      entry.head << " none " << String(*fencing.none);
      return entry;
    }
    for (std::size_t i = 0; i < fencing.levels.size(); ++i) {
      const ast::Level& level = fencing.levels[i];
      if (i > 0) {
        (entry.head << " then").Break();
      } else {
        entry.head << " ";
      }
      if (level.id) entry.head << Id(*level.id) << " ";
      if (level.index) entry.head << Word(*level.index) << ": ";
      for (std::size_t j = 0; j < level.devices.size(); ++j) {
        if (j > 0) (entry.head << " and").Break();
        entry.head << Name(level.devices[j], "none and then");
      }
    }
    return entry;
  }
  Entry Make(const ast::Members& members) {
    Entry entry;
    (entry.head << members.keyword.literal << " " << Name(members.name) << " of").Break();
    Names(entry.head, members.members);
    OptionalBody(entry, members.items);
    return entry;
  }
  Entry Make(const ast::BundleNetwork& network) {
    Entry entry;
    entry.span = network.span;
    entry.head << "network";
    Options(entry.head, network.options);
    return entry;
  }
  Entry Make(const ast::BundlePort& port) {
    Entry entry;
    entry.span = port.span;
    entry.head << "port";
    if (port.id) entry.head << " " << Id(*port.id);
    if (port.port) entry.head << " " << Word(*port.port);
    Options(entry.head, port.options);
    return entry;
  }
  Entry Make(const ast::BundleStorage& storage) {
    Entry entry;
    entry.span = storage.span;
    entry.head << "storage";
    if (storage.id) entry.head << " " << Id(*storage.id);
    Options(entry.head, storage.options);
    return entry;
  }
  Entry Make(const ast::BundlePrimitive& primitive) {
    Entry entry = Make(primitive.primitive);
    entry.span = primitive.span;
    return entry;
  }
  Entry Make(const ast::Bundle& bundle) {
    Entry entry;
    entry.head << "bundle " << Name(bundle.name) << " " << Name(bundle.runtime);
    Body(entry, bundle.items);
    return entry;
  }

  // ------------------------------------------------------------------ constraints

  Entry Make(const ast::Clause& clause) {
    Entry entry;
    entry.span = clause.span;
    entry.head << clause.verb.literal << " ";
    if (clause.where) {
      (entry.head << "where").Break();
      Rule(entry.head, *clause.where, false);
    } else {
      Names(entry.head, clause.nodes, "where");
    }
    Options(entry.head, clause.options);
    return entry;
  }
  Entry Make(const ast::Location& location) {
    Entry entry;
    entry.head << "location";
    ConstraintId(entry.head, location.id);
    entry.head << " ";
    if (location.pattern) {
      if (location.role) entry.head << location.role->literal << " ";
      if (location.negated) entry.head << "not ";
      entry.head << Pattern(*location.pattern);
    } else {
      Join(entry.head, location.subjects.size(), ",",
           [&](std::size_t i) { Reference(entry.head, location.subjects[i]); });
    }
    if (location.has_body) {
      Body(entry, location.clauses);
    } else if (!location.clauses.empty()) {
      entry.head << " ";
      entry.head.Append(Make(location.clauses[0]).head);
    }
    return entry;
  }
  Entry Make(const ast::Relation& relation) {
    Entry entry;
    const std::string& keyword = relation.keyword.literal;
    entry.head << keyword;
    if (relation.first_id) entry.head << " " << Name(*relation.first_id) << ",";
    ConstraintId(entry.head, relation.id);
    if (relation.ticket) (entry.head << " " << Name(*relation.ticket) << " grants").Break();
    if (!relation.ticket) entry.head << " ";
    const std::string_view between = keyword == "ticket"     ? ","
                                     : keyword == "separate" ? " from"
                                     : keyword == "order"    ? " then"
                                     : keyword == "depend"   ? " on"
                                                             : " with";
    Join(entry.head, relation.parts.size(), between, [&](std::size_t i) { Reference(entry.head, relation.parts[i]); });
    Options(entry.head, relation.options);
    return entry;
  }

  // --------------------------------------------------------------- administration

  Entry Make(const ast::Tag& tag) {
    Entry entry;
    (entry.head << "tag " << Name(tag.name) << " of").Break();
    Names(entry.head, tag.members);
    return entry;
  }
  Entry Make(const ast::Permission& permission) {
    Entry entry;
    entry.span = permission.span;
    entry.head << permission.kind.literal;
    if (permission.id) entry.head << " " << Id(*permission.id);
    const std::string object = permission.object ? permission.object->literal : "";
    if (!object.empty()) entry.head << " " << object;
    if (object == "meta" || object == "params") entry.head << " of";
    if (permission.name && object == "xpath") {
      entry.head << " " << String(*permission.name);
    } else if (permission.name) {
      entry.head << " " << Name(*permission.name, object.empty() ? "all secrets xpath element meta params" : "");
    }
    if (permission.attribute) entry.head << " attribute " << Name(*permission.attribute);
    Options(entry.head, permission.options);
    return entry;
  }
  Entry Make(const ast::Role& role) {
    Entry entry;
    entry.head << "role " << Name(role.name);
    Body(entry, role.items);
    return entry;
  }
  Entry Make(const ast::Acl& acl) {
    Entry entry;
    entry.head << "acl " << acl.kind.literal;
    if (acl.id) entry.head << " " << Id(*acl.id);
    entry.head << " " << Name(acl.name);
    if (acl.roles.empty()) return entry;
    entry.head << " is ";
    Names(entry.head, acl.roles);
    return entry;
  }
  Entry Make(const ast::Recipient& recipient) {
    Entry entry;
    entry.span = recipient.span;
    entry.head << "recipient ";
    if (recipient.id) entry.head << Id(*recipient.id) << " ";
    Spell(entry.head, recipient.value);
    OptionalBody(entry, recipient.items);
    return entry;
  }
  Entry Make(const ast::Select& select) {
    Entry entry;
    entry.span = select.span;
    entry.head << "select ";
    Join(entry.head, select.selections.size(), ",", [&](std::size_t i) {
      const ast::Selection& selection = select.selections[i];
      entry.head << selection.kind.literal;
      if (selection.attributes.empty()) return;
      entry.head << "(";
      Names(entry.head, selection.attributes);
      entry.head << ")";
    });
    return entry;
  }
  Entry Make(const ast::Alert& alert) {
    Entry entry;
    entry.head << "alert " << Name(alert.name) << " ";
    Spell(entry.head, alert.path);
    OptionalBody(entry, alert.items);
    return entry;
  }

  // -------------------------------------------------------------------- scenarios

  Entry Make(const ast::ConditionStep& step) {
    Entry entry;
    entry.head << step.keyword.literal << " ";
    Spell(entry.head, step.condition);
    if (step.within) entry.head << " within " << Word(*step.within);
    return entry;
  }
  Entry Make(const ast::NodesFault& fault) {
    Entry entry;
    entry.head << fault.verb.literal << " ";
    Names(entry.head, fault.nodes);
    return entry;
  }
  Entry Make(const ast::CutFault& fault) {
    Entry entry;
    entry.head << "cut link " << Name(fault.link);
    if (fault.node) entry.head << " of " << Name(*fault.node);
    return entry;
  }
  static void Side(Phrase& out, const std::vector<ast::Text>& nodes) {
    if (nodes.size() != 1) out << "{";
    Names(out, nodes);
    if (nodes.size() != 1) out << "}";
  }
  Entry Make(const ast::PartitionFault& fault) {
    Entry entry;
    entry.head << "partition ";
    Side(entry.head, fault.left);
    (entry.head << " from").Break();
    Side(entry.head, fault.right);
    return entry;
  }
  Entry Make(const ast::FailFault& fault) {
    Entry entry;
    entry.head << "fail " << Name(fault.resource, "fence");
    if (fault.operation) entry.head << " " << Name(*fault.operation, "on");
    if (fault.node) entry.head << " on " << Name(*fault.node);
    Options(entry.head, fault.options);
    return entry;
  }
  Entry Make(const ast::FailFenceFault& fault) { return Entry{.head = Phrase("fail fence " + Name(fault.device))}; }
  Entry Make(const ast::HangFault& fault) { return Entry{.head = Phrase("hang " + Name(fault.resource))}; }
  Entry Make(const ast::TicketFault& fault) {
    return Entry{.head = Phrase(fault.verb.literal + " " + Name(fault.ticket))};
  }
  Entry Make(const ast::SetFault& fault) {
    Entry entry;
    entry.head << "set ";
    Spell(entry.head, fault.option);
    entry.head << " on " << Name(fault.node);
    return entry;
  }
  Entry Make(const ast::AdvanceFault& fault) { return Entry{.head = Phrase("advance " + Word(fault.duration))}; }
  Entry Make(const ast::RestartFault&) { return Entry{.head = Phrase("restart cluster")}; }
  Entry Make(const ast::HealFault& fault) {
    Entry entry;
    entry.head << "heal";
    if (fault.link) entry.head << " link " << Name(*fault.link);
    if (fault.node) entry.head << " of " << Name(*fault.node);
    return entry;
  }
  Entry Make(const ast::MaintenanceFault& fault) {
    Entry entry;
    entry.head << "maintenance " << fault.state.literal;
    if (fault.subject) entry.head << " of " << Name(*fault.subject);
    return entry;
  }
  Entry Make(const ast::ResourceFault& fault) {
    Entry entry;
    entry.head << fault.verb.literal;
    if (fault.role) entry.head << " " << fault.role->literal;
    if (fault.resource) entry.head << " " << Name(*fault.resource, "promoted to on");
    if (fault.node) entry.head << (fault.verb.literal == "move" ? " to " : " on ") << Name(*fault.node);
    return entry;
  }
  Entry Make(const ast::EditFault& fault) {
    Entry entry;
    entry.head << "set " << fault.block.literal << " ";
    if (fault.operation) entry.head << Name(*fault.operation) << " ";
    Spell(entry.head, fault.option);
    if (fault.resource) entry.head << " of " << Name(*fault.resource);
    return entry;
  }
  Entry Make(const ast::DeleteFault& fault) { return Entry{.head = Phrase("delete " + Name(fault.subject))}; }
  Entry Make(const ast::DeployFault& fault) {
    return Entry{.head = Phrase(fault.policy ? "deploy " + String(*fault.policy) : "deploy")};
  }
  Entry Make(const ast::ByHandFault& fault) {
    Entry entry;
    entry.head << "by hand " << fault.action.literal << " " << Name(fault.resource) << " on " << Name(fault.node);
    return entry;
  }
  Entry Make(const ast::DuringStep& step) {
    Entry entry;
    entry.head << "during " << Name(step.operation) << " of " << Name(step.subject);
    if (step.node) entry.head << " on " << Name(*step.node);
    Body(entry, step.faults);
    return entry;
  }
  Entry Make(const ast::TestStep& step) {
    Entry entry = Any(step.what);
    entry.span = step.span;
    return entry;
  }
  Entry Make(const ast::Test& test) {
    Entry entry;
    entry.head << "test " << String(test.name);
    Body(entry, test.steps);
    return entry;
  }
  Entry Make(const ast::Over& over) {
    Entry entry;
    entry.head << "over failures " << Word(over.count) << " of ";
    Names(entry.head, over.kinds);
    return entry;
  }
  Entry Make(const ast::InvariantItem& item) {
    Entry entry = Any(item.what);
    entry.span = item.span;
    return entry;
  }
  Entry Make(const ast::Invariant& invariant) {
    Entry entry;
    entry.head << "invariant " << String(invariant.name);
    Body(entry, invariant.items);
    return entry;
  }

  Entry Make(const ast::TimeAssumption& what) {
    Entry entry;
    entry.head << "assume " << Name(what.operation) << " of " << Name(what.resource);
    if (what.node) entry.head << " on " << Name(*what.node);
    entry.head << " takes " << Word(what.duration);
    return entry;
  }
  Entry Make(const ast::ScoreAssumption& what) {
    Entry entry;
    entry.head << "assume promotion score of " << Name(what.resource);
    if (what.node) entry.head << " on " << Name(*what.node);
    entry.head << " is " << Word(what.score);
    if (what.role) entry.head << " when " << what.role->literal;
    return entry;
  }
  Entry Make(const ast::PowerAssumption& what) {
    Entry entry;
    entry.head << "assume " << Name(what.device) << " is powered by " << Name(what.node);
    return entry;
  }
  Entry Make(const ast::Assume& assume) { return Any(assume.what); }
};

}  // namespace

std::vector<Entry> Outline(const std::vector<ast::Statement>& statements) {
  return Outliner().Statements(statements);
}

}  // namespace picket::compiler::format
