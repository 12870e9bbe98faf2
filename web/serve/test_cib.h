// A cluster for the tests of this room: two nodes, a group, a promotable clone, a failure, a ban, an orphan, a secret.
#pragma once

#include <string>

namespace picket::web {

inline constexpr int64_t kTestNow_s = 1767614400;

inline std::string TestEntry(const std::string& resource, const std::string& operation, int rc, int call,
                             const std::string& interval = "0", const std::string& more = "") {
  const std::string id = resource + (operation == "monitor" && interval != "0" ? "_monitor_" + interval : "_last_0");
  return "<lrm_rsc_op id='" + id + "' operation_key='" + resource + "_" + operation + "_" + interval + "' operation='" +
         operation + "' interval='" + interval + "' call-id='" + std::to_string(call) + "' rc-code='" +
         std::to_string(rc) + "' op-status='" + (rc == 0 || rc == 7 || rc == 8 ? "0" : "4") +
         "' exec-time='2000' last-rc-change='1767614000' transition-magic='" + (rc == 0 || rc == 7 ? "0:" : "4:") +
         std::to_string(rc) + ";1:1:0:x' transition-key='1:1:" + std::to_string(rc) + ":x' on_node='n' " + more + "/>";
}

inline std::string TestHistory(const std::string& resource, const std::string& type, const std::string& entries) {
  return "<lrm_resource id='" + resource + "' class='ocf' provider='pacemaker' type='" + type + "'>" + entries +
         "</lrm_resource>";
}

// `resources` and `constraints` come beside what is there; `n2` says whether the second node is up.
inline std::string TestCib(const std::string& status_n1, const std::string& status_n2, bool n2 = true,
                           const std::string& constraints = "", const std::string& more = "") {
  const std::string up = "in_ccm='true' crmd='online' join='member' expected='member'";
  const std::string down = "in_ccm='false' crmd='offline' join='down' expected='down'";
  return "<cib validate-with='pacemaker-3.7' admin_epoch='0' epoch='7' num_updates='3' have-quorum='1' dc-uuid='1' "
         "crm_feature_set='3.19.0'><configuration><crm_config><cluster_property_set id='o'>"
         "<nvpair id='o1' name='stonith-enabled' value='false'/><nvpair id='o2' name='cluster-name' value='demo'/>"
         "<nvpair id='o3' name='no-quorum-policy' value='ignore'/></cluster_property_set></crm_config><nodes>"
         "<node id='1' uname='n1'/><node id='2' uname='n2'/></nodes><resources>"
         "<primitive id='web' class='ocf' provider='pacemaker' type='Dummy'><instance_attributes id='web-p'>"
         "<nvpair id='web-pw' name='password' value='hunter2hunter2'/></instance_attributes></primitive>" +
         more + "</resources><constraints>" + constraints +
         "</constraints></configuration><status><node_state id='1' uname='n1' " + up + "><lrm id='1'><lrm_resources>" +
         status_n1 + "</lrm_resources></lrm></node_state><node_state id='2' uname='n2' " + (n2 ? up : down) +
         "><lrm id='2'><lrm_resources>" + status_n2 + "</lrm_resources></lrm></node_state></status></cib>";
}

// `web` runs on n1.
inline std::string TestWebOn1() {
  return TestHistory("web", "Dummy", TestEntry("web", "start", 0, 5));
}
inline std::string TestNoWeb() {
  return TestHistory("web", "Dummy", TestEntry("web", "monitor", 7, 4));
}

}  // namespace picket::web
