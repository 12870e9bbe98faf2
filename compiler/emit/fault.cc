#include "compiler/emit/fault.h"

#include <algorithm>

#include "compiler/check/option_values.h"
#include "compiler/emit/nvset.h"
#include "compiler/syntax/duration_help.h"
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/shape.h"

namespace picket::compiler::emit {
namespace {

using namespace scenario;  // The whole file makes its types.

using Made = std::optional<Fault>;

class FaultMaker {
 public:
  explicit FaultMaker(const ScenarioNames& names) : names_(names), diagnostics_(names.diagnostics()) {}

  Made operator()(const ast::NodesFault& fault) {
    std::vector<Name> nodes = names_.Nodes(fault.nodes);
    const std::string& verb = fault.verb.literal;
    if (verb == "kill") return Kill{std::move(nodes)};
    if (verb == "standby") return Standby{std::move(nodes)};
    if (verb == "online") return Online{std::move(nodes)};
    if (verb == "isolate") return Isolate{std::move(nodes)};
    if (verb == "crash") return Crash{std::move(nodes)};
    if (verb == "confirm") return Confirm{std::move(nodes)};
    return Shutdown{std::move(nodes), verb == "reboot", verb != "leave"};
  }
  Made operator()(const ast::CutFault& fault) {
    auto link = names_.Link(fault.link);
    std::optional<Name> node;
    if ((fault.node && !(node = names_.Node(*fault.node))) || !link) return std::nullopt;
    return CutLink{std::move(*link), std::move(node)};
  }
  Made operator()(const ast::PartitionFault& fault) {
    Partition partition{names_.Nodes(fault.left), names_.Nodes(fault.right)};
    for (const Name& left : partition.left) {
      for (const Name& right : partition.right) {
        if (left.id == right.id) {
          diagnostics_.Error("E0502", right.span, "`" + right.id + "` stands on both sides");
        }
      }
    }
    return partition;
  }
  Made operator()(const ast::FailFault& fault) {
    if (fault.operation && fault.operation->literal == "fencing") return Fencing(fault);
    auto resource = names_.Resource(fault.resource);
    FailResource out_fault;
    if (fault.operation) out_fault.operation = fault.operation->literal;
    if (fault.node) out_fault.node = names_.Node(*fault.node);
    for (const ast::Option& option : fault.options) {
      const auto* text = std::get_if<ast::Text>(&option.value.what);
      const auto number = text != nullptr ? AsInteger(text->literal) : std::nullopt;
      if (option.name.literal == "times") {
        const bool always = text != nullptr && text->literal == "always";
        if (!always && (!number || *number < 1 || *number > 1000)) {
          diagnostics_.Error("E0205", option.value.span, "`times` is a number from 1 to 1000, or `always`");
        }
        out_fault.times = always ? FailResource::kAlways : static_cast<int>(number.value_or(1));
      } else if (option.name.literal != "rc") {
        diagnostics_.Error("E0204", option.name.span, "`fail` has no option `" + option.name.literal + "`")
            .help.push_back("`rc=` is what the agent returns, `times=` how often");
      } else if (text != nullptr && text->literal == "timeout") {
        out_fault.timed_out = true;
      } else if (!number || *number < 0 || *number > 255) {
        diagnostics_.Error("E0205", option.value.span, "`rc` is a number from 0 to 255, or `timeout`");
      } else {
        out_fault.exit_code = static_cast<int>(*number);
      }
    }
    if (!resource) return std::nullopt;
    out_fault.resource = std::move(*resource);
    return out_fault;
  }
  Made operator()(const ast::FailFenceFault& fault) {
    auto device = names_.Device(fault.device);
    if (!device) return std::nullopt;
    return FailFence{std::move(*device)};
  }
  Made operator()(const ast::HangFault& fault) {
    auto resource = names_.Resource(fault.resource);
    if (!resource) return std::nullopt;
    return Hang{std::move(*resource)};
  }
  Made operator()(const ast::TicketFault& fault) {
    auto ticket = names_.Ticket(fault.ticket);
    if (!ticket) return std::nullopt;
    if (fault.verb.literal == "grant") return Grant{std::move(*ticket)};
    return Revoke{std::move(*ticket)};
  }
  Made operator()(const ast::SetFault& fault) {
    const auto* text = std::get_if<ast::Text>(&fault.option.value.what);
    auto node = names_.Node(fault.node);
    if (text == nullptr) {
      diagnostics_.Error("E0205", fault.option.value.span, "an attribute is a single value");
      return std::nullopt;
    }
    if (!node) return std::nullopt;
    return SetAttribute{fault.option.name.literal, text->literal, std::move(*node)};
  }
  Made operator()(const ast::AdvanceFault& fault) {
    const auto duration = DurationOf(fault.duration, names_);
    if (!duration) return std::nullopt;
    return Advance{*duration};
  }
  Made operator()(const ast::RestartFault&) { return RestartCluster{}; }

