"""What verbs write for programs: one document, whole also when the input is bad, and as its schema says.

    json_test.py PICKET SCHEMAS [PICKETD AGENT_TOOL] [--infer FOLDER]

Every verb with `--format json` is called with good and bad input. What it prints is one JSON document whose `format`
names a schema in the folder SCHEMAS, and which the schema allows. With PICKETD a daemon on this machine answers the
verbs that ask one. JUnit has file, line and time of each case; SARIF has
what code hosts read. --infer writes schemas that fit what was printed.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

try:
    import jsonschema
except ImportError:
    jsonschema = None

POLICY = """cluster shop { link lan }
node n1 { id=1; link lan 192.0.2.1 }
node n2 { id=2; link lan 192.0.2.2 }
node n3 { id=3; link lan 192.0.2.3 }
fence power stonith:fence_apc for n1=1, n2=2, n3=3 { ip=192.0.2.9; username=admin; password=secret("pdu") }
primitive ip ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s }
primitive web systemd:nginx { op monitor interval=10s timeout=20s }
%s

test "n1 dies" {
  given running web on n1
  kill n1
  expect running web on n2 or running web on n3
}
test "nobody can promise this" {
  given running web on n1
  kill n1
  expect downtime(web) < 1s
}
invariant "web comes back" {
  over failures 1 of node
  settles running web
}
"""
# Stands for ssh: HOST, `--`, `env`, LC_ALL, PATH, and what is to be run there. The nodes are bare machines.
STAND_IN = """#!/bin/sh
host=$1
shift 5
case $* in
sh*) printf 'picket-probe\\t1\\nuid\\t0\\nname\\t%s\\n' "$host"
     for n in 1 2 3; do printf 'resolves\\tn%s\\t192.0.2.%s \\n' $n $n; done
     printf 'file\\t/etc/hosts\\t644\\troot:root\\t20\\th\\tMTI3LjAuMC4xIGxvY2FsaG9zdAo=\\n'
     printf 'corosync\\t3.1.7\\npacemaker\\t2.1.5\\ninstalls-with\\tapt-get\\n'
     printf 'unit\\tcorosync\\tdisabled\\tinactive\\nunit\\tpacemaker\\tdisabled\\tinactive\\nend\\n' ;;
