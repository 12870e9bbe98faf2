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

CPU_S = 10
MEMORY_BYTES = 1 << 30
DEFECT = 70
HEAD = 'node n1 { id=1 }\nfencing n1: none "hostile"\n'


def names(count, prefix='p'):
    return ', '.join(f'{prefix}{i}' for i in range(count))


def primitives(count):
    return ''.join(f'primitive p{i} ocf:heartbeat:Dummy\n' for i in range(count))


def doubled_list():
    text = 'let a = [x, x, x, x, x, x, x, x, x, x]\n'
    last = 'a'
    for i in range(9):
        text += f'let a{i} = [' + ', '.join(['${' + last + '}'] * 10) + ']\n'
        last = f'a{i}'
    return text


def doubled_text():
    text = 'let a = "' + 'x' * 70 + '"\n'
    last = 'a'
    for i in range(9):
        text += f'let a{i} = "${{{last}}}${{{last}}}"\n'
        last = f'a{i}'
    return text + 'for i in 1..9000 { primitive p${i} ocf:heartbeat:Dummy { fake="${a8}" } }\n'


def chain_of_uses():
    text = ''.join(f'define d{i}(x) {{ use d{i + 1}(x); use d{i + 1}(x) }}\n' for i in range(30))
    return text + 'define d30(x) { let q = 1 }\nuse d0(a)\n'


POLICIES = {
    'empty': b'',
    'nul bytes': b'\0' * 1000,
    'latin1': b'primitive a ocf:heartbeat:Dummy { description "Z\xfcrich" }\n',
    'random bytes': bytes((i * 7919 + i // 13) % 256 for i in range(20000)),
    'half a character': b'primitive \xc3',
    'a long line': 'primitive a ocf:heartbeat:Dummy { fake="' + 'x' * (2 << 20) + '" }\n',
    'too large': '# ' + 'x' * (17 << 20) + '\n',
    'brackets': '(' * 100000,
    'braces': 'if yes { ' * 5000,
    'not': 'location a never where ' + 'not ' * 20000 + 'x == 1\n',
    'parentheses': 'location a never where ' + '(' * 20000 + 'x == 1' + ')' * 20000 + '\n',
    'interpolations': 'let a = "' + '${' * 5000 + '"\n',
    'quotes': '"' * 100001,
    'loops in loops': 'for i in 1..9999 { for j in 1..9999 { let x = 1 } }\n',
    'uses in loops': 'define d(x) { let y = 1 }\nfor i in 1..9999 { for j in 1..9999 { use d(a) } }\n',
    'a chain of uses': chain_of_uses(),
    'a list that doubles': doubled_list(),
    'a text that doubles': doubled_text(),
    'a huge range': 'for i in 1..9223372036854775807 { let x = 1 }\n',
    'overflow': 'let a = ${9223372036854775807 + 1}\n',
    'division by zero': 'let a = ${1 / 0}\nlet b = ${-9223372036854775808 / -1}\n',
    'imports itself': 'import "input.picket"\n',
    'imports a folder': 'import "/"\n',
    'imports zeros': 'import "/dev/zero"\n',
    'uses itself': 'define d(x) { use d(x) }\nuse d(a)\n',
    'instances': HEAD + 'primitive a ocf:heartbeat:Dummy\n'
                 'clone c of a { clone-max=100000000; clone-node-max=100000000 }\n',
    'replicas': HEAD + 'bundle b podman { image=x; replicas=1000000000; replicas-per-host=1000000000 }\n',
    'a set of 5000': HEAD + primitives(5000) + f'order [{names(5000)}]\ncolocation [{names(5000)}]\n',
    'sets that cross': HEAD + primitives(2000) + f'order {{{names(1000)}}} then {{{names(2000)}}}\n',
    'separate 5000': HEAD + primitives(5000) + f'separate [{names(5000)}]\n',
    'a group of 5000': HEAD + primitives(5000) + f'group g of {names(5000)}\n',
    'errors on each line': 'primitve a\n' * 100000,
    'a condition of 20000': HEAD + 'primitive a ocf:heartbeat:Dummy\n'
                            'test "x" { expect ' + ' and '.join(['running a'] * 20000) + ' }\n',
    'escapes of terminals': 'primitive "a\x1b[31m" ocf:heartbeat:Dummy\nprimitve \x1b]0;x\x07\n',
}

CIB = '<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" epoch="1" num_updates="0" admin_epoch="0">' \
      '<configuration><crm_config/><nodes><node id="1" uname="n1"/></nodes><resources>%s</resources>' \
      '<constraints>%s</constraints></configuration><status/></cib>'
A = '<primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>'

CIBS = {
    'empty.xml': b'',
    'not closed': '<cib><configuration>',
    'deep': '<cib><configuration>' + '<a>' * 50000 + '</a>' * 50000 + '</configuration></cib>',
    'entities': '<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><cib>&b;</cib>',
    'no configuration': '<cib/>',
    'another root': '<html><body/></html>',
    'ids twice': CIB % (A + A, ''),
    'names nobody': CIB % (A, '<rsc_order id="o" first="x" then="y"/>'
                              '<rsc_location id="l" rsc="z" node="q" score="5"/>'),
    'waits for itself': CIB % (A, '<rsc_order id="o" first="a" then="a"/>'),
    'a group in itself': CIB % ('<group id="g"><group id="g"/></group>', ''),
    'scores': CIB % (A, '<rsc_location id="l" rsc="a" node="n1" score="99999999999999999999"/>'),
    'crmsh text': b'primitive a ocf:pacemaker:Dummy params ' + b'x=y ' * 20000 + b'\n',
    'crmsh lines': b'order o inf: ( ( ( a b\n' * 5000,
    'crmsh backslashes': b'primitive a ocf:x:y \\\n' * 20000,
}

POLICY_VERBS = {
    'check': ['check', '{}'],
    'compile': ['compile', '{}', '-o', '{out}'],
    'fmt': ['fmt', '--stdout', '{}'],
    'graph': ['graph', '{}'],
}
# Verbs that simulate take what `check` lets through: a few inputs are enough, since the rest ends alike.
PLAYING_VERBS = {
    'why': ['why', '{}', 'p0'],
    'test': ['test', '{}'],
    'sweep': ['sweep', '{}', '--failures', '0'],
    'report': ['report', '{}', '-o', '{out}'],
}
PLAYED = {'empty', 'nul bytes', 'latin1', 'loops in loops', 'a list that doubles', 'too large', 'errors on each line'}
CIB_VERBS = {
    'import': ['import', '{}'],
    'simulate': ['simulate', '-x', '{}', '-S'],
    'why': ['why', '{}', 'a'],
    'check': ['check', '{}'],
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
            verbs = dict(POLICY_VERBS, **(PLAYING_VERBS if name in PLAYED else {}))
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
            out = os.path.join(work, 'out.' + verb)
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
