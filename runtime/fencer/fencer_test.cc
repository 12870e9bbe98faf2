#include "runtime/fencer/fencer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "solver/cib/read.h"

namespace picket::runtime {
namespace {

constexpr const char* kMetadata =
    R"(<resource-agent><parameters><parameter name="plug"/></parameters><actions><action name="on"/>
<action name="off"/><action name="reboot"/><action name="status"/><action name="list"/></actions></resource-agent>)";
constexpr const char* kFabric =
    R"(<resource-agent><parameters><parameter name="port"/></parameters><actions>
<action name="on" automatic="1" on_target="1"/><action name="off"/></actions></resource-agent>)";

std::string Device(const std::string& id, const solver::Attributes& parameters, const std::string& agent) {
  std::string text = "<primitive id=\"" + id + "\" class=\"stonith\" type=\"" + agent + "\">" +
                     "<instance_attributes id=\"" + id + "-p\">";
  for (const auto& [name, value] : parameters) {
    text += "<nvpair id=\"" + id + "-" + name + "\" name=\"" + name + "\" value=\"" + value + "\"/>";
  }
  return text + "</instance_attributes></primitive>";
}

// A fencer on n1, and agents that do as they are told. An agent that runs is called by what it was asked:
// `off plug=7 ip=1`, without the target's name, which is in all of them.
struct Stage {
  explicit Stage(const std::string& resources, const std::string& topology = "") : fencer(Settings{.node = "n1"}) {
    fencer.next_run = &next_run;
    fencer.Seed(1);
    Configure(resources, topology);
  }

  void Configure(const std::string& resources, const std::string& topology = "") {
    const std::string text =
        R"(<cib crm_feature_set="3.16.0" validate-with="pacemaker-3.7"><configuration><crm_config/><nodes>
<node id="1" uname="n1"/><node id="2" uname="n2"/><node id="3" uname="n3"/></nodes><resources>)" +
        resources + "</resources><constraints/><fencing-topology>" + topology +
        "</fencing-topology></configuration><status/></cib>";
    pugi::xml_document document;
    REQUIRE(document.load_string(text.c_str()));
    fencer.Configure(std::make_shared<solver::Cluster>(solver::ReadCluster(document)));
    Wait(0);
  }

  void Turn(const std::function<void(Outbox&)>& what) {
    Outbox out;
    what(out);
    for (const Message& message : out.messages) done.push_back(std::get<FenceDone>(message));
    for (const News& news : out.news) said += news.text + "\n";
    // Effects are copied: an answer leads to a turn of its own.
    for (const Effect& effect : Effects(out.effects)) {
      if (const auto* kill = std::get_if<Kill>(&effect)) killed.push_back(kill->run);
      if (const auto* release = std::get_if<Release>(&effect)) released.push_back(release->run);
      const auto* spawn = std::get_if<Spawn>(&effect);
      if (!spawn) continue;
      CHECK(fencer.Owns(spawn->run));
      runs[spawn->run] = Words(*spawn);
      if (!births) continue;
      Born(spawn->run);
      if (runs[spawn->run] != "metadata") continue;
      const bool fabric = spawn->arguments[0].ends_with("fence_fabric");
      Ends(spawn->run, 0, spawn->arguments[0].ends_with("fence_broken") ? "?" : fabric ? kFabric : kMetadata);
    }
  }
  static std::string Words(const Spawn& spawn) {
    std::string words = spawn.input.substr(std::string("action=").size());
    if (const size_t name = words.find("nodename="); name != std::string::npos) {
      words.erase(name, words.find('\n', name) - name + 1);
    }
    words.pop_back();
    std::replace(words.begin(), words.end(), '\n', ' ');
    return words;
  }
  FenceOrder Order(const std::string& target, const std::string& action) {
    FenceOrder order;
    order.number = ++orders;
    order.node = "n1";
    order.target = target;
    order.incarnation = "i1";
    order.boot_id = "b1";
    order.action = action;
    order.timeout_ms = 10000;
    return order;
  }
  void Take(const FenceOrder& order) {
    Turn([&](Outbox& out) { fencer.Take(order, now, out); });
  }
  void Take(const std::string& target, const std::string& action) { Take(Order(target, action)); }
  void Born(RunNumber run) {
    Turn([&](Outbox& out) { fencer.On(ProcessSpawned{run, 100, 7}, now, out); });
  }
  void Ends(RunNumber run, int exit_code, const std::string& output = "", const std::string& errors = "") {
    ProcessEnded ended;
    ended.run = run;
    ended.exit_code = exit_code;
    ended.output = output;
    ended.errors = errors;
    runs.erase(run);
    Turn([&](Outbox& out) { fencer.On(ended, now, out); });
  }
  // The one agent that runs is expected to have been asked this, and ends.
  void Expect(const std::string& words, int exit_code, const std::string& output = "", const std::string& errors = "") {
    CAPTURE(words);
    REQUIRE(Running() == words);
    Ends(runs.begin()->first, exit_code, output, errors);
  }
  std::string Running() const {
    std::string text;
    for (const auto& [run, words] : runs) text += (text.empty() ? "" : " + ") + words;
    return text;
  }
  void Wait(int64_t ms) {
    now.boot_ms += ms;
    now.wall_ms += ms;
    Turn([&](Outbox& out) { fencer.OnTimer(now, out); });
  }
  bool Said(const std::string& words) const { return said.find(words) != std::string::npos; }

  Fencer fencer;
  Moment now{1000, 5000, 0};
  RunNumber next_run = 1;
  uint64_t orders = 0;
  bool births = true;
  std::map<RunNumber, std::string> runs;
  std::vector<RunNumber> killed;
  std::vector<RunNumber> released;
  std::vector<FenceDone> done;
  std::string said;
};