date*) date +%s.%N ;;
*) exit 1 ;;
esac
"""
FILES = {
    "good.picket": POLICY % "depend web on ip",
    "warned.picket": POLICY % "colocation web with ip",
    # A failure is noticed later.
    "slow.picket": (POLICY % "depend web on ip").replace("nginx { op monitor interval=10s",
                                                         "nginx { op monitor interval=60s"),
    "odd.picket": POLICY % "depend  web on ip",
    "bad.picket": "node n1 {\nprimitive web\n",
    "here.picket": 'node here { id=1 }\nfencing here: none "a test"\n',
    "nodes": STAND_IN,
    "garbage.xml": "\0\1\2<<<",
    "text.crm": "node 1: n1\nprimitive ip IPaddr2 params ip=192.0.2.50\nproperty stonith-enabled=false\n",
    "empty.xml": '<cib validate-with="pacemaker-3.7" admin_epoch="0" epoch="1" num_updates="0"><configuration>'
                 '<crm_config/><nodes><node id="1" uname="n1"/><node id="2" uname="n2"/>'
                 '<node id="3" uname="n3"/></nodes><resources/><constraints/></configuration><status/></cib>',
}
# The words of a call, the statuses it may end with, and the format of the document.
CALLS = [
    ("check good.picket", 0, "picket-check"),
    ("check warned.picket good.picket bad.picket", 2, "picket-check"),
    ("check --strict warned.picket", 1, "picket-check"),
    ("check missing.picket good.picket", 2, "picket-check"),
    ("compile good.picket", 0, "picket-compile"),
    ("compile good.picket -o cib.xml --graph graph.json --corosync corosync.conf", 0, "picket-compile"),
    ("compile bad.picket", 2, "picket-compile"),
    ("compile good.picket --as 3.0.2", 0, "picket-compile"),
    ("compile good.picket --graph graph.pdf", 2, "picket-error"),
    ("check --profile aws good.picket", 0, "picket-check"),
    ("check --profile nobody good.picket", 2, "picket-error"),
    ("fmt --check good.picket odd.picket bad.picket missing.picket", 2, "picket-fmt"),
    ("fmt --stdout odd.picket", 0, "picket-fmt"),
    ("fmt odd.picket", 0, "picket-fmt"),
    ("graph good.picket", 0, "picket-graph"),
    ("graph bad.picket", 2, "picket-error"),
    ("test good.picket --coverage", 1, "picket-test"),
    ("test good.picket bad.picket missing.picket", 2, "picket-test"),
    ("test good.picket -k nothing", 2, "picket-test"),
    ("test garbage.xml", 2, "picket-test"),
    ("sweep good.picket", 0, "picket-sweep"),
    ("sweep cib.xml --failures 1", (0, 1), "picket-sweep"),
    ("sweep good.picket --failures 2 --of node,fence --beyond", 1, "picket-sweep"),
    ("sweep bad.picket", 2, "picket-error"),
    ("sweep missing.picket", 2, "picket-error"),
    ("why good.picket web", 0, "picket-why"),
    ("why cib.xml web", 0, "picket-why"),
    ("why --moved good.picket warned.picket web", 0, "picket-why-moved"),
    ("why bad.picket web", 2, "picket-error"),
    ("why good.picket nobody", 2, "picket-error"),
    ("diff good.picket warned.picket", (0, 1), "picket-diff"),
    ("diff good.picket --from 2.1.5 --to 3.0.2", (0, 1), "picket-upgrade"),
    ("diff good.picket bad.picket", 2, "picket-error"),
    ("plan good.picket --against empty.xml", 5, "picket-plan"),
    ("plan bad.picket --against empty.xml", 2, "picket-error"),
    ("drift good.picket --against empty.xml", 5, "picket-drift"),
    ("drift good.picket --against garbage.xml", 2, "picket-error"),
    ("drift missing.picket --against empty.xml", 2, "picket-error"),
    ("import empty.xml", 0, "picket-import"),
    ("import --as-test cib.xml", (0, 1), "picket-import"),
    ("import --as-test garbage.xml", 2, "picket-error"),
    ("import text.crm -o crm.picket", (0, 1), "picket-import"),
    ("import garbage.xml", 2, "picket-error"),
    ("report good.picket -o page.html", 0, "picket-report"),
    ("report good.picket -o - --no-tests", 0, "picket-report"),
    ("report bad.picket -o page.html", 2, "picket-error"),
    ("report bad.picket --interactive -o page.html", 2, "picket-error"),
    ("export good.picket --as crmsh", (0, 1), "picket-export"),
    ("export cib.xml --as pcs -o commands.sh", (0, 1), "picket-export"),
    ("export bad.picket --as pcs", 2, "picket-error"),
    ("timing good.picket", (0, 1), "picket-timing"),
    ("timing cib.xml missing.picket good.picket", 2, "picket-timing"),
    ("explain", 0, "picket-explain"),
    ("explain W0402", 0, "picket-explain"),
    ("explain versions", 0, "picket-versions"),
    ("explain E9999", 2, "picket-error"),
    ("agents list", 0, "picket-agents"),
    ("agents show IPaddr2", 0, "picket-agents"),
    ("agents search address", 0, "picket-agents"),
    ("agents show Nobody", 2, "picket-error"),
    ("status --dir nowhere", 3, "picket-error"),
    ("cleanup --dir nowhere", 3, "picket-error"),
    ("doctor bad.picket", 2, "picket-error"),
    ("doctor good.picket --ssh ./nodes", 1, "picket-doctor"),
    ("doctor good.picket --ssh ./nobody", 3, "picket-doctor"),
    ("bootstrap good.picket --dry-run --ssh ./nodes", (1, 5), "picket-bootstrap"),
    ("bootstrap good.picket --dry-run --ssh ./nobody", 3, "picket-error"),
    ("bootstrap bad.picket --dry-run", 2, "picket-error"),
    ("sweep good.picket --no-such-option", 2, "picket-error"),
]
# Of a picketd on this machine, in this order.
DAEMON_CALLS = [
    ("apply here.picket --to local --node here --dir live --dry-run", 0, "picket-change"),
    ("apply here.picket --to local --node here --dir live --picketd ./picketd --yes --wait 30", 0, "picket-change"),
    ("status --dir live", 0, "picket-status"),
    ("standby here --dir live --yes", 0, "picket-change"),
    ("standby nobody --dir live --yes", 2, "picket-error"),
    ("online here --dir live --yes", 0, "picket-change"),
    ("maintenance on --dir live", 2, "picket-change"),
    ("maintenance on --dir live --yes", 0, "picket-change"),
    ("cleanup --dir live --yes", 0, "picket-change"),
    ("events --dir live", 0, "picket-event"),
    ("stop --dir live --yes", 0, "picket-change"),
]
UNIT_IN_TEXT = re.compile(r"^\d+(\.\d+)? ?(ms|s|min|h|seconds)$")


def picket(program, folder, words):
    done = subprocess.run([program] + words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=120)
    return done.returncode, done.stdout


def numbers_are_numbers(value, where=""):
    """Keys whose values are texts with a unit, or times that are no numbers."""
    wrong = []
    if isinstance(value, dict):
        for key, inner in value.items():
            if re.search(r"_(ms|s)$", key) and not isinstance(inner, (int, float, type(None), dict)):
                wrong.append("%s.%s is no number" % (where, key))
            wrong += numbers_are_numbers(inner, where + "." + key)
    elif isinstance(value, list):
        for inner in value:
            wrong += numbers_are_numbers(inner, where + "[]")
    elif isinstance(value, str) and UNIT_IN_TEXT.match(value):
        wrong.append("%s is the text `%s`" % (where, value))
    return wrong


def schema_of(value, other=None):
    """A schema that fits the value, and the other schema's values."""
    if isinstance(value, dict):
        mine = {"type": "object", "required": sorted(value),
                "properties": {key: schema_of(inner) for key, inner in value.items()}}
    elif isinstance(value, list):
        mine = {"type": "array"}
        items = None
        for inner in value:
            items = schema_of(inner, items)
        if items:
            mine["items"] = items
    else:
        names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
        mine = {"type": names[type(value)]}
    return merged(mine, other) if other else mine


