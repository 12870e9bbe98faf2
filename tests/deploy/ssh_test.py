"""Real ssh and real sudo below `import --live`, `doctor` and `bootstrap`: no fake stands in for them.

    ssh_test.py PICKET

An sshd of its own listens on 127.0.0.1, in a network and a mount namespace of its own, with users and keys of its own:
nothing of the machine is touched. Host keys are checked, nobody is asked for a password, nothing waits for one; sudo
works without a terminal; what a login shell says does not get into an answer; the locale of the answer is C.

Skipped without root, without namespaces, and where sshd or sudo are not installed. PICKET_SSH_ROOT names a folder
that Debian's openssh-server and sudo were unpacked into (`dpkg -x`), for machines that shall not run them.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

SLOW_S = 20  # An answer that waits for a password would take a minute and more.
CIB = ('<cib validate-with="pacemaker-3.7" epoch="7" num_updates="0" admin_epoch="0"><configuration><crm_config/>'
       '<nodes><node id="1" uname="n1"/></nodes><resources/><constraints/></configuration><status/></cib>')


def call(*words):
    subprocess.run(words, check=True)


class Machine:
    """This machine once more, with other users, other programs and an sshd."""

    def __init__(self, folder, root):
        self.folder, self.root = folder, root

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def overlay(self, upper, lower):
        call("mount", "-t", "overlay", "overlay", "-o", "lowerdir=%s:%s" % (upper, lower), lower)

    def users(self):
        for name, line in (("passwd", "%s:x:%d:%d::%s:/bin/sh\n"), ("shadow", "%s:*:19000:0:99999:7:::\n")):
            with open("/etc/" + name, encoding="utf-8") as file:
                text = file.read()
            if name == "passwd" and "\nsshd:" not in text:
                text += "sshd:x:105:65534::/run/sshd:/usr/sbin/nologin\n"
            for number, user in enumerate(("ops", "asked")):
                home = self.path("home/" + user)
                fields = (user, 2001 + number, 65534, home) if name == "passwd" else (user,)
                text += line % fields
            self.write("etc/" + name, text, 0o600 if name == "shadow" else 0o644)

    def start(self):
        call("ip", "link", "set", "lo", "up")
        for key in ("host", "other", "client"):
            call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(key))
        self.users()
        self.write("etc/sudoers", "root ALL=(ALL) ALL\nops ALL=(ALL) NOPASSWD: ALL\nasked ALL=(ALL) ALL\n", 0o440)
        self.write("etc/pam.d/sudo", "auth required pam_unix.so\naccount required pam_permit.so\n"
                   "session required pam_permit.so\n")
        for user in ("ops", "asked"):
            self.write("home/%s/.profile" % user, "echo said by a login shell\n")
        self.write("usr/sbin/cibadmin", "#!/bin/sh\necho \"locale ${LC_ALL-none}\" >&2\necho '%s'\n" % CIB, 0o755)
        if self.root:
            self.overlay(self.root + "/usr", "/usr")
        self.overlay(self.path("usr"), "/usr")
        self.overlay(self.path("etc"), "/etc")
        shutil.copy(self.path("client.pub"), self.path("keys"))
        call("mount", "-t", "tmpfs", "tmpfs", "/run")
        os.makedirs("/run/sshd", mode=0o755)
        config = self.write("sshd_config", "Port 2222\nListenAddress 127.0.0.1\nHostKey %s\nPidFile none\nUsePAM no\n"
                            "AuthorizedKeysFile %s\nPasswordAuthentication yes\nKbdInteractiveAuthentication no\n"
                            "StrictModes no\nPermitRootLogin yes\nSetEnv LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8\n"
                            % (self.path("host"), self.path("keys")))
        self.sshd = subprocess.Popen(["/usr/sbin/sshd", "-D", "-f", config, "-E", self.path("log")])
        for _ in range(100):
            if subprocess.run(["sh", "-c", "exec 3<>/dev/tcp/127.0.0.1/2222"], capture_output=True,
                              executable="/bin/bash", check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError("sshd does not start: " + open(self.path("log"), encoding="utf-8").read())

    def known(self, key):
        """The command by which Picket is to reach machines, where the file of known hosts holds that key."""
        line = "[127.0.0.1]:2222 " + open(self.path(key + ".pub"), encoding="utf-8").read() if key else ""
        known = self.write("known", line)
        config = "".join("Host %s\n HostName 127.0.0.1\n Port 2222\n User %s\n" % pair for pair in
                         (("n1", "root"), ("o1", "ops"), ("a1", "asked")))
        config += ("Host *\n IdentityFile %s\n IdentitiesOnly yes\n UserKnownHostsFile %s\n"
                   " GlobalKnownHostsFile /dev/null\n" % (self.path("client"), known))
        return "ssh -F %s -o BatchMode=yes -o ConnectTimeout=10" % self.write("ssh_config", config)


class Checks:
    def __init__(self, picket, machine):
        self.picket, self.machine = picket, machine

    def run(self, *words, key="host", status=0, says=()):
        environment = dict(os.environ, PICKET_SSH=self.machine.known(key), LC_ALL="de_DE.UTF-8",
                           HOME=self.machine.folder, XDG_STATE_HOME=self.machine.folder)
        begun = time.monotonic()
        done = subprocess.run([self.picket, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=environment, timeout=120, check=False)
        took, said = time.monotonic() - begun, done.stdout + done.stderr
        what = "picket %s (%.1f s) ends with %d:\n%s" % (" ".join(words), took, done.returncode, said)
        assert done.returncode == status, "not %d: %s" % (status, what)
        for text in says:
            assert text in said, "no `%s`: %s" % (text, what)
        assert status == 0 or took < SLOW_S, "waited: " + what
        return done

    def policy(self, node):
        return self.machine.write(node + ".picket", 'cluster c { link lan; crypto cipher=aes256 hash=sha256 }\n'
                                  'node %s { id=1; link lan 127.0.0.1 }\nfencing %s: none "a test"\n' % (node, node))

    def all(self):
        for host in ("n1", "o1"):
            imported = self.run("import", "--live", host)
            assert "node n1" in imported.stdout and "login shell" not in imported.stdout, imported.stdout
        self.run("import", "--live", "n1", key="other", status=3, says=["Host key verification failed"])
        self.run("import", "--live", "n1", key="", status=3, says=["Host key verification failed"])
        looked = self.run("doctor", self.policy("n1"), status=1)
        assert "well    reach:" in looked.stdout and "well    root:" in looked.stdout, looked.stdout
        looked = self.run("doctor", self.policy("o1"), status=1)
        assert "say --sudo, or log in as root" in looked.stdout, looked.stdout
        looked = self.run("doctor", "--sudo", self.policy("o1"), status=1)
        assert "well    root: the probe is root everywhere" in looked.stdout, looked.stdout
        self.run("bootstrap", "--dry-run", "--sudo", self.policy("o1"), status=5, says=["/etc/hosts"])
        self.run("doctor", "--sudo", self.policy("a1"), status=3, says=["password is required", "no password"])
        self.run("bootstrap", "--yes", "--sudo", self.policy("a1"), status=3, says=["nothing was changed"])
        os.remove(self.machine.path("keys"))  # From here on only a password would do.
        self.run("import", "--live", "n1", status=3, says=["Permission denied"])
        self.run("doctor", self.policy("n1"), status=3, says=["ssh-copy-id n1"])
        self.run("bootstrap", "--yes", self.policy("n1"), status=3, says=["nothing was changed"])


def inside(picket, folder, root):
    os.umask(0o022)
    machine = Machine(folder, root)
    try:
        machine.start()
        Checks(picket, machine).all()
    finally:
        if hasattr(machine, "sshd"):
            machine.sshd.kill()
    print("passed")


def main():
    if sys.argv[1] == "--inside":
        return inside(*sys.argv[2:5])
    picket, root = os.path.realpath(sys.argv[1]), os.environ.get("PICKET_SSH_ROOT", "")
    missing = [name for name in ("sbin/sshd", "bin/sudo", "bin/ssh", "bin/ssh-keygen")
               if not os.path.exists("/usr/" + name) and not os.path.exists(root + "/usr/" + name)]
    if missing:
        print("skipped: not installed: " + ", ".join(missing))
        return 0
    if os.geteuid() != 0 or subprocess.run(["unshare", "-mn", "true"], capture_output=True, check=False).returncode:
        print("skipped: not root, or no namespaces")
        return 0
    folder = tempfile.mkdtemp(prefix="picket-ssh-", dir="/tmp")
    os.chmod(folder, 0o755)
    try:
        return subprocess.run(["unshare", "-mnpf", "--mount-proc", "--kill-child", sys.executable, "-BS",
                               os.path.realpath(__file__), "--inside", picket, folder, root],
                              check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