const std::string kIpmi = Device("ipmi", {{"ip", "1"}, {"pcmk_host_map", "n2:7"}}, "fence_ipmilan");

std::string Pdu(const std::string& id, const solver::Attributes& more = {}) {
  solver::Attributes parameters = {{"ip", id}, {"pcmk_host_list", "n2 n3"}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  return Device(id, parameters, "fence_apc");
}

TEST_CASE("an order ends in one FenceDone that says what it was asked for") {
  Stage stage(kIpmi);
  FenceOrder order = stage.Order("n2", "reboot");
  order.digests_all = "all";
  order.digests_secure = "secure";
  stage.Take(order);
  CHECK(stage.fencer.InFlight().size() == 1);
  stage.now.wall_ms = 77000;
  stage.Expect("off ip=1 plug=7", 0);
  REQUIRE(stage.done.size() == 1);
  const FenceDone& done = stage.done[0];
  CHECK(done.success);
  CHECK(done.order == 1);
  CHECK(done.node == "n1");
  CHECK(done.target == "n2");
  CHECK(done.incarnation == "i1");
  CHECK(done.boot_id == "b1");
  CHECK(done.action == "reboot");
  CHECK(done.device == "ipmi");
  CHECK(done.when_s == 77);
  CHECK(done.digests_all == "all");
  CHECK(done.digests_secure == "secure");
  CHECK(stage.fencer.InFlight().empty());
  // It is off, and that is what counts; a while later it is switched on.
  CHECK(stage.Running().empty());
  stage.Wait(1999);
  CHECK(stage.Running().empty());
  stage.Wait(1);
  stage.Expect("on ip=1 plug=7", 0);
  CHECK(stage.done.size() == 1);
  CHECK(stage.fencer.NextDeadline() == INT64_MAX);
}

TEST_CASE("what cannot be done fails with a reason") {
  Stage stage(kIpmi);
  stage.Take("n3", "reboot");
  REQUIRE(stage.done.size() == 1);
  CHECK_FALSE(stage.done[0].success);
  CHECK(stage.done[0].reason == "no device on n1 reaches n3");
  stage.Take("n2", "metadata\nx");
  REQUIRE(stage.done.size() == 2);
  CHECK(stage.done[1].reason == "there is no action `x`");
  CHECK(stage.runs.empty());
  Fencer bare(Settings{.node = "n1"});
  Outbox out;
  bare.Take(stage.Order("n2", "off"), stage.now, out);
  REQUIRE(out.messages.size() == 1);
  CHECK(std::get<FenceDone>(out.messages[0]).reason == "there is no configuration");
}

TEST_CASE("devices are tried by priority until one succeeds") {
  Stage stage(Pdu("late") + Pdu("early", {{"priority", "5"}, {"pcmk_off_retries", "0"}}));
  stage.Take("n2", "off");
  stage.Expect("off ip=early plug=n2", 1, "", "noise\nERROR: cannot\x01 connect \n\n");
  stage.Expect("off ip=late plug=n2", 0);
  REQUIRE(stage.done.size() == 1);
  CHECK(stage.done[0].success);
  CHECK(stage.done[0].device == "late");
  CHECK(stage.done[0].reason.empty());
  CHECK(stage.Said("off of n2 by early failed: ERROR: cannot  connect"));
}

TEST_CASE("a failure is tried again, as often as it may be and while there is time") {
  Stage stage(Pdu("pdu", {{"pcmk_off_retries", "2"}}));
  stage.Take("n2", "off");
  stage.Expect("off ip=pdu plug=n2", 1);
  CHECK(stage.Running().empty());
  CHECK(stage.fencer.NextDeadline() == 2000);
  stage.Wait(1000);
  stage.Expect("off ip=pdu plug=n2", 1, "", "busy");
  REQUIRE(stage.done.size() == 1);
  CHECK(stage.done[0].reason == "pdu: busy");
  // The second time there is no time left for another attempt.
  stage.Take("n2", "off");
  stage.Wait(9500);
  stage.Expect("off ip=pdu plug=n2", 1);
  CHECK(stage.done.size() == 2);
}

TEST_CASE("levels: the first fails, the second succeeds as a whole") {
  const std::string quick = "0";
  Stage stage(Pdu("a", {{"pcmk_off_retries", quick}}) + Pdu("b", {{"pcmk_off_retries", quick}}) + Pdu("c") + Pdu("d"),
              R"(<fencing-level id="l1" index="1" target="n2" devices="a,b"/>
<fencing-level id="l2" index="2" target="n2" devices="c,d"/>)");
  stage.Take("n2", "off");
  stage.Expect("off ip=a plug=n2", 0);
  stage.Expect("off ip=b plug=n2", 1);
  stage.Expect("off ip=c plug=n2", 0);
  CHECK(stage.done.empty());
  stage.Expect("off ip=d plug=n2", 0);
  REQUIRE(stage.done.size() == 1);
  CHECK(stage.done[0].success);
  CHECK(stage.done[0].device == "c, d");
}

TEST_CASE("a level with a device that cannot be used here is no level") {
  Stage stage(Pdu("a") + kIpmi, R"(<fencing-level id="l1" index="1" target="n3" devices="a,ipmi"/>
<fencing-level id="l2" index="2" target="n3" devices="nowhere"/>)");
  stage.Take("n3", "off");
  REQUIRE(stage.done.size() == 1);
  CHECK(stage.done[0].reason == "ipmi: not to be used on n1 against n3; nowhere: not to be used on n1 against n3");
}

TEST_CASE("a reboot by two devices takes both off before it takes any on") {
  Stage stage(Pdu("a") + Pdu("b", {{"pcmk_on_retries", "0"}}),
              R"(<fencing-level id="l1" index="1" target="n2" devices="a,b"/>)");
  stage.Take("n2", "reboot");
  stage.Expect("off ip=a plug=n2", 0);
  CHECK(stage.done.empty());
  stage.Expect("off ip=b plug=n2", 0);
  REQUIRE(stage.done.size() == 1);
  stage.Wait(2000);
  stage.Expect("on ip=a plug=n2", 0);
  // The node is off: that it does not come back is a pity, not a failure.
  stage.Expect("on ip=b plug=n2", 1);
  CHECK(stage.done.size() == 1);
  CHECK(stage.done[0].success);
  CHECK(stage.done[0].action == "reboot");
  CHECK(stage.done[0].device == "a, b");
  CHECK(stage.Said("it is off, but b does not switch it on again"));
}

TEST_CASE("a device's own words, times and argument") {
  Stage stage(
      Pdu("a", {{"pcmk_reboot_action", "cycle"}, {"pcmk_reboot_timeout", "3s"}, {"pcmk_host_argument", "outlet"}}));
  stage.Take("n2", "reboot");
  CHECK(stage.Running() == "cycle ip=a outlet=n2");
  CHECK(stage.fencer.NextDeadline() == 4000);
  Stage none(Pdu("a", {{"pcmk_host_argument", "none"}}));
  none.Take("n2", "reboot");
  CHECK(none.Running() == "off ip=a");
}

TEST_CASE("delays: the order's, the device's, and chance, before the first device only") {
  const auto delay = [](uint64_t seed, const solver::Attributes& parameters, const std::string& action) {
    Stage stage(Pdu("a", parameters));
    stage.fencer.Seed(seed);
    FenceOrder order = stage.Order("n2", action);
    order.delay_ms = 2000;
    stage.Take(order);
    return stage.Running().empty() ? stage.fencer.NextDeadline() - stage.now.boot_ms : 0;
  };
  CHECK(delay(1, {}, "off") == 2000);
  CHECK(delay(1, {{"pcmk_delay_base", "5s"}}, "off") == 7000);
  CHECK(delay(1, {{"pcmk_delay_base", "n2:4s;n3:1s"}}, "off") == 6000);
  CHECK(delay(1, {{"pcmk_delay_base", "5s"}}, "on") == 0);
  std::set<int64_t> seen;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const solver::Attributes both = {{"pcmk_delay_base", "5s"}, {"pcmk_delay_max", "8s"}};
    const int64_t ms = delay(seed, both, "off");
    CHECK(ms >= 7000);
    CHECK(ms < 10000);
    CHECK(ms == delay(seed, both, "off"));
    seen.insert(ms);
  }
  CHECK(seen.size() > 10);

  Stage stage(Pdu("a", {{"pcmk_delay_base", "5s"}, {"pcmk_off_retries", "0"}}) + Pdu("b", {{"pcmk_delay_base", "9s"}}));
  stage.Take("n2", "off");
  stage.Wait(4999);
  CHECK(stage.Running().empty());
  stage.Wait(1);
  stage.Expect("off ip=a plug=n2", 1);
  CHECK(stage.Running() == "off ip=b plug=n2");
}