  // ------------------------------------------------ what people do on purpose

  Made operator()(const ast::HealFault& fault) {
    Heal heal;
    if (fault.link && !(heal.link = names_.Link(*fault.link))) return std::nullopt;
    if (fault.node && !(heal.node = names_.Node(*fault.node))) return std::nullopt;
    return heal;
  }

  // A node and the resource that connects to it share a name: then the node is meant.
  Made operator()(const ast::MaintenanceFault& fault) {
    Maintenance maintenance;
    maintenance.on = fault.state.literal == "on";
    if (!fault.subject) return maintenance;
    const std::string& subject = fault.subject->literal;
    const Symbols& symbols = names_.symbols();
    if (symbols.FindNode(subject) != nullptr) {
      maintenance.node = names_.Node(*fault.subject);
    } else if (symbols.Find(subject) != nullptr) {
      if (!(maintenance.resource = names_.Resource(*fault.subject))) return std::nullopt;
    } else {
      std::vector<std::string> known = symbols.nodes();
      const std::vector<std::string> resources = symbols.Names(IsResource);
      known.insert(known.end(), resources.begin(), resources.end());
      names_.Unknown(*fault.subject, "node or resource", known);
      return std::nullopt;
    }
    return maintenance;
  }

  Made operator()(const ast::ResourceFault& fault) {
    std::optional<Name> resource, node;
    if (fault.resource && !(resource = names_.Resource(*fault.resource))) return std::nullopt;
    if (fault.node && !(node = names_.Node(*fault.node))) return std::nullopt;
    const std::string& verb = fault.verb.literal;
    if (verb == "cleanup" || verb == "refresh") return Cleanup{std::move(resource), std::move(node), verb == "refresh"};
    if (fault.role && !IsPromotable(*resource)) {
      diagnostics_.Error("E0203", fault.role->span, "`" + resource->id + "` is never promoted")
          .help.push_back("leave out `promoted`, or name the promotable clone");
      return std::nullopt;
    }
    if (verb == "repair") return Repair{std::move(*resource)};
    if (verb == "unmanage" || verb == "manage") return Manage{std::move(*resource), verb == "manage"};
    if (verb == "disable" || verb == "enable") return Enable{std::move(*resource), verb == "enable"};
    if (verb == "move") return Move{std::move(*resource), std::move(node), fault.role.has_value()};
    if (verb == "ban") return Ban{std::move(*resource), std::move(node), fault.role.has_value()};
    return Clear{std::move(*resource), std::move(node)};
  }

  Made operator()(const ast::ByHandFault& fault) {
    auto resource = names_.Resource(fault.resource);
    auto node = names_.Node(fault.node);
    if (!resource || !node) return std::nullopt;
    const Action action = fault.action.literal == "start" ? Action::kStart : Action::kStop;
    return ByHand{action, std::move(*resource), std::move(*node)};
  }

  // ------------------------------------------- edits of the configuration

  Made operator()(const ast::EditFault& fault) {
    const auto* text = std::get_if<ast::Text>(&fault.option.value.what);
    if (text == nullptr) {
      diagnostics_.Error("E0205", fault.option.value.span, "an option is a single value");
      return std::nullopt;
    }
    Edit edit;
    edit.option = fault.option.name.literal;
    edit.value = text->literal;
    const std::string& block = fault.block.literal;
    if (block == "property") {
      edit.option = OptionName(edit.option, Target::k21);
      edit.value = Spelt(*text, PairKind::kProperty);
      return edit;
    }
    if (!(edit.resource = names_.Resource(*fault.resource))) return std::nullopt;
    if (block == "meta") {
      edit.block = Edit::Block::kMeta;
      edit.value = Spelt(*text, PairKind::kMeta);
      return edit;
    }
    if (!IsPrimitive(*edit.resource)) return std::nullopt;
    edit.block = block == "op" ? Edit::Block::kOperation : Edit::Block::kParams;
    if (fault.operation) edit.operation = fault.operation->literal;
    if (fault.operation && !(IsOperationOf(*edit.resource, *fault.operation) && IsOfOperation(fault.option, *text)))
      return std::nullopt;
    return edit;
  }

  Made operator()(const ast::DeleteFault& fault) {
    auto subject = names_.ResourceOrConstraint(fault.subject);
    if (!subject) return std::nullopt;
    return Delete{std::move(*subject)};
  }

  Made operator()(const ast::DeployFault& fault) {
    if (!fault.policy) return Deploy{};
    auto policy = names_.Deployed(*fault.policy);
    if (!policy) return std::nullopt;
    return Deploy{std::move(policy), fault.policy->literal};
  }

  template <class Other>
  Made operator()(const Other&) {
    return std::nullopt;  // Steps that are not faults.
  }

