#include "compiler/syntax/grammar/linked.h"

// test and invariant.
namespace picket::compiler::grammar {
namespace {

constexpr bool IsNodesVerb(std::string_view word) {
  return word == "kill" || word == "standby" || word == "online" || word == "isolate";
}

bool ParseFail(Cursor& first, State& state, ast::TestStep& out) {
  static const auto fence =
      rule<ast::FailFenceFault>(kw("fail") >> kw("fence") >>
                                name[set<&ast::FailFenceFault::device>]);
  static const auto resource = rule<ast::FailFault>(
      kw("fail") > named("the name of a resource, or `fence` and a device",
                         name)[set<&ast::FailFault::resource>] >
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

constexpr auto what = [](auto& c) { x3::_val(c).what = std::move(x3::_attr(c)); };

bool ParseStep(Cursor& first, State& state, ast::TestStep& out) {
  static const auto condition = rule<ast::ConditionStep>(
      one_of("given expect")[set<&ast::ConditionStep::keyword>] >
      expr[set<&ast::ConditionStep::condition>]);
  static const auto nodes = rule<ast::NodesFault>(
      Choice{IsNodesVerb}[set<&ast::NodesFault::verb>] >
      (named("the name of a node", name)[add<&ast::NodesFault::nodes>] % tok(',')));
  static const auto cut = rule<ast::CutFault>(
      kw("cut") > kw("link") > named("the name of a link", name)[set<&ast::CutFault::link>] >
      -(join("of") > name[set<&ast::CutFault::node>]));
  static const auto left =
      (open('{') > (name[add<&ast::PartitionFault::left>] % tok(',')) > newlines > tok('}')) |
      name[add<&ast::PartitionFault::left>];
  static const auto right =
      (open('{') > (name[add<&ast::PartitionFault::right>] % tok(',')) > newlines > tok('}')) |
      name[add<&ast::PartitionFault::right>];
  static const auto partition =
      rule<ast::PartitionFault>(kw("partition") > named("a node or `{nodes}`", left) >
                                join("from") > named("a node or `{nodes}`", right));
  static const auto hang =
      rule<ast::HangFault>(kw("hang") > name[set<&ast::HangFault::resource>]);
  static const auto ticket =
      rule<ast::TicketFault>(one_of("grant revoke")[set<&ast::TicketFault::verb>] >
                             named("the name of a ticket", name)[set<&ast::TicketFault::ticket>]);
  static const auto attribute =
      rule<ast::SetFault>(kw("set") > option[set<&ast::SetFault::option>] > join("on") >
                          name[set<&ast::SetFault::node>]);
  static const auto advance =
      rule<ast::AdvanceFault>(kw("advance") > named("a duration", word)[set<&ast::AdvanceFault::duration>]);
  static const auto restart =
      rule<ast::RestartFault>(kw("restart") > kw("cluster")[set<&ast::RestartFault::cluster>]);
  static const auto any = rule<ast::TestStep>(condition[what] | nodes[what] | cut[what] |
                                              partition[what] | hang[what] | ticket[what] |
                                              attribute[what] | advance[what] | restart[what]);
  if (!state.IsWord(first, "fail")) return RunSpanned(any, first, state, out);
  const Cursor start = first;
  if (!ParseFail(first, state, out)) return false;
  out.span = state.Between(start, first);
  return true;
}
constexpr Linked<ast::TestStep, ParseStep> step{"a fault"};

bool ParseInvariantItem(Cursor& first, State& state, ast::InvariantItem& out) {
  static const auto over = rule<ast::Over>(
      kw("over") > kw("failures") >
      named("a number or a range such as `1..2`", word)[set<&ast::Over::count>] > join("of") >
      (named("`node`, `resource`, `link`, `fence` or `ticket`", name)[add<&ast::Over::kinds>] %
       tok(',')));
  static const auto condition = rule<ast::ConditionStep>(
      one_of("assuming always never settles")[set<
          &ast::ConditionStep::keyword>] > expr[set<&ast::ConditionStep::condition>]);
  static const auto any = rule<ast::InvariantItem>(over[what] | condition[what]);
  return RunSpanned(any, first, state, out);
}
constexpr Linked<ast::InvariantItem, ParseInvariantItem> invariant_item{"a claim"};

}  // namespace

bool ParseScenario(Cursor& first, State& state, ast::Statement& out) {
  static const auto test = rule<ast::Test>(
      kw("test") > named("what the test is about, in quotes", string)[set<&ast::Test::name>] >
      body("`given`, `expect` or a fault",
           "given expect kill standby online isolate cut partition fail hang grant revoke set "
           "advance restart",
           step)[set<&ast::Test::steps>]);
  static const auto invariant = rule<ast::Invariant>(
      kw("invariant") >
      named("what the invariant says, in quotes", string)[set<&ast::Invariant::name>] >
      body("`over`, `assuming`, `always`, `never` or `settles`",
           "over assuming always never settles", invariant_item)[set<&ast::Invariant::items>]);
  if (state.IsWord(first, "test")) return RunStatement<ast::Test>(test, first, state, out);
  return RunStatement<ast::Invariant>(invariant, first, state, out);
}

}  // namespace picket::compiler::grammar