TEST_CASE("a timeout kills, and the next device has its turn once the process is gone") {
  Stage stage(Pdu("a") + Pdu("b"));
  stage.Take("n2", "off");
  stage.Wait(9999);
  CHECK(stage.killed.empty());
  stage.Wait(1);
  REQUIRE(stage.killed.size() == 1);
  CHECK(stage.Running() == "off ip=a plug=n2");
  stage.Ends(stage.killed[0], 0);
  CHECK(stage.Said("off of n2 by a failed: it did not end within 10000 ms and was killed"));
  stage.Expect("off ip=b plug=n2", 0);
  REQUIRE(stage.done.size() == 1);
  CHECK(stage.done[0].device == "b");
}

TEST_CASE("an agent that does not die is reported and never waited for") {
  Stage stage(Pdu("a"));
  stage.Take("n2", "off");
  stage.Wait(10000);
  REQUIRE(stage.killed.size() == 1);
  const RunNumber stuck = stage.killed[0];
  stage.Wait(5000);
  REQUIRE(stage.done.size() == 1);
  CHECK_FALSE(stage.done[0].success);
  CHECK(stage.done[0].reason == "a: its process was killed and does not die");
  CHECK(stage.fencer.NextDeadline() == INT64_MAX);
  CHECK(stage.fencer.Owns(stuck));
  // Its device is free for others; when it goes, and be it with a success, nothing comes of it.
  stage.runs.erase(stuck);
  stage.Take("n2", "off");
  CHECK(stage.Running() == "off ip=a plug=n2");
  stage.Ends(stuck, 0);
  CHECK(stage.done.size() == 1);
  CHECK(stage.Said("is gone at last"));
  CHECK_FALSE(stage.fencer.Owns(stuck));
}

