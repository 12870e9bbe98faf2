#include "compiler/syntax/grammar/linked.h"

// cluster, node, property, rsc_defaults, op_defaults.
namespace picket::compiler::grammar {
namespace {

constexpr bool IsSection(std::string_view word) {
  return word == "crypto" || word == "totem" || word == "quorum" || word == "cib" || word == "sbd";
}

bool ParseClusterLink(Cursor& first, State& state, ast::ClusterLink& out) {
  static const auto definition =
      rule<ast::ClusterLink>(kw("link") > named("the name of the link", name)[set<&ast::ClusterLink::name>] >
                             *option[add<&ast::ClusterLink::options>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::ClusterLink, ParseClusterLink> cluster_link{"a link"};

bool ParseClusterSection(Cursor& first, State& state, ast::ClusterSection& out) {
  static const auto definition = rule<ast::ClusterSection>(
      ((kw("qdevice")[set<&ast::ClusterSection::kind>] >
        named("the model of the device, such as `net`", name)[set<&ast::ClusterSection::model>]) |
       Choice{IsSection}[set<&ast::ClusterSection::kind>]) > *option[add<&ast::ClusterSection::options>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::ClusterSection, ParseClusterSection> cluster_section{"options"};

bool ParseCheck(Cursor& first, State& state, ast::Check& out) {
  static const auto definition =
      rule<ast::Check>(name[set<&ast::Check::name>] >> -(tok('=') > value[set<&ast::Check::value>]));
  return RunRule(definition, first, state, out);
}
constexpr Linked<ast::Check, ParseCheck> check{"a check"};

bool ParsePreflight(Cursor& first, State& state, ast::Preflight& out) {
  static const auto definition = rule<ast::Preflight>(kw("preflight") > +check[add<&ast::Preflight::checks>]);
  return RunSpanned(definition, first, state, out);
}
constexpr Linked<ast::Preflight, ParsePreflight> preflight{"`preflight`"};

bool ParseClusterItem(Cursor& first, State& state, ast::ClusterItem& out) {
  static const auto definition =
      rule<ast::ClusterItem>(option[put] | cluster_link[put] | cluster_section[put] | preflight[put]);
  return RunRule(definition, first, state, out);
}
constexpr Linked<ast::ClusterItem, ParseClusterItem> cluster_item{"an option"};

}  // namespace

bool ParseCluster(Cursor& first, State& state, ast::Statement& out) {
  static const auto cluster =
      rule<ast::Cluster>(kw("cluster") > named("the cluster's name", name)[set<&ast::Cluster::name>] >
                         body("a link, an option or a section of the cluster",
                              "link crypto totem quorum qdevice sbd cib preflight transport engine",
                              cluster_item)[set<&ast::Cluster::items>]);
  static const auto node =
      rule<ast::Node>(kw("node") > named("the node's name", name)[set<&ast::Node::name>] >
                      -(one_of("remote ping")[set<&ast::Node::kind>] |
                        (kw("guest")[set<&ast::Node::kind>] > join("of") > name[set<&ast::Node::host>])) >
                      -body("an item of a node", "link attributes utilization description op meta params id score",
                            node_item)[set<&ast::Node::items>]);
  static const auto defaults = rule<ast::Defaults>(attributes[set<&ast::Defaults::block>]);
  if (state.IsWord(first, "cluster")) return RunStatement<ast::Cluster>(cluster, first, state, out);
  if (state.IsWord(first, "node")) return RunStatement<ast::Node>(node, first, state, out);
  return RunStatement<ast::Defaults>(defaults, first, state, out);
}

}  // namespace picket::compiler::grammar
