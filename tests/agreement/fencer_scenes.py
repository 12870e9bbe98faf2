"""The scenes of record_fencer.py: devices, levels, one request; each for one rule of specification 08.

A device: `parameters` and `meta` as in a CIB, `scores` of nodes, its `agent`; and how it behaves: the actions that it
`fails`, the nodes that it fails on (`fails_on`), how long it takes, what it answers to `list` and `status`.
"""
ONE = {"pcmk_host_list": "d1"}
BOTH = {"pcmk_host_list": "d1 d2"}
ONCE = dict(ONE, pcmk_reboot_retries="1", pcmk_off_retries="1", pcmk_on_retries="1")


def device(parameters=ONE, on="", **more):
    """A device that is started on the node `on`, if a node is given."""
    scores = dict(more.pop("scores", {}))
    if on:
        scores[on] = "100"
    return dict(more, parameters=parameters, scores=scores)


def by_name(index, devices, target="d1"):
    return ('target="%s"' % target, index, devices)


SCENES = {
    "started_elsewhere": {
        "what": "the node where the device is started fences, whoever asks",
        "devices": {"a": device(on="n3")}},
    "most_devices": {
        "what": "where no node has a verified device, the one with most devices goes first",
        "devices": {"a": device(fails=["monitor"]), "b": device(fails=["monitor"], scores={"n1": "-INFINITY"}),
                    "c": device(fails=["monitor"], scores={"n1": "-INFINITY", "n3": "-INFINITY"})}},
    "all_fail": {
        "what": "every device is tried from every node once",
        "devices": {"a": device(ONCE, on="n1", fails=["reboot"]), "b": device(ONCE, on="n2", fails=["reboot"])}},
    "second_attempt": {
        "what": "a device is tried twice, a second apart",
        "devices": {"a": device(on="n2", fails=["reboot"], scores={"n1": "-INFINITY", "n3": "-INFINITY"})}},
    "late_failure": {
        "what": "no second attempt once 70 % of the time is gone",
        "devices": {"a": device(dict(ONE, pcmk_reboot_timeout="4s"), on="n2", fails=["reboot"], takes_ms=3000,
                                scores={"n1": "-INFINITY", "n3": "-INFINITY"})}},
    "too_slow": {
        "what": "an agent that is ended by its timeout ends the request where there are no levels",
        "devices": {"a": device(dict(ONE, pcmk_reboot_timeout="2s"), on="n2", takes_ms=6000), "b": device(on="n3")}},
    "too_slow_in_level": {
        "what": "with levels the next level follows",
        "devices": {"a": device(dict(ONE, pcmk_reboot_timeout="2s"), on="n2", takes_ms=6000), "b": device(on="n3")},
        "levels": [by_name(1, "a"), by_name(2, "b")]},
    "fails_on_one_node": {
        "what": "without levels another node tries the same device",
        "devices": {"a": device(ONCE, on="n2", fails=["reboot"], fails_on=["n2"])}},
    "level_fails_on_one_node": {
        "what": "with levels no other node tries a device that failed",
        "devices": {"a": device(ONCE, on="n2", fails=["reboot"], fails_on=["n2"]), "b": device(on="n3")},
        "levels": [by_name(1, "a"), by_name(2, "b")]},
    "level_of_two": {
        "what": "a restart by two devices: both off, both on",
        "devices": {"a": device(on="n2"), "b": device(on="n3")}, "levels": [by_name(1, "a,b")]},
    "level_of_two_off": {
        "what": "off by two devices",
        "devices": {"a": device(on="n2"), "b": device(on="n3")}, "levels": [by_name(1, "b,a")],
        "request": {"action": "off"}},
    "level_of_two_on": {
        "what": "on by two devices",
        "devices": {"a": device(on="n2"), "b": device(on="n3")}, "levels": [by_name(1, "a,b")],
        "request": {"action": "on"}},
    "first_of_two_fails": {
        "what": "where the first device of a level fails, the second is not used",
        "devices": {"a": device(ONCE, on="n2", fails=["off"]), "b": device(on="n3"), "c": device(on="n1")},
        "levels": [by_name(1, "a,b"), by_name(2, "c")]},
    "second_of_two_fails": {
        "what": "where the second fails, nothing switches the first on again",
        "devices": {"a": device(on="n2"), "b": device(ONCE, on="n3", fails=["off"]), "c": device(on="n1")},
        "levels": [by_name(1, "a,b"), by_name(2, "c")]},
    "on_fails": {
        "what": "once the target is off, no failure to switch it on counts",
        "devices": {"a": device(on="n2", fails=["on"]), "b": device(ONCE, on="n3", fails=["on"])},
        "levels": [by_name(1, "a,b")]},
    "stays_off": {
        "what": "a device whose restart is told to be `off` is not switched on",
        "devices": {"a": device(dict(ONE, pcmk_reboot_action="off"), on="n2"), "b": device(on="n3")},
        "levels": [by_name(1, "a,b")]},
    "restart_is_cycle": {
        "what": "another word for a restart",
        "devices": {"a": device(dict(ONE, pcmk_reboot_action="cycle"), on="n2")}},
    "off_is_cycle": {
        "what": "the word for off counts in a level of two, the word for restart does not",
        "devices": {"a": device(dict(ONE, pcmk_off_action="cycle", pcmk_reboot_action="zap"), on="n2"),
                    "b": device(on="n1")},
        "levels": [by_name(1, "a,b")]},
    "no_restart": {
        "what": "an agent that cannot restart is told `off`",
        "devices": {"a": device(on="n2", agent="fence_scene_switch")}},
    "no_restart_off_action": {
        "what": "then the parameters of `off` count",
        "devices": {"a": device(dict(ONE, pcmk_off_action="cycle", pcmk_off_retries="1"), on="n2", fails=["cycle"],
                                agent="fence_scene_switch", scores={"n1": "-INFINITY", "n3": "-INFINITY"})}},
    "empty_level_number": {
        "what": "levels count by their numbers, whichever there are",
        "devices": {"a": device(ONCE, on="n2", fails=["reboot"]), "b": device(ONCE, on="n3", fails=["reboot"])},
        "levels": [by_name(7, "b"), by_name(3, "a"), by_name(9, "a")]},
    "unknown_in_level": {
        "what": "a level with a device that nobody has fails when its turn comes",
        "devices": {"a": device(on="n2"), "b": device(on="n3")},
        "levels": [by_name(1, "nosuch"), by_name(2, "b")]},
    "not_for_this_target": {
        "what": "a device that does not reach the target is not used, though a level names it",
        "devices": {"a": device({"pcmk_host_list": "d2"}, on="n2"), "b": device(on="n3")},
        "levels": [by_name(1, "a")]},
    "name_before_pattern": {
        "what": "levels by name hide levels by pattern",
        "devices": {"a": device(ONCE, on="n2", fails=["reboot"]), "b": device(on="n3")},
        "levels": [('target-pattern="d[0-9]"', 1, "b"), by_name(2, "a")]},
    "pattern": {
        "what": "a pattern matches anywhere in the name",
        "devices": {"a": device({"pcmk_host_list": "rack-d1-left"}, on="n2"),
                    "b": device({"pcmk_host_list": "rack-d1-left"}, on="n3")},
        "levels": [('target-pattern="d[0-9]"', 1, "b")], "request": {"target": "rack-d1-left"}},
    "capital_letters": {
        "what": "names are the same in capitals",
        "devices": {"a": device(on="n2")}, "levels": [by_name(1, "a")], "request": {"target": "D1"}},
    "delay_base": {
        "what": "a delay before what takes power",
        "devices": {"a": device(dict(ONE, pcmk_delay_base="2s"), on="n2")}},
    "delay_of_target": {
        "what": "a delay for one target",
        "devices": {"a": device(dict(pcmk_host_list="d1 d2", pcmk_delay_base="d2:5s;d1:1s"), on="n2")}},
    "delay_of_another": {
        "what": "a delay for another target is none",
        "devices": {"a": device(dict(pcmk_host_list="d1 d2", pcmk_delay_base="d2:5s"), on="n2")}},
    "delay_map_equals": {
        "what": "`=` does not separate a target from its delay",
        "devices": {"a": device(dict(pcmk_host_list="d1 d2", pcmk_delay_base="d1=4s"), on="n2")}},
    "delay_below_a_second": {
        "what": "delays are whole seconds",
        "devices": {"a": device(dict(ONE, pcmk_delay_base="900ms"), on="n2")}},
    "delay_base_and_max": {
        "what": "chance adds to the base, up to the maximum",
        "devices": {"a": device(dict(ONE, pcmk_delay_base="2s", pcmk_delay_max="2s"), on="n2")}},
    "delay_of_request": {
        "what": "the delay of the request comes on top",
        "devices": {"a": device(dict(ONE, pcmk_delay_base="1s"), on="n2")}, "request": {"delay_ms": 2000}},
    "delay_of_request_off": {
        "what": "-1 means no delay of any kind",
        "devices": {"a": device(dict(ONE, pcmk_delay_base="3s"), on="n2")}, "request": {"delay_ms": -1000}},
    "delay_of_request_level_2": {
        "what": "the delay of the request is for the first level",
        "devices": {"a": device(ONCE, on="n2", fails=["reboot"]),
                    "b": device(dict(ONE, pcmk_delay_base="1s"), on="n3")},
        "levels": [by_name(1, "a"), by_name(2, "b")], "request": {"delay_ms": 2000}},
    "delay_carried": {
        "what": "what an earlier device of the same node waited, a later one waits again",
        "devices": {"a": device(dict(ONCE, pcmk_delay_base="1s"), on="n2", fails=["reboot"],
                                scores={"n1": "-INFINITY", "n3": "-INFINITY"}),
                    "b": device(dict(ONCE, pcmk_delay_base="2s"), on="n2", fails=["reboot"],
                                scores={"n1": "-INFINITY", "n3": "-INFINITY"})}},
    "delay_in_level_of_two": {
        "what": "delays before each `off`, none before `on`",
        "devices": {"a": device(dict(ONE, pcmk_delay_base="1s"), on="n2"),
                    "b": device(dict(ONE, pcmk_delay_base="1s"), on="n3")},
        "levels": [by_name(1, "a,b")]},
    "delay_and_on": {
        "what": "the delay of the device is not for `on`",
        "devices": {"a": device(dict(ONE, pcmk_delay_base="3s"), on="n2")}, "request": {"action": "on"}},
    "delay_and_retry": {
        "what": "a second attempt does not wait again",
        "devices": {"a": device(dict(ONE, pcmk_delay_base="2s"), on="n2", fails=["reboot"],
                                scores={"n1": "-INFINITY", "n3": "-INFINITY"})}},
    "map": {
        "what": "the port of the map",
        "devices": {"a": device({"pcmk_host_map": "d1:7;d2:8"}, on="n2")}},
    "map_several_ports": {
        "what": "a comma does not end a piece of the map",
        "devices": {"a": device({"pcmk_host_map": "d1:7,8;d2:9"}, on="n2")}},
    "map_and_list": {
        "what": "a list beside a map: both reach",
        "devices": {"a": device({"pcmk_host_map": "d2:9", "pcmk_host_list": "d1"}, on="n2")}},
    "map_port_as_name": {
        "what": "a port of the map is a target too",
        "devices": {"a": device({"pcmk_host_map": "d2:p9"}, on="n2")}, "request": {"target": "p9"}},
    "list_with_semicolons": {
        "what": "what separates the names of a list",
        "devices": {"a": device({"pcmk_host_list": "d2;d3,d1"}, on="n2")}},
    "asked_list": {
        "what": "without lists the device is asked for all that it reaches",
        "devices": {"a": device({}, on="n2", list=["d1", "d4"])}},
    "asked_list_without": {
        "what": "and does not fence what is not in it",
        "devices": {"a": device({}, on="n2", list=["d2", "d4"])}},
    "asked_status": {
        "what": "a board is asked for the state of the target",
        "devices": {"a": device({}, on="n2", agent="fence_scene_board")}},
    "asked_status_off": {
        "what": "a target that is off is one it reaches",
        "devices": {"a": device({}, on="n2", agent="fence_scene_board", status=2)}},
    "asked_status_error": {
        "what": "an error is no target",
        "devices": {"a": device({}, on="n2", agent="fence_scene_board", status=1)}},
    "list_failed_before": {
        "what": "a device whose list has failed is asked for the status by later requests",
        "devices": {"a": device({}, on="n2", fails=["list"])}, "earlier": 1},
    "list_failed_but_told": {
        "what": "but not where the configuration says that it is to be asked for a list",
        "devices": {"a": device({"pcmk_host_check": "dynamic-list"}, on="n2", fails=["list"])}, "earlier": 1},
    "level_of_another_target": {
        "what": "a level that is changed to another target stays that of the old one as well",
        "devices": {"a": device(BOTH, on="n2"), "b": device(BOTH, on="n3")},
        "levels_before": [by_name(1, "a")], "levels": [by_name(1, "b", "d2")]},
    "level_of_another_number": {
        "what": "a level that gets another number stays under the old one as well",
        "devices": {"a": device(ONCE, on="n2", fails=["reboot"]), "b": device(on="n3")},
        "levels_before": [by_name(1, "a")], "levels": [by_name(2, "b")]},
    "level_with_other_devices": {
        "what": "a level whose devices are changed has the new ones alone",
        "devices": {"a": device(on="n2"), "b": device(on="n3")},
        "levels_before": [by_name(1, "a")], "levels": [by_name(1, "b")]},
    "levels_read_anew": {
        "what": "where another level is added everything is read anew",
        "devices": {"a": device(BOTH, on="n2"), "b": device(BOTH, on="n3")},
        "levels_before": [by_name(1, "a")], "levels": [by_name(1, "b", "d2"), by_name(2, "a", "d2")]},
    "on_by_all_required": {
        "what": "devices that have to let a node in all do so; another may come first",
        "devices": {"a": device(agent="fence_scene_auto"), "b": device(), "c": device(agent="fence_scene_auto")},
        "request": {"action": "on"}},
    "required_in_level_of_two": {
        "what": "a device that lets nodes in when they join is not switched on by a restart",
        "devices": {"a": device(on="n1", agent="fence_scene_auto"), "b": device(on="n2")},
        "levels": [by_name(1, "a,b")]},
    "check_none": {
        "what": "host_check=none reaches everybody",
        "devices": {"a": device({"pcmk_host_check": "none", "pcmk_host_list": "d9"}, on="n2")}},
    "check_static": {
        "what": "host_check=static-list without lists reaches nobody",
        "devices": {"a": device({"pcmk_host_check": "static-list"}, on="n2")}},
    "check_unknown": {
        "what": "a word that nobody knows reaches nobody",
        "devices": {"a": device(dict(ONE, pcmk_host_check="statics"), on="n2")}},
    "no_argument": {
        "what": "no parameter takes the target",
        "devices": {"a": device(dict(ONE, pcmk_host_argument="none"), on="n2")}},
    "disabled": {
        "what": "a device that is disabled is not used",
        "devices": {"a": device(meta={"target-role": "Stopped"}), "b": device(on="n3")}},
    "banned_everywhere": {
        "what": "a device that may run nowhere is not used",
        "devices": {"a": device(scores={"n1": "-1", "n2": "-INFINITY", "n3": "-5"})}},
    "unmanaged": {
        "what": "a device that is not managed is used",
        "devices": {"a": device(meta={"is-managed": "false"}, scores={"n1": "-INFINITY", "n2": "-INFINITY"})}},
    "priority": {
        "what": "priority of resources is no order of devices",
        "devices": {"a": device(on="n2", meta={"priority": "5"}, scores={"n1": "-INFINITY", "n3": "-INFINITY"}),
                    "b": device(on="n2", meta={"priority": "50"}, scores={"n1": "-INFINITY", "n3": "-INFINITY"})}},
    "request_timeout": {
        "what": "the time of the request is the agent's where it has none of its own",
        "devices": {"a": device(on="n2", takes_ms=5000)}, "request": {"timeout_ms": 3000}},
}