def merged(one, two):
    types = {t for s in (one, two) for t in (s["type"] if isinstance(s["type"], list) else [s["type"]])}
    if {"integer", "number"} <= types:
        types.discard("integer")
    out = {"type": sorted(types) if len(types) > 1 else types.pop()}
    both = [s for s in (one, two) if "properties" in s]
    if both:
        out["required"] = sorted(set.intersection(*[set(s["required"]) for s in both]))
        out["properties"] = {}
        for s in both:
            for key, inner in s["properties"].items():
                out["properties"][key] = merged(inner, out["properties"][key]) if key in out["properties"] else inner
    items = [s["items"] for s in (one, two) if "items" in s]
    if items:
        out["items"] = merged(items[0], items[-1])
    return out


# Objects whose members have the users' own names.
OPEN = {("picket-agents", "agents"), ("picket-agents", "packages")}


def write_schemas(seen, folder):
    """Schemas that fit what was printed: to begin with, and to be read before they are kept."""
    for form, documents in sorted(seen.items()):
        inferred = None
        for document in documents:
            inferred = schema_of(document, inferred)
        schema = {"$schema": "http://json-schema.org/draft-07/schema#", "title": form, "type": "object",
                  "required": ["format", "version"] + [name for name in inferred["required"]
                                                       if name not in ("format", "version")],
                  "properties": dict(inferred["properties"], format={"const": form},
                                     version={"const": documents[0]["version"]})}
        for name in schema["properties"]:
            if (form, name) in OPEN:
                schema["properties"][name] = {"type": "object"}
        with open(os.path.join(folder, form + ".schema.json"), "w", encoding="utf-8") as file:
            json.dump(schema, file, indent=1)
            file.write("\n")


