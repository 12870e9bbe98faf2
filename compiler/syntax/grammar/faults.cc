#include "compiler/syntax/grammar/linked.h"
#include "compiler/syntax/keywords.h"

// What happens in a test: faults, the ends of outages, and what people do on purpose.
namespace picket::compiler::grammar {
namespace {

constexpr auto what = [](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); };

// `promoted` in front of the name of a resource; alone it is the name of one.
struct PromotedAhead : Terminal<PromotedAhead, ast::Text> {
  template <class Context, class RContext, class Attribute>
  bool parse(Cursor& first, const Cursor& last, const Context& context, RContext& rcontext,
             Attribute& attribute) const {
    const State& state = StateOf(context);
    if (!state.OpensReference(first + 1) || state.IsWord(first + 1, "to")) return false;
    return kw("promoted").parse(first, last, context, rcontext, attribute);
  }
};

bool ParseFail(Cursor& first, State& state, ast::TestStep& out) {
  static const auto fence =
      rule<ast::FailFenceFault>(kw("fail") >> kw("fence") >> name[set<&ast::FailFenceFault::device>]);
  static const auto resource = rule<ast::FailFault>(
      kw("fail") > named("the name of a resource, or `fence` and a device", name)[set<&ast::FailFault::resource>] >
      -((x3::eps - (option_ahead | kw("on"))) >> name[set<&ast::FailFault::operation>]) >
      -(join("on") > name[set<&ast::FailFault::node>]) > *option[add<&ast::FailFault::options>]);
  const Cursor start = first;
  ast::FailFenceFault device;
  if (RunRule(fence, first, state, device)) {
    out.what = std::move(device);
    return true;
  }
  first = start;
  ast::FailFault fault;
  if (!RunRule(resource, first, state, fault)) return false;
  out.what = std::move(fault);
  return true;
}

// Faults of nodes, links, tickets and time.
bool ParseOutside(Cursor& first, State& state, ast::TestStep& out) {
  static const auto nodes =
      rule<ast::NodesFault>(Choice{IsNodesFault}[set<&ast::NodesFault::verb>] >
                            (named("the name of a node", name)[add<&ast::NodesFault::nodes>] % tok(',')));
  static const auto cut =
      rule<ast::CutFault>(kw("cut") > kw("link") > named("the name of a link", name)[set<&ast::CutFault::link>] >
                          -(join("of") > name[set<&ast::CutFault::node>]));
  static const auto left = (open('{') > (name[add<&ast::PartitionFault::left>] % tok(',')) > newlines > tok('}')) |
                           name[add<&ast::PartitionFault::left>];
  static const auto right = (open('{') > (name[add<&ast::PartitionFault::right>] % tok(',')) > newlines > tok('}')) |
                            name[add<&ast::PartitionFault::right>];
  static const auto partition = rule<ast::PartitionFault>(kw("partition") > named("a node or `{nodes}`", left) >
                                                          join("from") > named("a node or `{nodes}`", right));
  static const auto heal =
      rule<ast::HealFault>(kw("heal") > -(kw("link") > named("the name of a link", name)[set<&ast::HealFault::link>] >
                                          -(join("of") > name[set<&ast::HealFault::node>])));
  static const auto ticket =
      rule<ast::TicketFault>(one_of("grant revoke")[set<&ast::TicketFault::verb>] >
                             named("the name of a ticket", name)[set<&ast::TicketFault::ticket>]);
  static const auto attribute = rule<ast::SetFault>(kw("set") > option[set<&ast::SetFault::option>] > join("on") >
                                                    name[set<&ast::SetFault::node>]);
  static const auto block = one_of("meta params")[set<&ast::EditFault::block>] |
                            (kw("op")[set<&ast::EditFault::block>] >
                             named("the name of an operation", name)[set<&ast::EditFault::operation>]);
  static const auto resource_edit = kw("set") >> block > option[set<&ast::EditFault::option>] > join("of") >
                                    named("the name of a resource", name)[set<&ast::EditFault::resource>];
  static const auto property_edit =
      kw("set") >> kw("property")[set<&ast::EditFault::block>] > option[set<&ast::EditFault::option>];
  static const auto edit = rule<ast::EditFault>(resource_edit | property_edit);
  static const auto advance =
      rule<ast::AdvanceFault>(kw("advance") > named("a duration", word)[set<&ast::AdvanceFault::duration>]);
  static const auto restart = rule<ast::RestartFault>(kw("restart") > kw("cluster")[set<&ast::RestartFault::cluster>]);
  static const auto any = rule<ast::TestStep>(nodes[what] | cut[what] | partition[what] | heal[what] | ticket[what] |
                                              edit[what] | attribute[what] | advance[what] | restart[what]);
  return RunRule(any, first, state, out);
}

// What is done to resources.
bool ParseInside(Cursor& first, State& state, ast::TestStep& out) {
  constexpr auto verb = set<&ast::ResourceFault::verb>;
  constexpr auto node = set<&ast::ResourceFault::node>;
  static const auto subject = named("the name of a resource", name)[set<&ast::ResourceFault::resource>];
  static const auto hang =
      rule<ast::HangFault>(kw("hang") > named("the name of a resource", name)[set<&ast::HangFault::resource>]);
  static const auto maintenance = rule<ast::MaintenanceFault>(
      kw("maintenance") > one_of("on off")[set<&ast::MaintenanceFault::state>] >
      -(join("of") > named("the name of a node or a resource", name)[set<&ast::MaintenanceFault::subject>]));
  static const auto plain = rule<ast::ResourceFault>(one_of("repair unmanage manage disable enable")[verb] > subject);
  static const auto promoted = -PromotedAhead{}[set<&ast::ResourceFault::role>];
  static const auto move = rule<ast::ResourceFault>(kw("move")[verb] > promoted > subject > -(join("to") > name[node]));
  static const auto ban = rule<ast::ResourceFault>(kw("ban")[verb] > promoted > subject > -(join("on") > name[node]));
  static const auto clear = rule<ast::ResourceFault>(kw("clear")[verb] > subject > -(join("on") > name[node]));
  static const auto cleanup = rule<ast::ResourceFault>(
      one_of("cleanup refresh")[verb] > -((x3::eps - kw("on")) >> name[set<&ast::ResourceFault::resource>]) >
      -(join("on") > name[node]));
  static const auto deletion = rule<ast::DeleteFault>(
      kw("delete") > named("the name of a resource or of a constraint", name)[set<&ast::DeleteFault::subject>]);
  static const auto deploy = rule<ast::DeployFault>(kw("deploy") > -string[set<&ast::DeployFault::policy>]);
  static const auto by_hand =
      rule<ast::ByHandFault>(kw("by") > kw("hand") > one_of("start stop")[set<&ast::ByHandFault::action>] >
                             named("the name of a resource", name)[set<&ast::ByHandFault::resource>] > join("on") >
                             named("the name of a node", name)[set<&ast::ByHandFault::node>]);
  static const auto any =
      rule<ast::TestStep>(hang[what] | maintenance[what] | plain[what] | move[what] | ban[what] | clear[what] |
                          cleanup[what] | deletion[what] | deploy[what] | by_hand[what]);
  return RunRule(any, first, state, out);
}

}  // namespace

bool ParseFault(Cursor& first, State& state, ast::TestStep& out) {
  const Cursor start = first;
  const bool read = state.IsWord(first, "fail") ? ParseFail(first, state, out)
                                                : ParseOutside(first, state, out) || ParseInside(first, state, out);
  if (read) out.span = state.Between(start, first);
  return read;
}

}  // namespace picket::compiler::grammar
