"""Who may come in to `picket serve`, and what each may do there.

    doors_test.py PICKET PICKET_SERVE
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import served
from served import Served, check, cluster


def words(picket, serve, work):
    """What is refused before anything is listened at."""
    file = os.path.join(work, "words.xml")
    with open(file, "w", encoding="utf-8") as out:
        out.write(cluster())

    def run(*arguments, program=picket):
        # Beside the program in a package; where Bazel builds it as well.
        return subprocess.run([program, *(["serve"] if program == picket else []), *arguments], text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    help_ = run("--help")
    check("--help tells the options", help_.returncode == 0 and "--allow-changes" in help_.stdout)
    for arguments, status, said in (
            (["--nonsense"], 2, "--nonsense"),
            ([file, "--listen", "0.0.0.0:0"], 2, "--certificate FILE --key FILE --passwords FILE"),
            ([file, "--listen", "[::]:0"], 2, "TLS"),
            ([file, "--listen", "192.0.2.1:0", "--certificate", "c", "--key", "k"], 2, "passwords"),
            ([file, "--listen", "nowhere"], 2, "--listen"),
            ([file, "--listen", "127.0.0.1:99999"], 2, "--listen"),
            ([file, "--listen", "127.0.0.1:0", "--certificate", "c"], 2, "go together"),
            ([file, "--allow-changes"], 2, "only shown"),
            ([os.path.join(work, "none.xml")], 2, "no such file"),
            ([file, "--policy", os.path.join(work, "none.picket")], 2, ""),
            ([file, "--passwords", os.path.join(work, "none")], 3, "cannot be read")):
        done = run(*arguments)
        check("%s ends with %d: %d %s" % (arguments, status, done.returncode, done.stderr),
              done.returncode == status and said in done.stderr)
    html = os.path.join(work, "page.html")
    with open(html, "w", encoding="utf-8") as out:
        out.write("<html/>")
    check("what is no CIB is refused", run(html).returncode == 2)
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    done = run(file, "--listen", "127.0.0.1:%d" % taken.getsockname()[1])
    check("a port that is taken: " + done.stderr, done.returncode == 3 and "cannot listen" in done.stderr)
    taken.close()
    check("a cluster that is not there", run("--live", program=serve).returncode == 3)


def strangers(serve, work):
    with Served(serve, work, cluster()) as server:
        status, page, headers = server.ask("GET", "/")
        check("the page is there", status == 200 and "demo" not in page)
        check("its policy is strict", headers["Content-Security-Policy"].startswith("default-src 'none'")
              and "unsafe" not in headers["Content-Security-Policy"])
        check("it is not kept", headers["Cache-Control"] == "no-store" and headers["X-Frame-Options"] == "DENY")
        for path in ("/events", "/what-if/x"):
            check(path, server.ask("GET", path)[0] == 401)
        for host in ("evil.example", "evil.example:%d" % server.port, "127.0.0.1", "127.0.0.1:1"):
            check("rebinding: " + host, server.ask("GET", "/", headers={"Host": host})[0] == 421)
            check("rebinding: " + host, server.ask("POST", "/session", {"token": server.token},
                                                   headers={"Host": host})[0] == 421)
        for origin in ("http://evil.example", "null", server.origin.replace("http:", "https:"), server.origin + "1"):
            check("origin: " + origin, server.ask("POST", "/session", {"token": server.token},
                                                  headers={"Origin": origin})[0] == 403)
        check("no origin", server.ask("POST", "/session", {"token": server.token}, without=["Origin"])[0] == 403)
        check("a form", server.ask("POST", "/session", "token=" + server.token,
                                   headers={"Content-Type": "application/x-www-form-urlencoded"})[0] == 415)
        check("another site", server.ask("POST", "/session", {"token": server.token},
                                         headers={"Sec-Fetch-Site": "cross-site"})[0] == 403)
        check("a preflight", server.ask("OPTIONS", "/do", headers={"Origin": "http://evil.example"})[0] in (403, 405))
        check("a wrong token", server.ask("POST", "/session", {"token": "0" * 48})[0] == 401)
        # The right one was not used up by all that.
        cookie = server.enter()
        for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
            check("the cookie is " + word, word in cookie)
        check("a token is good once", server.ask("POST", "/session", {"token": server.token})[0] == 401)
        check("there is another link: " + server.next, "#token=" in server.next and server.token not in server.next)
        check("the cookie alone is not enough", server.ask("POST", "/ask", {"verb": "cleanup"},
                                                           without=["X-Picket-Key"])[0] == 401)
        check("the key alone is not enough", server.ask("POST", "/ask", {"verb": "cleanup"},
                                                        without=["Cookie"])[0] == 401)
        check("it ends", server.ask("POST", "/end", {})[0] == 200 and server.ask("POST", "/ask", {})[0] == 401)


def shown(serve, work):
    with Served(serve, work, cluster()) as server:
        server.enter()
        state = server.picture()
        picture = state["picture"]
        check("where", {one["id"]: one["nodes"] for one in picture["resources"] if one["id"] in ("web", "db")}
              == {"web": ["ha1"], "db": ["ha1"]})
        check("failures", [one["resource"] for one in picture["failures"]] == ["db"])
        check("leftovers: %s" % picture["leftovers"], len(picture["leftovers"]) >= 2)
        text = json.dumps(state) + server.ask("GET", "/what-if/" + server.page)[1]
        check("no secret leaves", "hunter2" not in text and "********" in text)
        server.write(cluster(on=("ha2", "ha1"), epoch=8))
        until = time.monotonic() + 30
        while server.picture()["picture"]["version"] != "0.8.1":
            check("the file is read again", time.monotonic() < until)
            time.sleep(0.1)
        said = [one["text"] for one in server.picture()["events"]]
        check("events: %s" % said, "web runs on ha2" in said)
        os.remove(server.file)
        while not server.picture()["lost"]:
            check("the loss is told", time.monotonic() < until)
            time.sleep(0.1)
        check("nobody guesses then", server.question(verb="reboot", node="ha1")[0] == 409)
        check("and nothing is played", server.ask("GET", "/what-if/" + server.page)[0] == 409)
        server.write(cluster(epoch=9))
        while server.picture()["lost"]:
            check("and its end", time.monotonic() < until)
            time.sleep(0.1)


def viewer(serve, work):
    with Served(serve, work, cluster(), live=True) as server:
        server.enter()
        status, answer = server.question(verb="reboot", node="ha1")
        check("a viewer may ask: %s" % answer, status == 200 and answer["answer"] == "interrupts")
        check("in words: " + answer["sentence"], "away for" in answer["sentence"])
        before = open(server.file, encoding="utf-8").read()
        for change in ({"verb": "standby", "node": "ha1"}, {"verb": "stop", "resource": "web"}, {"verb": "cleanup"}):
            status, answer = server.question(**change)
            check("there is no ticket", status == 200 and answer["ticket"] is None)
            check("and no way around", server.ask("POST", "/do", {"ticket": "x", **change})[0] == 403)
        check("nothing was changed", open(server.file, encoding="utf-8").read() == before)


def changes(serve, work):
    if not served.has_cibadmin():
        print("SKIPPED: there is no cibadmin on this machine, so nothing was changed")
        return
    with Served(serve, work, cluster(), "--allow-changes", live=True) as server:
        server.enter()

        def do(**change):
            status, answer = server.question(**change)
            check("%s: %s" % (change, answer), status == 200 and answer["ticket"])
            status, text, _ = server.ask("POST", "/do", {"ticket": answer["ticket"]})
            return status, text

        def until(what, is_so):
            end = time.monotonic() + 30
            while not is_so(server.picture()["picture"]):
                check(what, time.monotonic() < end)
                time.sleep(0.1)

        def cib():
            with open(server.file, encoding="utf-8") as file:
                return file.read()

        status, text = do(verb="standby", node="ha2")
        check("standby: " + text, status == 200)
        check("it is in the CIB", 'name="standby" value="on"' in cib())
        until("it is seen", lambda picture: picture["nodes"][1]["standby"])
        check("the ends of it", do(verb="online", node="ha2")[0] == 200 and 'name="standby"' not in cib())
        until("it is seen", lambda picture: not picture["nodes"][1]["standby"])
        check("stop", do(verb="stop", resource="web")[0] == 200 and 'value="Stopped"' in cib())
        until("it is seen", lambda picture: not picture["resources"][0]["wanted"])
        check("start", do(verb="start", resource="web")[0] == 200 and 'value="Stopped"' not in cib())
        until("it is seen", lambda picture: picture["resources"][0]["wanted"])
        check("move", do(verb="move", resource="web", node="ha2")[0] == 200 and "cli-prefer-web" in cib())
        until("it is seen", lambda picture: any("cli-prefer" in one["what"] for one in picture["leftovers"]))
        check("clear", do(verb="clear", resource="web")[0] == 200 and "cli-prefer-web" not in cib())
        until("it is seen", lambda picture: not any("cli-prefer" in one["what"] for one in picture["leftovers"]))
        check("maintenance", do(verb="maintenance-on")[0] == 200 and "maintenance-mode" in cib())
        until("it is seen", lambda picture: picture["maintenance"])
        # Somebody else changes the cluster between the look and the confirmation.
        status, answer = server.question(verb="maintenance-off")
        subprocess.run(["cibadmin", "--modify", "--xml-text", '<nvpair id="x3" name="no-quorum-policy" value="stop"/>',
                        "--force"], check=True, env=dict(os.environ, CIB_file=server.file), timeout=60)
        before = cib()
        status, text, _ = server.ask("POST", "/do", {"ticket": answer["ticket"]})
        check("what was shown is not what is: " + text, status == 409 and cib() == before)


def passwords(serve, work):
    if not shutil.which("openssl"):
        print("SKIPPED: there is no openssl on this machine, so TLS was not tried")
        return
    import http.client
    import ssl
    pem, key, names = (os.path.join(work, name) for name in ("cert.pem", "key.pem", "names"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem,
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    hashed = subprocess.run(["openssl", "passwd", "-6", "correct horse"], check=True, stdout=subprocess.PIPE,
                            text=True).stdout.strip()
    with open(names, "w", encoding="utf-8") as out:
        out.write("# who\nann:%s\n" % hashed)
    file = os.path.join(work, "tls.xml")
    with open(file, "w", encoding="utf-8") as out:
        out.write(cluster())
    options = [serve, file, "--listen", "0.0.0.0:0", "--name", "127.0.0.1", "--certificate", pem, "--key", key,
               "--passwords", names]
    os.chmod(names, 0o644)
    done = subprocess.run(options, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE, timeout=60, check=False)
    check("a password file that others read: " + done.stderr, done.returncode == 3 and "chmod 600" in done.stderr)
    os.chmod(names, 0o600)
    process = subprocess.Popen(options, text=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        process.stdout.readline()
        link = process.stdout.readline().strip()
        check("the link has no token: " + link, link.startswith("https://") and "token" not in link)
        port = int(link.rsplit(":", 1)[1].rstrip("/"))

        def post(path, body, **headers):
            connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=60,
                                                     context=ssl.create_default_context(cafile=pem))
            connection.request("POST", path, json.dumps(body),
                               {"Origin": "https://127.0.0.1:%d" % port, "Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            text = answer.read().decode()
            connection.close()
            return answer.status, text, dict(answer.getheaders())

        check("who are you", json.loads(post("/session", {})[1])["passwords"] is True)
        check("a wrong password", post("/session", {"name": "ann", "password": "wrong"})[0] == 401)
        check("nobody", post("/session", {"name": "bob", "password": "correct horse"})[0] == 401)
        status, text, headers = post("/session", {"name": "ann", "password": "correct horse"})
        check("ann comes in", status == 200 and "; Secure" in headers["Set-Cookie"])
        asked = post("/ask", {"verb": "reboot", "node": "ha1"}, **{
            "Cookie": headers["Set-Cookie"].split(";")[0], "X-Picket-Key": json.loads(text)["key"]})
        check("and may ask", asked[0] == 200)
        statuses = [post("/session", {"name": "ann", "password": "guess"})[0] for _ in range(15)]
        check("guesses are slowed down: %s" % statuses, statuses[-1] == 429)
        plain = socket.create_connection(("127.0.0.1", port))
        plain.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        plain.settimeout(30)
        check("no answer without TLS", b"HTTP" not in plain.recv(100))
        plain.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()
        process.stderr.close()


def crowd(serve, work):
    """Strangers who ask without end do not hold up who is in; and one session does not take every place."""
    import http.client
    with Served(serve, work, cluster()) as server:
        server.enter()
        asks = b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % server.port
        strangers = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(3)]
        for one in strangers:
            one.sendall(asks * 900)
        said = b""
        while b" 429 " not in said:
            some = strangers[0].recv(1 << 16) + strangers[1].recv(1 << 16) + strangers[2].recv(1 << 16)
            check("strangers are slowed down", some)
            said = said[-20:] + some
        status, answer = server.question(verb="reboot", node="ha1")
        check("who is in is not: %s" % answer, status == 200)
        for one in strangers:
            one.close()
        streams, statuses = [], []
        for _ in range(270):
            one = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            one.request("GET", "/events", headers={"Cookie": server.cookie, "X-Picket-Key": server.key})
            statuses.append(one.getresponse().status)
            streams.append(one)
        check("200 pages are served", statuses[:200] == [200] * 200)
        check("there is an end: %s" % statuses[-1], statuses[-1] == 429)
        check("and room for others", server.ask("GET", "/")[0] == 200)
        for one in streams:
            one.close()


def ends(serve, work):
    with Served(serve, work, cluster()) as server:
        server.enter()
        idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
        check("200 connections that say nothing", server.ask("GET", "/")[0] == 200)
        server.process.send_signal(signal.SIGTERM)
        check("it ends with 0", server.process.wait(timeout=30) == 0)
        for one in idle:
            one.close()


def main(picket, serve, _pictures=None):
    with tempfile.TemporaryDirectory() as work:
        return served.play([
            ("words", lambda: words(picket, serve, work)), ("strangers", lambda: strangers(serve, work)),
            ("shown", lambda: shown(serve, work)), ("viewer", lambda: viewer(serve, work)),
            ("changes", lambda: changes(serve, work)), ("passwords", lambda: passwords(serve, work)),
            ("crowd", lambda: crowd(serve, work)), ("ends", lambda: ends(serve, work))])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