TEST_CASE("a process that is not made in time is given up, and never begins") {
  Stage stage(Pdu("a"));
  stage.births = false;
  stage.Take("n2", "off");
  REQUIRE(stage.runs.size() == 1);
  const RunNumber late = stage.runs.begin()->first;
  const size_t released = stage.released.size();
  stage.Wait(10000);
  REQUIRE(stage.done.size() == 1);
  CHECK(stage.done[0].reason == "a: no process could be made in time");
  stage.Born(late);
  CHECK(stage.released.size() == released);
  CHECK(stage.killed == std::vector<RunNumber>{late});
}

TEST_CASE("the same order twice ends once for each; another incarnation is another order") {
  Stage stage(Pdu("a"));
  stage.Take("n2", "off");
  stage.Take("n2", "off");
  FenceOrder later = stage.Order("n2", "off");
  later.incarnation = "i2";
  stage.Take(later);
  CHECK(stage.fencer.InFlight().size() == 3);
  stage.Take(later);
  CHECK(stage.fencer.InFlight().size() == 3);
  stage.Expect("off ip=a plug=n2", 0);
  REQUIRE(stage.done.size() == 2);
  CHECK(stage.done[0].order == 1);
  CHECK(stage.done[1].order == 2);
  stage.Expect("off ip=a plug=n2", 0);
  REQUIRE(stage.done.size() == 3);
  CHECK(stage.done[2].incarnation == "i2");
  // Nor does a fencing before its machine was booted again.
  FenceOrder rebooted = stage.Order("n2", "off");
  rebooted.boot_id = "b2";
  stage.Take("n2", "off");
  stage.Take(rebooted);
  stage.Expect("off ip=a plug=n2", 0);
  CHECK(stage.done.size() == 4);
  CHECK(stage.Running() == "off ip=a plug=n2");
}

