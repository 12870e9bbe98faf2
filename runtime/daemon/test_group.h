// The small groups that the tests of the rooms begin with, and their members' settings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/executor/executor.h"
#include "runtime/ports/events.h"

namespace picket::runtime {

// Of the picketd on `node`, alone or as a member of a group.
inline Settings SettingsOf(bool group, const std::string& node = "n1") {
  Settings settings;
  settings.node = node;
  settings.group = group;
  return settings;
}

// A group of the nodes n1, n2 and so on, with a vote each; we are process 10 on n1.
inline GroupOpened OpenedGroup(uint32_t nodes, std::optional<int64_t> token_ms = std::nullopt) {
  GroupOpened opened;
  opened.self = {1, 10};
  for (uint32_t id = 1; id <= nodes; ++id) opened.nodes.push_back({id, "n" + std::to_string(id), 1});
  if (token_ms) opened.token_ms = *token_ms;
  return opened;
}

// A configuration of one node that runs nothing.
inline std::string CibOf(const std::string& node) {
  return R"(<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">)"
         R"(<configuration><crm_config/><nodes><node id="1" uname=")" +
         node + R"("/></nodes><resources/><constraints/></configuration><status/></cib>)";
}

}  // namespace picket::runtime
