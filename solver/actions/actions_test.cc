// The stages of this room on small clusters: what a resource gets, and the lines that come of it in the end.
#include <doctest/doctest.h>

#include "solver/actions/testing/acted.h"

namespace picket::solver::testing {
namespace {

// The actions of a primitive A with this history, meta-attributes and constraints.
std::string A(const std::string& history, const std::string& meta = {}, const std::string& constraints = {},
              const std::string& operations = {}) {
  return Acted({.resources = Dummy("A", meta, operations), .history = history, .constraints = constraints}).Of("A");
}

TEST_CASE("the role walk of a primitive (spec 05 §8.6)") {
  CHECK(A("") == "start n1");
  CHECK(A("A@n1:start") == "[stop n1], [start n1]");
  CHECK(A("A@n1:start", "", Pin("A", "n2")) == "stop n1, start n2");
  CHECK(A("A@n1:start", "target-role=Stopped") == "stop n1");
  CHECK(A("A@n1:stop") == "start n1");
  CHECK(A("A@n1:start,monitor/10!7", "", "", "monitor/10") == "monitor/10 n1, stop n1, start n1");
  CHECK(A("A@n1:start A@n2:start", "", Pin("A", "n1")) == "stop n1, stop n2, start n1");
  CHECK(A("A@n1:start A@n2:start", "multiple-active=stop_unexpected", Pin("A", "n1")) == "stop n2, start n1~");
  CHECK(A("A@n1:start A@n2:start", "multiple-active=block", Pin("A", "n1")) == "[stop n1!], [stop n2!]");
  CHECK(A("A@n1:start", "is-managed=false") == "[stop n1!], [start n1]");
  CHECK(A("", "is-managed=false") == "");
}

TEST_CASE("promotable instances (spec 05 §8.6, §10.3)") {
  const auto p0 = [](const std::string& history, const std::string& meta = {}) {
    return Acted({.nodes = "n1",
                  .resources = Clone("C", Dummy("p"), "promotable=true " + meta),
                  .history = history,
                  .constraints = "<rsc_location id='l' rsc='C'><rule id='r' role='Promoted' score='10'>"
                                 "<expression id='e' attribute='#uname' operation='eq' value='n1'/>"
                                 "</rule></rsc_location>"})
        .Of("p:0");
  };
  CHECK(p0("") == "start n1, promote n1");
  CHECK(p0("p@n1:start") == "[start n1], [stop n1], promote n1");
  CHECK(p0("p@n1:start,promote") == "[start n1], [demote n1], [stop n1], [promote n1]");
  CHECK(p0("p@n1:start,promote", "target-role=Unpromoted") == "[start n1], demote n1, [stop n1]");
  CHECK(p0("p@n1:start,promote", "target-role=Stopped") == "demote n1, stop n1");
}

TEST_CASE("a guest is not fenced because its connection failed and does not come back (spec 05 §7.1)") {
  const Acted acted({.nodes = "n1",
                     .resources = Dummy("vm", "remote-node=g target-role=Stopped"),
                     .history = "vm@n1:start g@n1:start,monitor/30!1",
                     .options = "enable-startup-probes=true"});
  CHECK(acted.Of("") == "");
  CHECK(acted.Summary() == "Stop vm ( n1 ) due to node availability; Stop g ( n1 ) due to node availability");
}

TEST_CASE("recurring operations (spec 05 §9)") {
  const auto monitors = [](const std::string& history, const std::string& operations, const std::string& meta = {}) {
    return A(history, meta, Pin("A", "n1"), operations);
  };
  CHECK(monitors("", "monitor/10") == "start n1, monitor/10 n1");
  CHECK(monitors("A@n1:start,monitor/10", "monitor/10") == "[monitor/10 n1], [stop n1], [start n1]");
  CHECK(monitors("A@n1:start", "monitor/10") == "[stop n1], [start n1], monitor/10 n1");
  CHECK(monitors("", "monitor/10 start/10 stop/20 monitor") == "start n1, monitor/10 n1");
  // A duplicate makes all of them void, as does a role that does not exist.
  CHECK(monitors("", "monitor/10 monitor/10=Started") == "start n1");
  CHECK(monitors("", "monitor/10=Nonsense") == "start n1");
  CHECK(monitors("", "monitor/10=Promoted") == "start n1");
  CHECK(monitors("", "monitor/10=Stopped") == "start n1, monitor/10 n2");
  CHECK(monitors("A@n1:start,monitor/10", "monitor/10", "target-role=Stopped") == "[monitor/10 n1!], stop n1");
  CHECK(monitors("A@n1:start", "monitor/10", "maintenance=true") == "[stop n1!], [start n1]");
}

TEST_CASE("a monitor of the wrong role is cancelled") {
  const Acted acted(
      {.nodes = "n1",
       .resources = Clone("C", Dummy("p", "", "monitor/10=Promoted monitor/11=Unpromoted"), "promotable=true"),
       .history = "p@n1:start,monitor/11",
       .constraints = "<rsc_location id='l' rsc='C'><rule id='r' role='Promoted' score='10'>"
                      "<expression id='e' attribute='#uname' operation='eq' value='n1'/>"
                      "</rule></rsc_location>"});
  CHECK(acted.Of("p:0") == "cancel monitor/11 n1, [start n1], [stop n1], promote n1, monitor/10 n1");
  CHECK(acted.MetaOf("p:0_monitor_10000", "op_target_rc") == "8");
  CHECK(acted.MetaOf("p:0_monitor_11000", "operation") == "monitor");
  CHECK(acted.Summary() == "Promote p:0 ( Unpromoted -> Promoted n1 )");
}

TEST_CASE("live migration (spec 05 §17)") {
  const Acted acted(
      {.resources = Dummy("A", "allow-migrate=true"), .history = "A@n1:start", .constraints = Pin("A", "n2")});
  CHECK(acted.Of("A") == "stop n1, start n2~, [migrate_to n1], [migrate_from n2]");
  CHECK(acted.Summary() == "Migrate A ( n1 -> n2 )");
  CHECK(acted.MetaOf("A_migrate_to_0", "migrate_target") == "n2");
  CHECK(acted.MetaOf("A_migrate_to_0", "record-pending") == "true");
  CHECK(acted.MetaOf("A_migrate_from_0", "record-pending") == "-");
  // A failed resource has nothing that could be migrated.
  CHECK(A("A@n1:start,monitor/10!7", "allow-migrate=true", Pin("A", "n2"), "monitor/10") ==
        "[monitor/10 n1], stop n1, start n2, monitor/10 n2");
}

TEST_CASE("collectives come after their members (spec 05 §10)") {
  const Acted group({.resources = Group("G", Dummy("m1") + Dummy("m2"))});
  CHECK(group.Of("G") == "[start~], [running~], [stop~], [stopped~]");
  const Acted clone({.resources = Clone("C", Dummy("p"))});
  CHECK(clone.Of("C") == "start~, running~, [stop~], [stopped~]");
  const Acted running({.resources = Clone("C", Dummy("p")), .history = "p@n1:start p@n2:start"});
  CHECK(running.Of("C") == "[start~], [running~], [stop~], [stopped~]");
  const Acted promotable({.resources = Clone("C", Dummy("p"), "promotable=true")});
  CHECK(promotable.Of("C") == "start~, running~, [stop~], [stopped~], [promote~], [promoted~], [demote~], [demoted~]");
}

TEST_CASE("notifications (spec 04 §10)") {
  const Acted acted({.resources = Clone("C", Dummy("p"), "notify=true"), .history = "p@n1:start"});
  CHECK(acted.Of("C") ==
        "start~, running~, [stop~], [stopped~], pre_notify_start~, confirmed-pre_notify_start~, "
        "post_notify_running~, "
        "confirmed-post_notify_running~, [pre_notify_stop~], [confirmed-pre_notify_stop~], "
        "[post_notify_stopped~], "
        "[confirmed-post_notify_stopped~]");
  const std::string stays = "p:0_post_notify_start_0";
  CHECK(acted.MetaOf(stays, "notify_start_resource") == "p:1");
  CHECK(acted.MetaOf(stays, "notify_start_uname") == "n2");
  CHECK(acted.MetaOf(stays, "notify_active_resource") == "p:0");
  CHECK(acted.MetaOf(stays, "notify_active_uname") == "n1");
  CHECK(acted.MetaOf(stays, "notify_inactive_resource") == "p:1");
  CHECK(acted.MetaOf(stays, "notify_stop_resource") == " ");
  CHECK(acted.MetaOf(stays, "notify_available_uname") == "n1 n2");
  CHECK(acted.MetaOf(stays, "notify_all_uname") == "n1 n2");
  CHECK(acted.MetaOf(stays, "notify_all_hosts") == "-");
  CHECK(acted.MetaOf(stays, "notify_key_operation") == "running");
  CHECK(acted.MetaOf("p:1_start_0", "notify_start_resource") == "p:1");
  // What stays is told before and after, what starts only after.
  CHECK(acted.MetaOf("p:0_pre_notify_start_0", "notify_type") == "pre");
  CHECK(acted.MetaOf("p:1_pre_notify_start_0", "notify_type") == "?");
  CHECK(acted.MetaOf("p:1_post_notify_start_0", "notify_type") == "post");
}

TEST_CASE("instances in notifications are sorted by id as bytes") {
  std::string nodes;
  std::string history;
  for (int i = 0; i < 12; ++i) {
    const std::string node = "n" + std::to_string(i);
    nodes += node + " ";
    if (i < 11) history += "p@" + node + ":start ";
  }
  const Acted acted({.nodes = nodes, .resources = Clone("C", Dummy("p"), "notify=true"), .history = history});
  CHECK(acted.MetaOf("p:11_start_0", "notify_active_resource") == "p:0 p:1 p:10 p:2 p:3 p:4 p:5 p:6 p:7 p:8 p:9");
  CHECK(acted.MetaOf("p:11_start_0", "notify_active_uname") == "n0 n1 n10 n2 n3 n4 n5 n6 n7 n8 n9");
}

TEST_CASE("probes (spec 05 §7)") {
  const std::string probes = "enable-startup-probes=true";
  const auto of = [&](const Scene& scene, std::string_view resource) { return Acted(scene).Of(resource); };
  CHECK(of({.resources = Dummy("A"), .options = probes}, "A") == "monitor n1, monitor n2, start n1");
  CHECK(of({.resources = Dummy("A"), .history = "A@n1:start", .options = probes}, "A") ==
        "monitor n2, [stop n1], [start n1]");
  CHECK(of({.nodes = "n1 n2:down", .resources = Dummy("A"), .options = probes}, "A") == "monitor n1, start n1");
  CHECK(of({.resources = Dummy("A", "is-managed=false"), .options = probes}, "A") == "monitor n1, monitor n2");
  CHECK(of({.resources = Dummy("A"),
            .constraints = "<rsc_location id='l' rsc='A' node='n2' score='0' resource-discovery='never'/>",
            .options = probes},
           "A") == "monitor n1, start n1");
  CHECK(of({.resources = Dummy("A"),
            .constraints = "<rsc_location id='l' rsc='A' node='n2' score='0' resource-discovery='exclusive'/>",
            .options = probes},
           "A") == "monitor n2, start n2");
}

TEST_CASE("one instance of an anonymous clone answers for all") {
  const std::string probes = "enable-startup-probes=true";
  const Acted fresh({.resources = Clone("C", Dummy("p")), .options = probes});
  CHECK(fresh.Of("p:0") == "monitor n1, start n1");
  CHECK(fresh.Of("p:1") == "monitor n2, start n2");
  const Acted known({.resources = Clone("C", Dummy("p")), .history = "p@n1:start", .options = probes});
  CHECK(known.Of("p:0") == "[stop n1], [start n1]");
  CHECK(known.Of("p:1") == "monitor n2, start n2");
  const Acted unique({.resources = Clone("C", Dummy("p"), "globally-unique=true clone-max=2"), .options = probes});
  CHECK(unique.Of("p:0") == "monitor n1, monitor n2, start n1");
  CHECK(unique.Of("p:1") == "monitor n1, monitor n2, start n2");
}

const char* const kDevice = "<primitive id='F' class='stonith' type='fence_dummy'/>";

TEST_CASE("fencing implies the stops of what ran there (spec 05 §15)") {
  const Acted acted({.nodes = "n1 n2:lost",
                     .resources = kDevice + Dummy("A"),
                     .history = "A@n2:start",
                     .options = "fencing-enabled=true"});
  CHECK(acted.Of("") == "stonith-n2-reboot");
  CHECK(acted.Of("A") == "stop n2~, start n1");
  CHECK(acted.Summary() ==
        "Fence (reboot) n2 'peer is no longer part of the cluster'; Start F ( n1 ); Move A ( n2 -> n1 )");
}

TEST_CASE("a node shuts down after its resources stopped") {
  const Acted acted({.nodes = "n1 n2:leaving", .resources = Dummy("A"), .history = "A@n2:start"});
  CHECK(acted.Of("") == "do_shutdown-n2");
  CHECK(acted.Of("A") == "stop n2, start n1");
  CHECK(acted.Summary() == "Move A ( n2 -> n1 )");
  CHECK(acted.MetaOf("do_shutdown-n2", "op_no_wait") == "true");
}

TEST_CASE("the lines of the summary (spec 05 §22)") {
  const auto line = [](const std::string& history, const std::string& meta = {}, const std::string& constraints = {}) {
    return Acted({.resources = Dummy("A", meta), .history = history, .constraints = constraints}).Summary();
  };
  CHECK(line("") == "Start A ( n1 )");
  CHECK(line("A@n1:start") == "");
  CHECK(line("A@n1:start", "target-role=Stopped") == "Stop A ( n1 ) due to node availability");
  CHECK(line("A@n1:start", "", Pin("A", "n2")) == "Move A ( n1 -> n2 )");
  CHECK(line("A@n1:start,monitor/10!7") == "Recover A ( n1 )");
  CHECK(line("A@n1:start,monitor/10!7", "", Pin("A", "n2")) == "Recover A ( n1 -> n2 )");
  CHECK(line("A@n1:start A@n2:start", "", Pin("A", "n1")) == "Restart A ( n1 )");
  CHECK(line("A@n1:start A@n2:start", "target-role=Stopped") ==
        "Stop A ( n1 ) due to node availability; Stop A ( n2 ) due to node availability");
  CHECK(line("A@n1:start", "is-managed=false") == "");
}

TEST_CASE("a dependent that cannot run stops, and the line says why") {
  const Acted acted({.resources = Dummy("A", "target-role=Stopped") + Dummy("B"),
                     .history = "B@n1:start",
                     .constraints = "<rsc_order id='o' first='A' then='B'/>"});
  CHECK(acted.Summary() == "Stop B ( n1 ) due to unrunnable A start");
}

}  // namespace
}  // namespace picket::solver::testing