TEST_CASE("an off that is wanted during a reboot waits for it") {
  Stage stage(Pdu("a"));
  stage.Take("n2", "reboot");
  stage.Take("n2", "off");
  CHECK(stage.Running() == "off ip=a plug=n2");
  stage.Expect("off ip=a plug=n2", 0);
  CHECK(stage.done.size() == 1);
  CHECK(stage.fencer.InFlight().size() == 1);
  stage.Wait(2000);
  stage.Expect("on ip=a plug=n2", 0);
  CHECK(stage.done.size() == 1);
  stage.Expect("off ip=a plug=n2", 0);
  REQUIRE(stage.done.size() == 2);
  CHECK(stage.done[1].action == "off");
}

TEST_CASE("an agent that outlived its daemon is ended, and nothing comes of it") {
  Stage stage(Pdu("a"));
  stage.Take("n2", "off");
  const std::vector<AgentProcess> left = stage.fencer.Processes();
  REQUIRE(left.size() == 1);
  CHECK(left[0].pid == 100);
  Stage next(Pdu("a"));
  next.next_run = 50;
  const uint64_t before = next.fencer.version();
  next.Turn([&](Outbox& out) { next.fencer.EndEarlier(left[0], out); });
  CHECK(next.killed == std::vector<RunNumber>{left[0].run});
  CHECK(next.fencer.version() != before);
  CHECK(next.fencer.Processes().size() == 1);
  CHECK(next.fencer.Owns(left[0].run));
  next.Ends(left[0].run, 0);
  CHECK(next.done.empty());
  CHECK(next.fencer.Processes().empty());
  CHECK_FALSE(next.fencer.Owns(left[0].run));
}

