#include "compiler/scenario/json.h"

#include <nlohmann/json.hpp>

#include "solver/model/overloaded.h"

namespace picket::compiler::scenario {
namespace {

using nlohmann::json;

json NamesOf(const std::vector<Name>& names) {
  json list = json::array();
  for (const Name& name : names) list.push_back(name.id);
  return list;
}

json NameOr(const std::optional<Name>& name) {
  return name ? json(name->id) : json();
}

const char* WordOf(State state) {
  switch (state) {
    case State::kRunning:
      return "running";
    case State::kStopped:
      return "stopped";
    case State::kPromoted:
      return "promoted";
    case State::kUnpromoted:
      return "unpromoted";
    case State::kFenced:
      return "fenced";
    case State::kOnline:
      return "online";
  }
  return "";
}

const char* WordOf(Action action) {
  switch (action) {
    case Action::kStart:
      return "start";
    case Action::kStop:
      return "stop";
    case Action::kPromote:
      return "promote";
    case Action::kDemote:
      return "demote";
  }
  return "";
}

const char* WordOf(FailFence::How how) {
  switch (how) {
    case FailFence::How::kRefuses:
      return "refuses";
    case FailFence::How::kTimesOut:
      return "hangs";
    case FailFence::How::kLies:
      return "lies";
  }
  return "";
}

const char* WordOf(Edit::Block block) {
  switch (block) {
    case Edit::Block::kProperty:
      return "property";
    case Edit::Block::kMeta:
      return "meta";
    case Edit::Block::kParams:
      return "params";
    case Edit::Block::kOperation:
      return "op";
  }
  return "";
}

const char* WordOf(Comparison::Op op) {
  switch (op) {
    case Comparison::Op::kEqual:
      return "==";
    case Comparison::Op::kNotEqual:
      return "!=";
    case Comparison::Op::kLess:
      return "<";
    case Comparison::Op::kLessEqual:
      return "<=";
    case Comparison::Op::kGreater:
      return ">";
    case Comparison::Op::kGreaterEqual:
      return ">=";
  }
  return "";
}

const char* WordOf(Arithmetic::Op op) {
  switch (op) {
    case Arithmetic::Op::kAdd:
      return "+";
    case Arithmetic::Op::kSubtract:
      return "-";
    case Arithmetic::Op::kMultiply:
      return "*";
    case Arithmetic::Op::kDivide:
      return "/";
    case Arithmetic::Op::kRemainder:
      return "%";
  }
  return "";
}

json JsonOf(const InState& what) {
  return {{"is", WordOf(what.state)},
          {"subject", what.subject.id},
          {"node", NameOr(what.node)},
          {"device", NameOr(what.device)}};
}

json JsonOf(const Happened& what) {
  return {
      {"is", "happened"}, {"action", WordOf(what.action)}, {"subject", what.resource.id}, {"node", NameOr(what.node)}};
}

json JsonOf(const Event& event) {
  return std::visit([](const auto& what) { return JsonOf(what); }, event.what);
}

json JsonOf(const Quantity& quantity) {
  return std::visit(
      Overloaded{
          [](const Constant& constant) {
            return json{{"of", "constant"}, {"value", constant.value}};
          },
          [](const Count& count) {
            return json{{"of", "count"}, {"state", WordOf(count.state)}, {"subject", NameOr(count.subject)}};
          },
          [](const Downtime& downtime) {
            return json{{"of", "downtime"}, {"subject", downtime.resource.id}};
          },
          [](const std::shared_ptr<const Arithmetic>& both) {
            return json{{"of", WordOf(both->op)}, {"left", JsonOf(both->left)}, {"right", JsonOf(both->right)}};
          },
      },
      quantity.what);
}

json ListOf(const std::vector<Condition>& conditions) {
  json list = json::array();
  for (const Condition& condition : conditions) list.push_back(JsonOf(condition));
  return list;
}

json DoneTo(const char* word, const std::vector<Name>& nodes) {
  return {{"do", word}, {"nodes", NamesOf(nodes)}};
}

}  // namespace

json JsonOf(const Condition& condition) {
  return std::visit(Overloaded{
                        [](const InState& what) { return JsonOf(what); },
                        [](const Happened& what) { return JsonOf(what); },
                        [](const Undisturbed& what) {
                          return json{{"is", what.kind == Undisturbed::Kind::kRestart ? "no restart" : "no move"},
                                      {"subject", what.resource.id},
                                      {"node", NameOr(what.node)}};
                        },
                        [](const UtilizationFits&) {
                          return json{{"is", "utilization fits"}};
                        },
                        [](const Comparison& what) {
                          return json{{"is", "compared"},
                                      {"op", WordOf(what.op)},
                                      {"left", JsonOf(what.left)},
                                      {"right", JsonOf(what.right)}};
                        },
                        [](const Before& what) {
                          return json{{"is", "before"}, {"first", JsonOf(what.first)}, {"second", JsonOf(what.second)}};
                        },
                        [](const Not& what) {
                          return json{{"is", "not"}, {"operand", JsonOf(*what.operand)}};
                        },
                        [](const And& what) {
                          return json{{"is", "and"}, {"operands", ListOf(what.operands)}};
                        },
                        [](const Or& what) {
                          return json{{"is", "or"}, {"operands", ListOf(what.operands)}};
                        },
                        [](const Implies& what) {
                          return json{{"is", "implies"},
                                      {"premise", JsonOf(*what.premise)},
                                      {"conclusion", JsonOf(*what.conclusion)}};
                        },
                    },
                    condition.what);
}

json JsonOf(const FailResource& what) {
  return {{"do", "fail"},
          {"resource", what.resource.id},
          {"operation", what.operation.value_or("monitor")},
          {"node", NameOr(what.node)},
          {"rc", what.exit_code},
          {"hangs", what.timed_out},
          {"times", what.times}};
}

json JsonOf(const Edit& what) {
  return {{"do", "edit"},          {"block", WordOf(what.block)}, {"operation", what.operation},
          {"option", what.option}, {"value", what.value},         {"resource", NameOr(what.resource)}};
}

// tidy: allow(long) a table with one row for each kind of fault.
json JsonOf(const Fault& fault) {
  return std::visit(
      Overloaded{
          [](const Kill& what) { return DoneTo("kill", what.nodes); },
          [](const Standby& what) { return DoneTo("standby", what.nodes); },
          [](const Online& what) { return DoneTo("online", what.nodes); },
          [](const Shutdown& what) {
            return DoneTo(what.boots_again ? "reboot" : what.halts ? "shutdown" : "leave", what.nodes);
          },
          [](const Crash& what) { return DoneTo("crash", what.nodes); },
          [](const Confirm& what) { return DoneTo("confirm", what.nodes); },
          [](const Isolate& what) { return DoneTo("isolate", what.nodes); },
          [](const CutLink& what) {
            return json{{"do", "cut"}, {"link", what.link.id}, {"node", NameOr(what.node)}};
          },
          [](const Partition& what) {
            return json{{"do", "partition"}, {"left", NamesOf(what.left)}, {"right", NamesOf(what.right)}};
          },
          [](const FailResource& what) { return JsonOf(what); },
          [](const FailFence& what) {
            return json{{"do", "fail fence"}, {"device", what.device.id}, {"how", WordOf(what.how)}};
          },
          [](const Hang& what) {
            return json{{"do", "hang"}, {"resource", what.resource.id}};
          },
          [](const Grant& what) {
            return json{{"do", "grant"}, {"ticket", what.ticket.id}};
          },
          [](const Revoke& what) {
            return json{{"do", "revoke"}, {"ticket", what.ticket.id}};
          },
          [](const SetAttribute& what) {
            return json{{"do", "set"}, {"attribute", what.attribute}, {"value", what.value}, {"node", what.node.id}};
          },
          [](const Advance& what) {
            return json{{"do", "advance"}, {"ms", what.duration_ms}};
          },
          [](const RestartCluster&) {
            return json{{"do", "restart cluster"}};
          },
          [](const Heal& what) {
            return json{{"do", "heal"}, {"link", NameOr(what.link)}, {"node", NameOr(what.node)}};
          },
          [](const Repair& what) {
            return json{{"do", "repair"}, {"subject", what.subject.id}};
          },
          [](const Maintenance& what) {
            return json{{"do", "maintenance"},
                        {"on", what.on},
                        {"node", NameOr(what.node)},
                        {"resource", NameOr(what.resource)}};
          },
          [](const Manage& what) {
            return json{{"do", "manage"}, {"resource", what.resource.id}, {"managed", what.managed}};
          },
          [](const Enable& what) {
            return json{{"do", "enable"}, {"resource", what.resource.id}, {"enabled", what.enabled}};
          },
          [](const Move& what) {
            return json{{"do", "move"},
                        {"resource", what.resource.id},
                        {"node", NameOr(what.node)},
                        {"promoted", what.promoted}};
          },
          [](const Ban& what) {
            return json{{"do", "ban"},
                        {"resource", what.resource.id},
                        {"node", NameOr(what.node)},
                        {"promoted", what.promoted}};
          },
          [](const Clear& what) {
            return json{{"do", "clear"}, {"resource", what.resource.id}, {"node", NameOr(what.node)}};
          },
          [](const Cleanup& what) {
            return json{{"do", what.refresh ? "refresh" : "cleanup"},
                        {"resource", NameOr(what.resource)},
                        {"node", NameOr(what.node)}};
          },
          [](const Edit& what) { return JsonOf(what); },
          [](const Delete& what) {
            return json{{"do", "delete"}, {"subject", what.subject.id}};
          },
          [](const Deploy& what) {
            return json{{"do", "deploy"}, {"cib", what.policy ? json(what.policy->cib) : json()}};
          },
          [](const ByHand& what) {
            return json{{"do", "by hand"},
                        {"action", WordOf(what.action)},
                        {"resource", what.resource.id},
                        {"node", what.node.id}};
          },
      },
      fault);
}

json JsonOf(const Assumption& assumption) {
  return std::visit(Overloaded{
                        [](const TakesTime& what) {
                          return json{{"assume", "takes"},
                                      {"resource", what.resource.id},
                                      {"operation", what.operation},
                                      {"node", NameOr(what.node)},
                                      {"ms", what.duration_ms}};
                        },
                        [](const SetsScore& what) {
                          return json{{"assume", "score"},
                                      {"resource", what.resource.id},
                                      {"node", NameOr(what.node)},
                                      {"score", what.score},
                                      {"promoted", what.when_promoted ? json(*what.when_promoted) : json()}};
                        },
                        [](const PoweredBy& what) {
                          return json{{"assume", "powered"}, {"device", what.device.id}, {"node", what.node.id}};
                        },
                    },
                    assumption.what);
}

}  // namespace picket::compiler::scenario
