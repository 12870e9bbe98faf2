#include "simulator/testing/two_nodes.h"

#include <stdexcept>
#include <string>

#include "solver/cib/document.h"
#include "solver/cib/read.h"

namespace picket::simulator::testing {
namespace {

constexpr std::string_view kBegin = R"(
<cib validate-with="pacemaker-3.7" crm_feature_set="3.16.1" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
<nvpair id="o1" name="stonith-enabled" value="true"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes><resources>
<primitive id="f1" class="stonith" type="fence_x"><instance_attributes id="f1-i">
<nvpair id="f1-h" name="pcmk_host_list" value="n1"/>
<nvpair id="f1-d" name="pcmk_delay_base" value="5s"/></instance_attributes></primitive>
<primitive id="f2" class="stonith" type="fence_x"><instance_attributes id="f2-i">
<nvpair id="f2-h" name="pcmk_host_list" value="n2"/></instance_attributes></primitive>
)";

}  // namespace

const std::string_view kService = R"(<primitive id="r" class="ocf" provider="pacemaker" type="Dummy">
<operations><op id="r-m" name="monitor" interval="10s"/></operations></primitive>)";

const std::string_view kPromotable = R"(<clone id="ms"><meta_attributes id="ms-m">
<nvpair id="ms-p" name="promotable" value="true"/></meta_attributes>
<primitive id="s" class="ocf" provider="pacemaker" type="Stateful"><operations>
<op id="s-m1" name="monitor" interval="10s" role="Promoted"/>
<op id="s-m2" name="monitor" interval="11s" role="Unpromoted"/></operations></primitive></clone>)";

TwoNodes::TwoNodes(std::string_view resources, std::string_view constraints) {
  const std::string text = std::string(kBegin) + std::string(resources) + "</resources><constraints>" +
                           std::string(constraints) + "</constraints></configuration><status/></cib>";
  solver::DocumentError error;
  std::string warning;
  if (!solver::ParseDocument(text, document, error) || !solver::UpgradeDocument(document, warning, error)) {
    throw std::runtime_error(error.message);
  }
  cluster = solver::ReadCluster(document);
  state = solver::ReadState(document, {}, {});
  catalog = std::make_shared<Catalog>(cluster);
}

WorldSettings TwoNodes::Settings() {
  WorldSettings settings;
  settings.two_node = true;
  settings.wait_for_all = true;  // Corosync's own default with two_node
  settings.wait_for_all = true;  // Corosync's default with two_node
  settings.links = {"lan", "back"};
  return settings;
}

}  // namespace picket::simulator::testing