def check_call(program, folder, call, schemas, seen):
    words, statuses, form = call
    status, out = picket(program, folder, words.split() + ["--format", "json"])
    wrong = []
    if status not in (statuses if isinstance(statuses, tuple) else (statuses,)):
        wrong.append("ends with %d, not %s" % (status, statuses))
    try:
        # `events` prints a document for each event, a line each.
        documents = [json.loads(text) for text in (out.splitlines() if form == "picket-event" else [out])]
    except ValueError as error:
        return wrong + ["prints no JSON document (%s): %r" % (error, out[:200])]
    if not documents:
        return wrong + ["prints no JSON document"]
    for document in documents:
        wrong += check_document(document, form, schemas, seen)
    return wrong


def check_document(document, form, schemas, seen):
    wrong = []
    if list(document)[:2] != ["format", "version"] or not isinstance(document["version"], int):
        return wrong + ["does not begin with format and version: %s" % list(document)[:4]]
    if document["format"] != form:
        wrong.append("is a %s, not a %s" % (document["format"], form))
    # Agents say their times as text, and a lock repeats them. What differs between two policies is told in words.
    if document["format"] not in ("picket-agents", "picket-diff", "picket-upgrade"):
        wrong += numbers_are_numbers(document)
    seen.setdefault(document["format"], []).append(document)
    if jsonschema and document["format"] in schemas:
        jsonschema.Draft7Validator.check_schema(schemas[document["format"]])
        validator = jsonschema.Draft7Validator(schemas[document["format"]])
        wrong += ["%s: %s" % ("/".join(str(p) for p in e.absolute_path), e.message[:200])
                  for e in list(validator.iter_errors(document))[:3]]
    elif document["format"] not in schemas:
        wrong.append("has no schema")
    return wrong


def check_junit(program, folder, words, statuses, cases):
    """`cases`: the number of cases that are in no error."""
    status, out = picket(program, folder, words.split() + ["--format", "junit"])
    if status not in statuses:
        return ["ends with %d" % status]
    root = ElementTree.fromstring(out)
    wrong = [] if root.tag == "testsuites" else ["the root is " + root.tag]
    written = [test for test in root.iter("testcase") if test.find("error") is None]
    if len(written) != cases:
        wrong.append("%d cases, not %d" % (len(written), cases))
    for test in root.iter("testcase"):
        if test.get("time") is None or not re.fullmatch(r"\d+(\.\d+)?", test.get("time")):
            wrong.append("%s has no time" % test.get("name"))
    for test in written:
        if not test.get("file") or not (test.get("line") or "").isdigit():
            wrong.append("%s has no file and line" % test.get("name"))
    for suite in root.iter("testsuite"):
        told = len(list(suite.iter("testcase")))
        if int(suite.get("tests")) != told or int(suite.get("errors")) != len(list(suite.iter("error"))):
            wrong.append("%s counts wrongly" % suite.get("name"))
    return wrong