TEST_CASE("a device does as many things at a time as it can") {
  struct Row {
    solver::Attributes parameters;
    const char* running;
  };
  for (const Row& row : std::vector<Row>{
           {{}, "off ip=a plug=n2"},
           {{{"pcmk_action_limit", "0"}}, "off ip=a plug=n2"},
           {{{"pcmk_action_limit", "2"}}, "off ip=a plug=n2 + off ip=a plug=n3"},
           {{{"pcmk_action_limit", "-1"}}, "off ip=a plug=n2 + off ip=a plug=n3"},
       }) {
    Stage stage(Pdu("a", row.parameters));
    stage.Take("n2", "off");
    stage.Take("n3", "off");
    CHECK(stage.Running() == row.running);
    while (!stage.runs.empty()) stage.Ends(stage.runs.begin()->first, 0);
    CHECK(stage.done.size() == 2);
  }
}

TEST_CASE("a device that lists its targets is asked beforehand, and its answer is kept for a while") {
  Stage stage(Device("vmware", {{"ip", "1"}}, "fence_vmware"));
  stage.Expect("list ip=1", 0, "101,n1\n102,n2\n");
  stage.Take("n2", "off");
  stage.Expect("off ip=1 plug=102", 0);
  REQUIRE(stage.done.size() == 1);
  CHECK(stage.done[0].success);
  stage.Wait(59999);
  stage.Take("n3", "off");
  REQUIRE(stage.done.size() == 2);
  CHECK(stage.done[1].reason == "vmware: it does not know n3");
  stage.Wait(1);
  stage.Take("n3", "off");
  stage.Expect("list ip=1", 0, "102,n2\n");
  CHECK_FALSE(stage.done[2].success);
  // One that it knew is not asked for again: no time is lost when it counts.
  stage.Wait(100000);
  stage.Take("n2", "off");
  CHECK(stage.Running() == "off ip=1 plug=102");
}

TEST_CASE("with another configuration a device is asked anew") {
  const std::string device = Device("vmware", {{"ip", "1"}}, "fence_vmware");
  Stage stage(device);
  stage.Expect("list ip=1", 0, "102,n2\n");
  stage.Configure(device);
  stage.Expect("list ip=1", 0, "103,n2\n");
  stage.Take("n2", "off");
  CHECK(stage.Running() == "off ip=1 plug=103");
}

TEST_CASE("hostile answers to list reach nobody") {
  Stage stage(Device("vmware", {{"ip", "1"}}, "fence_vmware"));
  stage.Expect("list ip=1", 0, "");
  stage.Wait(60000);
  for (const std::string& output : std::vector<std::string>{
           "", "n1 n2\x01\n", "a,n2\nb,n2\n", std::string(1 << 16, 'n'), std::string(1 << 16, '\n') + "n2,\n"}) {
    stage.Take("n2", "off");
    stage.Expect("list ip=1", 0, output);
    CHECK_FALSE(stage.done.back().success);
    CHECK(stage.runs.empty());
    stage.Wait(60000);
  }
  CHECK(stage.done.size() == 5);
}

TEST_CASE("a list that fails fails the device, and the next is tried") {
  Stage stage(Device("vmware", {{"ip", "1"}, {"pcmk_list_retries", "0"}}, "fence_vmware") + Pdu("b"));
  stage.Expect("list ip=1", 1, "", "login failed");
  stage.Take("n2", "off");
  stage.Expect("list ip=1", 1, "", "login failed");
  stage.Expect("off ip=b plug=n2", 0);
  CHECK(stage.done[0].success);
}

