#include "cli/fence_verb.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

#include "cli/exit_status.h"
#include "cli/live.h"
#include "solver/model/text.h"

namespace picket::cli {
namespace {

using Json = nlohmann::ordered_json;

struct FenceOptions {
  LiveOptions live;
  std::string node;
  std::string action;
  bool confirm = false;
};

// The node as the configuration spells it; null, and a complaint, if there is none.
const Json* FindNode(const Json& live, const std::string& name) {
  std::string known;
  for (const Json& node : live.at("nodes")) {
    const std::string candidate = node.at("name").get<std::string>();
    if (solver::EqualFolded(candidate, name)) return &node;
    known += " " + candidate;
  }
  std::cerr << "picket: there is no node `" << name << "`; the nodes are" << known << '\n';
  return nullptr;
}

// What is done to a node that is fenced is the policy's business; and where nothing would be done, it is better not
// to leave the wish behind for a day when it is no longer meant.
std::string WhyNotFenced(const execution::Plan& plan, const std::string& node, const std::string& action) {
  const auto step = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const execution::PlanStep& s) {
    return s.kind == execution::StepKind::kFencing && s.node == node;
  });
  if (step == plan.steps.end()) {
    return node +
           " would not be fenced: it is off already, or fencing is disabled, or there is no device for it, or "
           "no quorum";
  }
  if (action.empty() || action == step->detail) return {};
  return "the policy's action is " + step->detail + "; `property fencing-action=" + action + "` changes that";
}

int Finish(const FenceOptions& options, const Shown& shown, const std::optional<Json>& answer,
           const std::string& words) {
  if (!answer) return kEnvironmentWrong;
  if (options.live.json()) {
    TellChange(shown, *answer);
  } else {
    std::cout << words << '\n';
  }
  return kOk;
}

int AskForFencing(const FenceOptions& options, const Json& live, const std::string& node) {
  Question question;
  question.objection = [&](const execution::Plan& plan) { return WhyNotFenced(plan, node, options.action); };
  const Shown shown = ShowChange(
      options.live, node + " is fenced", live, std::nullopt,
      [&](runtime::Replica& replica) {
        replica.Apply(runtime::AttributeSet{node, "terminate", "true"});
      },
      question);
  if (!shown.agreed) return shown.status;
  return Finish(options, shown, AskLive(options.live, {{"verb", "fence"}, {"node", node}}),
                node + " is to be fenced; `picket events --follow` tells how it goes");
}

int Confirm(const FenceOptions& options, const Json& live, const Json& known) {
  const std::string node = known.at("name").get<std::string>();
  const std::string standing = known.value("standing", "");
  if (known.at("member").get<bool>() && standing != "without picketd") {
    std::cerr << "picket: " << node << " is a member of the group and talks to the others: it is not off\n";
    return kInputWrong;
  }
  if (standing == "left" || standing == "fenced") {
    std::cerr << "picket: there is nothing to confirm: " << node
              << (standing == "left" ? " left in good order\n" : " is known to be off\n");
    return kInputWrong;
  }
  Question question;
  question.text = "You say that " + node +
                  " is OFF, and that you have seen it yourself. If it still runs, what it "
                  "runs will be started a second time elsewhere, and DATA WILL BE DESTROYED. That it does not answer "
                  "is no proof.\n";
  question.word = node;
  const Shown shown = ShowChange(
      options.live, node + " counts as off, because you say so", live, std::nullopt,
      [&](runtime::Replica& replica) {
        runtime::FenceDone done;
        done.target = node;
        done.incarnation = replica.PeerOf(node).incarnation;
        done.boot_id = replica.PeerOf(node).boot_id;
        done.action = "off";
        done.success = true;
        done.device = "a person";
        replica.Apply(done);
      },
      question);
  if (!shown.agreed) return shown.status;
  return Finish(options, shown, AskLive(options.live, {{"verb", "fence"}, {"node", node}, {"confirm", true}}),
                node + " counts as off; see to it that it does not come back before it has been looked at");
}

int RunFence(const FenceOptions& options) {
  const auto live = AskLive(options.live, {{"verb", "status"}, {"configuration", true}});
  if (!live) return kEnvironmentWrong;
  if (!live->value("configured", false)) {
    std::cerr << "picket: picketd has no configuration yet; `picket apply FILE --to local` gives it one\n";
    return kInputWrong;
  }
  const Json* node = FindNode(*live, options.node);
  if (!node) return kInputWrong;
  if (options.confirm) return Confirm(options, *live, *node);
  return AskForFencing(options, *live, node->at("name").get<std::string>());
}

}  // namespace

void AddFenceVerb(CLI::App& program, int& status) {
  const auto options = std::make_shared<FenceOptions>();
  CLI::App* verb = program.add_subcommand("fence", "Have a node fenced, or say yourself that it is off");
  verb->add_option("NODE", options->node, "the node")->required();
  CLI::Option* action =
      verb->add_option("--action", options->action, "what has to be done to it; only what the policy does is done")
          ->check(CLI::IsMember({"reboot", "off"}));
  verb->add_flag("--confirm", options->confirm, "no device is asked: you have seen that the node is off")
      ->excludes(action);
  AddChangeOptions(*verb, options->live);
  verb->footer("Example: picket fence n2");
  verb->callback([options, &status] { status = RunFence(*options); });
}

}  // namespace picket::cli
