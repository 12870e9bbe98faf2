#include "execution/fencing/tasks.h"

#include <doctest/doctest.h>

namespace picket::execution {
namespace {

TEST_CASE("what a level takes") {
  AgentFacts plain;
  AgentFacts no_reboot;
  no_reboot.reboots = false;
  AgentFacts fabric;
  fabric.reboots = false;
  fabric.unfences = true;
  AgentFacts off_only;
  off_only.reboots = off_only.switches_on = false;
  const auto words = [](const std::vector<std::pair<solver::Attributes, AgentFacts>>& parts, const char* action,
                        bool asks) {
    std::vector<NodeDevice> devices(parts.size());
    std::vector<LevelDevice> level;
    for (size_t i = 0; i < parts.size(); ++i) {
      for (const auto& [name, value] : parts[i].first) devices[i].parameters.Set(name, value);
      level.push_back({i, &devices[i], parts[i].second});
    }
    std::string text;
    for (const FenceTask& task : TasksOf(level, action, asks)) {
      text += (text.empty() ? "" : " ") + task.action + std::to_string(task.device) + (task.forgiven ? "?" : "");
    }
    return text;
  };
  const solver::Attributes fixed = {{"pcmk_host_list", "n1"}};
  // Off is the proof that counts, and it is there before on is.
  CHECK(words({{fixed, plain}}, "reboot", true) == "off0 on0?");
  CHECK(words({{{}, plain}}, "reboot", true) == "list0 off0 on0?");
  CHECK(words({{{}, plain}}, "reboot", false) == "off0 on0?");
  CHECK(words({{{{"pcmk_host_check", "status"}}, plain}}, "off", true) == "status0 off0");
  CHECK(words({{fixed, no_reboot}}, "reboot", true) == "off0 on0?");
  const solver::Attributes own_word = {{"pcmk_host_list", "n1"}, {"pcmk_reboot_action", "cycle"}};
  CHECK(words({{own_word, no_reboot}}, "reboot", true) == "reboot0");
  CHECK(words({{own_word, plain}}, "reboot", true) == "reboot0");
  CHECK(words({{fixed, plain}, {fixed, plain}}, "reboot", true) == "off0 off1 on0? on1?");
  CHECK(words({{fixed, plain}, {fixed, fabric}}, "reboot", true) == "off0 off1 on0?");
  CHECK(words({{fixed, fabric}}, "reboot", true) == "off0");
  CHECK(words({{fixed, off_only}}, "reboot", true) == "off0");
  AgentFacts reboot_only;
  reboot_only.switches_on = false;
  CHECK(words({{fixed, reboot_only}}, "reboot", true) == "reboot0");
  CHECK(words({{fixed, off_only}, {fixed, plain}}, "reboot", true) == "off0 off1 on1?");
  CHECK(words({{fixed, plain}, {fixed, plain}}, "off", true) == "off0 off1");
  CHECK(words({{fixed, fabric}, {fixed, plain}}, "on", true) == "on0 on1");
}

}  // namespace
}  // namespace picket::execution