TEST_CASE("status says whether a device knows the target, on or off") {
  for (const int code : {0, 2, 1}) {
    Stage stage(Device("a", {{"ip", "1"}, {"pcmk_host_check", "status"}, {"pcmk_status_retries", "0"}}, "fence_apc"));
    stage.Take("n2", "off");
    stage.Expect("status ip=1 plug=n2", code);
    CHECK(stage.Running() == (code == 1 ? "" : "off ip=1 plug=n2"));
  }
}

TEST_CASE("levels are trusted: their devices are not asked whom they know") {
  Stage stage(Device("vmware", {{"ip", "1"}}, "fence_vmware"),
              R"(<fencing-level id="l1" index="1" target="n2" devices="vmware"/>)");
  stage.Expect("list ip=1", 0, "102,n3\n");
  stage.Take("n2", "off");
  CHECK(stage.Running() == "off ip=1 plug=n2");
}

TEST_CASE("to unfence, all devices that shut out let in; without any, one that can switch on") {
  Stage stage(Device("a", {{"ip", "1"}, {"pcmk_host_list", "n1 n2"}}, "fence_fabric") + Pdu("b") +
              Device("c", {{"ip", "3"}, {"pcmk_host_list", "n1 n2"}}, "fence_fabric") +
              Device("others", {{"ip", "4"}, {"pcmk_host_list", "n3"}}, "fence_fabric"));
  stage.Take("n1", "on");
  stage.Expect("on ip=1 port=n1", 0);
  stage.Expect("on ip=3 port=n1", 0);
  REQUIRE(stage.done.size() == 1);
  CHECK(stage.done[0].success);
  CHECK(stage.done[0].device == "a, c");
  Stage plain(Pdu("b"));
  plain.Take("n2", "on");
  plain.Expect("on ip=b plug=n2", 0);
  CHECK(plain.done[0].success);
}

TEST_CASE("an agent is asked once what it can do; one that does not say so is run all the same") {
  Stage stage(Device("a", {{"ip", "1"}, {"pcmk_host_list", "n2"}}, "fence_broken"));
  CHECK(stage.next_run == 2);
  stage.Take("n2", "reboot");
  CHECK(stage.next_run == 4);
  stage.Expect("off ip=1 plug=n2", 0);
  CHECK(stage.done[0].success);
  Stage sound(Pdu("a"));
  CHECK(sound.next_run == 2);
  sound.Take("n2", "reboot");
  CHECK(sound.next_run == 3);
}

TEST_CASE("an agent that is not there, or a process that cannot be made") {
  Stage stage(Pdu("a"));
  stage.Take("n2", "off");
  ProcessEnded ended;
  ended.run = stage.runs.begin()->first;
  ended.exec_error = 2;
  stage.Turn([&](Outbox& out) { stage.fencer.On(ended, stage.now, out); });
  REQUIRE(stage.done.size() == 1);
  CHECK(stage.done[0].reason == "a: the agent cannot be executed");
  stage.runs.clear();
  stage.births = false;
  stage.Take("n2", "off");
  const SpawnFailed failed{stage.runs.begin()->first, "no memory"};
  stage.Turn([&](Outbox& out) { stage.fencer.On(failed, stage.now, out); });
  CHECK(stage.Said("no process could be made: no memory; it is tried again"));
}

TEST_CASE("what is under way goes on as it began when the configuration changes") {
  Stage stage(Pdu("a") + Pdu("b"));
  stage.Take("n2", "off");
  stage.fencer.Configure(std::make_shared<solver::Cluster>());
  CHECK(stage.fencer.NextDeadline() == 0);
  stage.Wait(1);
  stage.Expect("off ip=a plug=n2", 1);
  stage.Wait(1000);
  stage.Expect("off ip=a plug=n2", 1);
  stage.Expect("off ip=b plug=n2", 0);
  CHECK(stage.done[0].success);
  stage.Take("n2", "off");
  CHECK_FALSE(stage.done[1].success);
}

}  // namespace
}  // namespace picket::runtime