def check_times(program, folder):
    """Times of `diff` are numbers too, and the text beside them says the same."""
    _, out = picket(program, folder, "diff slow.picket good.picket --failures 1 --format json".split())
    answers = [answer for history in json.loads(out)["histories"] for answer in history["answers"]]
    times = [answer for answer in answers if answer["what"].startswith("downtime of ")]
    wrong = [] if times else ["no answer about a downtime"]
    for answer in answers:
        for side in ("old", "new"):
            members = (side + "_least_ms" in answer, side + "_most_ms" in answer)
            if members != (answer in times,) * 2:
                wrong.append("%s: %s" % (answer["what"], members))
    for answer in times:
        for side in ("old", "new"):
            least_ms = answer[side + "_least_ms"]
            if least_ms is not None and "%d.%d" % (least_ms // 1000, least_ms % 1000 // 100) not in answer[side]:
                wrong.append("%s: %s is not %s" % (answer["what"], answer[side], least_ms))
    return wrong


def check_verb(program, folder):
    """`--format json` before the verb is refused, and the document of the error names the verb all the same."""
    status, out = picket(program, folder, "--format json check good.picket".split())
    document = json.loads(out)
    wrong = [] if status == 2 else ["ends with %d" % status]
    if document["format"] != "picket-error" or document["verb"] != "check":
        wrong.append("%s of %s" % (document["format"], document.get("verb")))
    return wrong


def check_sarif(program, folder, words, status_wanted, results, successful):
    status, out = picket(program, folder, words.split() + ["--format", "sarif"])
    log = json.loads(out)
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    wrong = [] if status == status_wanted else ["ends with %d" % status]
    if log["version"] != "2.1.0" or len(log["runs"]) != 1:
        wrong.append("is no log of one run")
    if not re.match(r"\d+\.\d+", driver.get("version", "")) or not driver.get("informationUri"):
        wrong.append("the driver has no version or address")
    rules = {rule["id"] for rule in driver["rules"]}
    for rule in driver["rules"]:
        if not rule.get("helpUri", "").endswith("#" + rule["id"]) or not rule.get("help", {}).get("text"):
            wrong.append("%s has no help" % rule["id"])
    if len(run["results"]) < results or not {result["ruleId"] for result in run["results"]} <= rules:
        wrong.append("%d results; rules %s" % (len(run["results"]), sorted(rules)))
    if run["invocations"][0]["executionSuccessful"] != successful:
        wrong.append("executionSuccessful is not %s" % successful)
    return wrong


def daemon_calls(folder, programs):
    """The calls that a picketd on this machine answers; none without one, or beside a Pacemaker."""
    if len(programs) < 2 or programs[0].startswith("--"):
        return []
    if subprocess.run(["pgrep", "-x", "pacemakerd"], stdout=subprocess.DEVNULL, check=False).returncode == 0:
        print("note: Pacemaker runs here, so picketd is not asked")
        return []
    # picketd looks for its tool beside itself.
    for program, name in zip(programs, ("picketd", "picket-agent-tool")):
        shutil.copy(program, os.path.join(folder, name))
    return DAEMON_CALLS


def main():
    program, folder_of_schemas = os.path.abspath(sys.argv[1]), sys.argv[2]
    schemas = {}
    for name in sorted(os.listdir(folder_of_schemas)):
        if name.endswith(".schema.json"):
            with open(os.path.join(folder_of_schemas, name), encoding="utf-8") as file:
                schemas[name[:-len(".schema.json")]] = json.load(file)
    if not jsonschema:
        print("note: python3-jsonschema is not installed; schemas are not compared")
    failed, seen = 0, {}

    def tell(words, wrong):
        for one in wrong:
            print("FAILED: picket %s: %s" % (words, one))
        return 1 if wrong else 0

    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        status, _ = picket(program, folder, ["compile", "good.picket", "-o", "cib.xml"])
        assert status == 0
        os.chmod(os.path.join(folder, "nodes"), 0o755)
        calls = CALLS + daemon_calls(folder, sys.argv[3:5])
        for call in calls:
            failed += tell(call[0], check_call(program, folder, call, schemas, seen))
        failed += tell("test", check_junit(program, folder, "test good.picket bad.picket", (2,), 3))
        failed += tell("test bad", check_junit(program, folder, "test bad.picket", (2,), 0))
        failed += tell("sweep", check_junit(program, folder, "sweep good.picket", (0,), 1))
        failed += tell("sweep bad", check_junit(program, folder, "sweep missing.picket", (2,), 0))
        checks = len(picket(program, folder, ["doctor", "--list"])[1].splitlines())
        failed += tell("doctor", check_junit(program, folder, "doctor good.picket --ssh ./nodes", (1,), checks))
        failed += tell("diff", check_times(program, folder))
        failed += tell("a verb behind options", check_verb(program, folder))
        failed += tell("check", check_sarif(program, folder, "check warned.picket bad.picket", 2, 2, True))
        failed += tell("check nothing", check_sarif(program, folder, "check --no-such-option", 2, 0, False))
    if "--infer" in sys.argv:
        write_schemas(seen, sys.argv[sys.argv.index("--infer") + 1])
    print("%d calls, %d formats, %d failed" % (len(calls) + 6, len(seen), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
