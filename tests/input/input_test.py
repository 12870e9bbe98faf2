"""Bad input, for every verb: the same words and the same exit status, whoever reads it.

    input_test.py PICKET

A table of verbs and a table of bad inputs. `simulate` is not among them: it has crm_simulate's words and statuses.
"""
import bz2
import gzip
import lzma
import os
import subprocess
import sys
import tempfile

CIB = ('<cib validate-with="pacemaker-3.7" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/>'
       '<nodes><node id="1" uname="n1"/></nodes><resources>'
       '<primitive id="d" class="ocf" provider="pacemaker" type="Dummy"/></resources>'
       '<constraints/></configuration><status/>%s</cib>')
POLICY = ('node n1\nfencing n1: none "a test"\n'
          'primitive d ocf:pacemaker:Dummy { op monitor interval=10s timeout=20s }\n%s')

# What stands for FILE in the words of a verb; `any`: takes CIBs as well as policies.
VERBS = {
    "check FILE": "policy",
    "compile FILE": "policy",
    "compile FILE --dump ast": "policy",
    "fmt --check FILE": "policy",
    "graph FILE": "policy",
    "test FILE": "any",
    "sweep FILE": "any",
    "why FILE d": "any",
    "report FILE -o page.html": "any",
    "diff FILE good.xml": "any",
    "diff good.xml FILE": "any",
    "plan FILE --against good.xml": "any",
    "plan good.picket --against FILE": "cib",
    "drift good.picket --against FILE": "cib",
    "import FILE": "cib",
    "import --as-test FILE": "cib",
    "timing FILE": "any",
    "export FILE --as crmsh": "any",
    "export FILE --as pcs": "any",
    "diff FILE --from 2.1.5": "any",
    "report FILE --interactive -o page.html": "any",
    "why --moved FILE good.xml d": "any",
    "why --moved good.xml FILE d": "any",
    "doctor FILE": "policy",
    "bootstrap FILE --dry-run": "policy",
    "apply FILE --to local --dry-run --node n1 --dir nowhere": "any",
}
# Name, status, and what the first line about it says.
CANNOT = "picket: error[E0001]: cannot read `%s`: "
UNREADABLE = [
    ("missing.picket", 2, "there is no such file"),
    ("missing.xml", 2, "there is no such file"),
    ("folder.xml", 2, "it is a folder"),
    ("forbidden.picket", 3, "Permission denied"),
    ("forbidden.xml", 3, "Permission denied"),
]
PACKED = [
    ("damaged.xml.xz", 2, "is damaged"),
    ("damaged.xml.bz2", 2, "is damaged"),
    ("damaged.xml.gz", 2, "is damaged"),
]
NO_CIB = [
    ("garbage.xml", 2, "garbage.xml is not XML: "),
    ("truncated.xml", 2, "truncated.xml is not XML: "),
    ("empty.xml", 2, "empty.xml is not XML: "),
    ("other.xml", 2, "other.xml is no CIB: "),
]


def write_files(folder):
    def write(name, data):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    write("good.xml", (CIB % "").encode())
    write("good.picket", (POLICY % "").encode())
    os.mkdir(os.path.join(folder, "folder.xml"))
    for name in ("forbidden.picket", "forbidden.xml"):
        write(name, b"node n1\n")
        os.chmod(os.path.join(folder, name), 0)
    write("garbage.xml", b"\0\1<<<")
    write("truncated.xml", (CIB % "").encode()[:200])
    write("empty.xml", b"")
    write("other.xml", b"<html/>")
    write("damaged.xml.xz", b"\xfd7zXZ\0rest")
    for ending, packed in (("xz", lzma.compress), ("gz", gzip.compress), ("bz2", bz2.compress)):
        write("good.xml." + ending, packed((CIB % "").encode()))
    write("damaged.xml.bz2", b"BZh9damaged")
    write("damaged.xml.gz", b"\x1f\x8b\x08damaged")
    filler = b"x" * (17 << 20)
    write("large.xml", (CIB % "<!--FILLER-->").encode().replace(b"FILLER", filler))
    write("large", (CIB % "<!--FILLER-->").encode().replace(b"FILLER", filler))
    write("large.picket", (POLICY % "# FILLER\n").encode().replace(b"FILLER", filler))


def run(program, folder, words, as_nobody):
    command = [program] + words
    if as_nobody:
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] + command
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, timeout=120)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def main():
    program = os.path.abspath(sys.argv[1])
    failed = calls = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        write_files(folder)
        # Root may read everything, so a file without permissions is asked for as nobody, where that is possible.
        root = os.geteuid() == 0
        nobody = root and run("/bin/true", folder, [], True)[0] == 0 and \
            run(program, folder, ["--version"], True)[0] == 0

        def expect(verb, name, status_wanted, says):
            nonlocal failed, calls
            forbidden = name.startswith("forbidden")
            if forbidden and root and not nobody:
                return
            words = [name if word == "FILE" else word for word in verb.split()]
            status, said = run(program, folder, words, forbidden and root)
            calls += 1
            if status != status_wanted or says not in said:
                print("FAILED: picket %s: status %d, not %d; says:\n  %s\n  and not: %s" %
                      (" ".join(words), status, status_wanted, "\n  ".join(said.split("\n")[:3])[:400], says))
                failed += 1

        for verb, kind in VERBS.items():
            for name, status, words in UNREADABLE:
                # `check` and `fmt` take a folder for all the policies below it.
                if name == "folder.xml" and verb.split()[0] in ("check", "fmt"):
                    continue
                expect(verb, name, status, CANNOT % name + words)
            if kind == "policy":
                expect(verb, "large.picket", 2, "larger than 16 MiB")
                continue
            for name, status, words in PACKED:
                expect(verb, name, status, CANNOT % name)
                expect(verb, name, status, words)
            for name, status, words in NO_CIB:
                expect(verb, name, status, words)
        # A large CIB is read whole, under any name; a policy of that size is refused by name.
        for name in ("large.xml", "large"):
            for verb in ("test FILE", "sweep FILE --failures 0", "why FILE d", "import FILE"):
                expect(verb, name, 0, "")
        for name in ("good.xml.xz", "good.xml.gz", "good.xml.bz2"):
            for verb in ("test FILE", "timing FILE", "why FILE d", "import FILE", "plan good.picket --against FILE"):
                expect(verb, name, 5 if verb.startswith("plan") else 0, "")
        expect("import FILE", "good.picket", 2, "picket: good.picket is a policy already: ")
        for verb in ("test FILE", "sweep FILE", "why FILE d"):
            expect(verb, "large.picket", 2, "larger than 16 MiB")
    print("%d calls, %d failed%s" % (calls, failed, "" if nobody or not root else "; permissions were not tried"))
    return 1 if failed or not calls else 0


if __name__ == "__main__":
    sys.exit(main())