 private:
  // A bundle may hold a promotable container; a resource of an `xml` statement may be anything.
  bool IsPromotable(const Name& resource) const {
    const Symbol* symbol = names_.symbols().Find(resource.id);
    if (symbol == nullptr || std::holds_alternative<ast::Xml>(symbol->statement->what)) return true;
    return symbol->kind == SymbolKind::kPromotable || symbol->kind == SymbolKind::kBundle;
  }

  // What a group, a clone or a bundle holds has parameters and operations, not the group.
  bool IsPrimitive(const Name& resource) const {
    const Symbol* symbol = names_.symbols().Find(resource.id);
    if (symbol == nullptr || std::holds_alternative<ast::Xml>(symbol->statement->what)) return true;
    if (symbol->kind == SymbolKind::kPrimitive || symbol->kind == SymbolKind::kFence) return true;
    diagnostics_
        .Error("E0203", resource.span,
               "a " + std::string(KindName(symbol->kind)) + " has neither parameters nor operations")
        .help.push_back("name the primitive in it");
    return false;
  }

  // Of those that are written for the resource or for its template.
  bool IsOperationOf(const Name& resource, const ast::Text& operation) const {
    const Symbol* symbol = names_.symbols().Find(resource.id);
    const auto* primitive = symbol ? std::get_if<ast::Primitive>(&symbol->statement->what) : nullptr;
    if (primitive == nullptr) return true;
    std::vector<std::string> known;
    bool complete = true;
    const auto take = [&](const std::vector<ast::Item>& items) {
      for (const ast::Item& item : items) {
        if (const auto* one = std::get_if<ast::Operation>(&item)) known.push_back(one->name.literal);
        if (std::holds_alternative<ast::Operations>(item)) complete = false;
      }
    };
    take(primitive->items);
    if (primitive->source.is_template) {
      const Symbol* source = names_.symbols().Find(primitive->source.name.literal);
      const auto* from = source ? std::get_if<ast::Primitive>(&source->statement->what) : nullptr;
      if (from == nullptr) return true;
      take(from->items);
    }
    if (!complete || std::find(known.begin(), known.end(), operation.literal) != known.end()) return true;
    names_.Unknown(operation, "operation of " + resource.id, known);
    return false;
  }

  // What can be said of an operation that is there, and how.
  bool IsOfOperation(const ast::Option& option, const ast::Text& value) const {
    static const std::vector<std::string> known = {"interval", "timeout", "on-fail", "start-delay", "enabled"};
    const std::string& name = option.name.literal;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      names_.Unknown(option.name, "option of an operation", known);
      return false;
    }
    const KnownOption* shape = FindOperationOption(name);
    const auto fault = shape != nullptr ? FaultOfValue(*shape, value.literal) : std::nullopt;
    if (!fault) return true;
    diagnostics_.Error("E0205", value.span, "`" + name + "` is " + fault->wanted + ", not `" + value.literal + "`")
        .help.push_back(fault->remedy);
    return false;
  }

  // `fail D fencing rc=…`: what the device answers when it is to fence. 0 is a lie, for nothing has happened.
  Made Fencing(const ast::FailFault& fault) {
    FailFence out_fault;
    for (const ast::Option& option : fault.options) {
      const auto* text = std::get_if<ast::Text>(&option.value.what);
      const auto code = text != nullptr ? AsInteger(text->literal) : std::nullopt;
      if (option.name.literal != "rc") {
        diagnostics_.Error("E0204", option.name.span, "`fail … fencing` has no option `" + option.name.literal + "`")
            .help.push_back("`rc=timeout` hangs, `rc=0` says yes and does nothing");
      } else if (text != nullptr && text->literal == "timeout") {
        out_fault.how = FailFence::How::kTimesOut;
      } else if (!code || *code < 0 || *code > 255) {
        diagnostics_.Error("E0205", option.value.span, "`rc` is a number from 0 to 255, or `timeout`");
      } else {
        out_fault.how = *code == 0 ? FailFence::How::kLies : FailFence::How::kRefuses;
      }
    }
    if (fault.node) diagnostics_.Error("E0204", fault.node->span, "a broken fence device is broken for every node");
    auto device = names_.Device(fault.resource);
    if (!device) return std::nullopt;
    out_fault.device = std::move(*device);
    return out_fault;
  }

  const ScenarioNames& names_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::optional<std::int64_t> DurationOf(const ast::Text& text, const ScenarioNames& names) {
  const auto duration = AsDurationMs(text.literal);
  if (!duration) {
    names.diagnostics()
        .Error("E0205", text.span, "`" + text.literal + "` is not a duration")
        .help.push_back(DurationHelp(text.literal));
  }
  return duration;
}

std::optional<Fault> FaultOf(const ast::TestStep& step, const ScenarioNames& names) {
  return std::visit(FaultMaker(names), step.what);
}

}  // namespace picket::compiler::emit
