#!/usr/bin/env python3
"""Hostile inputs x offline verbs: each ends by itself within 10 s of processor time and 1 GiB, with its own status.

    run.py PICKET [--table] [INPUT...]

Inputs are generated; none is kept. An answer fails if it ends by a signal or with 70, takes more than its time or its
memory, or says nothing although its status is not 0. `--table` prints a line for each answer.
"""
import os
import resource
import subprocess
import sys
import tempfile

from inputs import CIBS, POLICIES

CPU_S = 10
MEMORY_BYTES = 1 << 30
DEFECT = 70
# Each verb with the words it is called with; {} is the input.
POLICY_VERBS = {
    'check': ['check', '{}'],
    'compile': ['compile', '{}', '-o', '{out}'],
    'fmt': ['fmt', '--stdout', '{}'],
    'graph': ['graph', '{}'],
}
PLAYING_VERBS = {
    'why': ['why', '{}', 'a'],
    'test': ['test', '{}'],
    'sweep': ['sweep', '{}', '--failures', '0'],
    'report': ['report', '{}', '-o', '{out}'],
    'simulate': ['simulate', '{}', '-S'],
    'timing': ['timing', '{}'],
    'export': ['export', '{}', '--as', 'crmsh'],
    'diff': ['diff', '{}', '{}', '--failures', '0'],
}
# These are large: the verbs that simulate begin as `check` does, and would take their time once more.
UNPLAYED = {'a set of 5000', 'sets that cross', 'separate 5000', 'a group of 5000', 'rounds', 'uses in loops'}
CIB_VERBS = {
    'import': ['import', '{}'],
    'simulate': ['simulate', '-x', '{}', '-S'],
    'why': ['why', '{}', 'a'],
    'check': ['check', '{}'],
    'timing': ['timing', '{}'],
    'export': ['export', '{}', '--as', 'pcs'],
    'import --as-test': ['import', '--as-test', '{}'],
}


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # More than is allowed, so that the machine lives on if a bound is missing.
    resource.setrlimit(resource.RLIMIT_DATA, (3 * MEMORY_BYTES, 3 * MEMORY_BYTES))


def answer(picket, words):
    """Status, processor seconds, peak bytes, and what was said."""
    process = subprocess.Popen([picket] + words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, preexec_fn=limits)
    said = process.stderr.read(1 << 16)
    while process.stderr.read(1 << 16):
        pass
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    code = os.waitstatus_to_exitcode(status)
    return code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, said.decode(errors='replace')


def faults(code, seconds, memory, said):
    found = []
    if code < 0 or code == DEFECT:
        found.append(f'ended with {code}')
    if seconds > CPU_S:
        found.append(f'took {seconds:.1f} s')
    if memory > MEMORY_BYTES:
        found.append(f'took {memory >> 20} MiB')
    if code != 0 and not said.strip() and code != 1:
        found.append('said nothing')
    if 'bad_alloc' in said or 'terminate called' in said:
        found.append('said: ' + said.strip()[:80])
    if '\x1b' in said:
        found.append('repeats the bytes of the input to the terminal')
    return found


def main():
    picket = os.path.realpath(sys.argv[1])
    table = '--table' in sys.argv
    wanted = [word for word in sys.argv[2:] if word != '--table']
    failed = done = 0
    with tempfile.TemporaryDirectory() as work:
        cases = []
        for name, content in POLICIES.items():
            verbs = dict(POLICY_VERBS, **({} if name in UNPLAYED else PLAYING_VERBS))
            cases += [(name, content, 'input.picket', verb, words) for verb, words in verbs.items()]
        for name, content in CIBS.items():
            cases += [(name, content, 'input.xml', verb, words) for verb, words in CIB_VERBS.items()]
        special = {'a folder': work, 'zeros': '/dev/zero', 'nothing there': work + '/none', 'null': '/dev/null'}
        for name, path in special.items():
            cases += [(name, None, path, verb, words) for verb, words in POLICY_VERBS.items()]
        fifo = os.path.join(work, 'fifo')
        os.mkfifo(fifo)
        cases += [('a fifo', None, fifo, 'check', ['check', '{}'])]
        for name, content, file, verb, words in cases:
            if wanted and name not in wanted:
                continue
            path = file
            if content is not None:
                path = os.path.join(work, file)
                with open(path, 'wb') as out:
                    out.write(content if isinstance(content, bytes) else content.encode())
            out = os.path.join(work, 'out.' + verb.split()[0])
            code, seconds, memory, said = answer(picket, [w.replace('{out}', out).replace('{}', path) for w in words])
            done += 1
            found = faults(code, seconds, memory, said)
            failed += bool(found)
            if table or found:
                line = said.strip().splitlines()[0][:70] if said.strip() else ''
                print(f'{"FAIL" if found else "ok  "} {name:24} {verb:9} {code:4} {seconds:6.2f} s '
                      f'{memory >> 20:5} MiB  {"; ".join(found) or line}', flush=True)
    print(f'{done} answers, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
