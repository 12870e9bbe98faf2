"""`picket serve` over a CIB in a file, for tests: the server, a cluster to show, and questions to it."""
import http.client
import json
import os
import shutil
import subprocess

HOSTILE = "<img src=x onerror=alert(1)>"


def check(what, is_so):
    if not is_so:
        raise AssertionError(what)


def entry(resource, operation, rc=0, interval=0, call=5, age_s=600, more=""):
    import time
    name = "%s_%s" % (resource, "monitor_%d" % interval if interval else "last_0")
    return ('<lrm_rsc_op id="%s" operation_key="%s_%s_%d" operation="%s" interval="%d" call-id="%d" rc-code="%d" '
            'op-status="0" exec-time="2000" last-rc-change="%d" transition-magic="0:%d;1:1:%d:x" '
            'transition-key="1:1:%d:x" %s/>' % (name, resource, operation, interval, operation, interval, call, rc,
                                              int(time.time()) - age_s, rc, rc, rc, more))


def history(resource, *entries):
    return '<lrm_resource id="%s" class="ocf" provider="pacemaker" type="Dummy">%s</lrm_resource>' % (
        resource, "".join(entries))


def failure(resource, reason, age_s=300):
    import time
    return ('<lrm_rsc_op id="%s_last_failure_0" operation_key="%s_monitor_10000" operation="monitor" interval="10000" '
            'call-id="3" rc-code="1" op-status="4" last-rc-change="%d" transition-magic="4:1;1:1:0:x" '
            'transition-key="1:1:0:x" exit-reason="%s"/>' % (resource, resource, int(time.time()) - age_s, reason))


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def primitive(number, name, secret):
    return ('<primitive id="%s" class="ocf" provider="pacemaker" type="Dummy"><instance_attributes id="p%d">'
            '<nvpair id="p%d-a" name="password" value="%s"/></instance_attributes><operations>'
            '<op id="o%d" name="monitor" interval="10s"/></operations></primitive>' % (
                escaped(name), number, number, secret, number))


def state(number, name, is_up, histories):
    return ('<node_state id="%d" uname="%s" in_ccm="%s" crmd="%s" join="%s" expected="%s"><lrm id="%d">'
            '<lrm_resources>%s</lrm_resources></lrm></node_state>' % (
                number, escaped(name), "true" if is_up else "false", "online" if is_up else "offline",
                "member" if is_up else "down", "member" if is_up else "down", number, histories))


def cluster(on=("ha1", "ha1"), up=("ha1", "ha2"), epoch=7, name="demo", web="web", db="db",
            nodes=("ha1", "ha2"), secret="hunter2hunter2"):
    """Two nodes; `web` and `db` run where `on` says; `db` failed once; a ban and an orphan are left over."""
    states = ""
    for i, node in enumerate(nodes):
        here = history("gone", entry("gone", "start")) if i == 1 else ""
        for one, place in ((web, on[0]), (db, on[1])):
            runs, one_id = place == node, escaped(one)
            entries = [entry(one_id, "start") if runs else entry(one_id, "monitor", 7)]
            if runs:
                entries.append(entry(one_id, "monitor", 0, 10000, 6))
            if one == db and runs:
                entries.append(failure(one_id, "no login with %s: %s" % (secret, escaped(HOSTILE))))
            here += history(one_id, *entries)
        states += state(i + 1, node, node in up, here)
    return ('<cib validate-with="pacemaker-3.7" admin_epoch="0" epoch="%d" num_updates="1" have-quorum="1" dc-uuid="1" '
            'crm_feature_set="3.16.1"><configuration><crm_config><cluster_property_set id="cib-bootstrap-options">'
            '<nvpair id="x1" name="stonith-enabled" value="false"/><nvpair id="x2" name="cluster-name" value="%s"/>'
            '<nvpair id="x3" name="no-quorum-policy" value="ignore"/></cluster_property_set></crm_config>'
            '<rsc_defaults><meta_attributes id="d"><nvpair id="d1" name="resource-stickiness" value="100"/>'
            '</meta_attributes></rsc_defaults>'
            '<nodes>%s</nodes><resources>%s</resources><constraints><rsc_location id="cli-ban-b-on-n" rsc="%s" '
            'node="ha9" score="-INFINITY"/></constraints></configuration><status>%s</status></cib>' % (
                epoch, escaped(name),
                "".join('<node id="%d" uname="%s"/>' % (i + 1, escaped(n)) for i, n in enumerate(nodes)),
                primitive(0, web, secret) + primitive(1, db, secret), escaped(web), states))


class Served:
    """The server; it ends with the `with` block."""

    def __init__(self, serve, work, cib, *options, live=False, env=None):
        self.file = os.path.join(work, "cib.xml")
        self.write(cib)
        where = ["--live"] if live else [self.file]
        environment = dict(os.environ, **(env or {}))
        if live:
            environment["CIB_file"] = self.file
        self.process = subprocess.Popen([serve, *where, "--listen", "127.0.0.1:0", "--every", "0.2", *options],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.process.stdout.readline()
        self.link = self.process.stdout.readline().strip()
        if not self.link:
            raise RuntimeError("picket serve: " + self.process.stderr.read())
        self.origin, _, rest = self.link.partition("/#")
        self.port = int(self.origin.rsplit(":", 1)[1])
        self.token = rest.partition("=")[2]
        self.cookie = self.key = self.page = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()

    def write(self, cib):
        """As a cluster does: another file takes the name."""
        with open(self.file + ".new", "w", encoding="utf-8") as file:
            file.write(cib)
        os.replace(self.file + ".new", self.file)

    def ask(self, method, path, body=None, headers=None, without=()):
        """Status, text and headers of an answer; `headers` on top of what our page sends, `without` some of it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Host": "127.0.0.1:%d" % self.port}
        if self.cookie:
            sent.update({"Cookie": self.cookie, "X-Picket-Key": self.key})
        if body is not None:
            sent.update({"Origin": self.origin, "Content-Type": "application/json"})
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        sent.update(headers or {})
        for name in without:
            sent.pop(name, None)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())
        finally:
            connection.close()

    def enter(self, token=None):
        status, text, headers = self.ask("POST", "/session", {"token": token or self.token})
        check("the link lets in: %d %s" % (status, text), status == 200)
        self.cookie = headers["Set-Cookie"].split(";")[0]
        self.key, self.page = json.loads(text)["key"], json.loads(text)["page"]
        self.next = self.process.stdout.readline().strip()
        return headers["Set-Cookie"]

    def question(self, **change):
        status, text, _ = self.ask("POST", "/ask", change)
        return status, json.loads(text)

    def picture(self):
        """The first state of the stream."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/events", headers={"Cookie": self.cookie, "X-Picket-Key": self.key})
        answer = connection.getresponse()
        check("the stream begins", answer.status == 200)
        kind = ""
        try:
            while True:
                line = answer.readline().decode().rstrip("\n")
                if line.startswith("event: "):
                    kind = line[7:]
                if line.startswith("data: ") and kind == "state":
                    return json.loads(line[6:])
        finally:
            connection.close()


def has_cibadmin():
    return shutil.which("cibadmin") is not None


def play(parts):
    failed = 0
    for name, part in parts:
        try:
            part()
            print("passed: " + name)
        except (AssertionError, RuntimeError, OSError) as error:
            failed += 1
            print("FAILED: %s: %s: %s" % (name, type(error).__name__, error))
    return 1 if failed else 0
