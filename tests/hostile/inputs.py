"""The hostile inputs: what a careless, a broken and a hostile hand may give to a verb. All are generated."""
import bz2
import gzip
import random

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

# A policy with a little of everything, to be cut and to be scratched.
WHOLE = '''cluster c { link lan }
node n1 { id=1; link lan 192.0.2.1 }
node n2 { id=2; link lan 192.0.2.2 }
fencing n1: none "hostile"
fencing n2: none "hostile"
let where = "n1"
property no-quorum-policy=stop
primitive a ocf:heartbeat:IPaddr2 { ip=192.0.2.50; op monitor interval=10s timeout=20s; meta migration-threshold=3 }
primitive b ocf:pacemaker:Stateful {
  op monitor interval=10s timeout=20s role=promoted
  op monitor interval=11s timeout=20s role=unpromoted
}
promotable b-ms of b { notify=yes }
primitive d ocf:heartbeat:Dummy
group g of a, d { resource-stickiness=100 }
depend g on promoted b-ms
location g prefers ${where} score=50
location g never where defined(maintenance) and integer(load) > 5
ticket t: site grants g on-loss=stop
test "one" { given running g on n1; kill n1; expect running g on n2 and downtime(g) < 90s }
invariant "never twice" { over failures 1; count(running a) <= 1 }
'''


DUMMY = HEAD + 'primitive a ocf:heartbeat:Dummy\n'


def cut(text, parts):
    """The text, ended in so many places."""
    data = text.encode() if isinstance(text, str) else text
    return {f'cut {i} of {parts}': data[:len(data) * i // parts] for i in range(1, parts)}


def scratched(text, count, seed):
    """The text with a few bytes changed, removed or doubled."""
    data = text.encode() if isinstance(text, str) else text
    made = {}
    for number in range(count):
        rng = random.Random(seed + number)
        now = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(now))
            what = rng.randrange(4)
            if what == 0:
                now[at] = rng.randrange(256)
            elif what == 1:
                del now[at:at + rng.randint(1, 40)]
            elif what == 2:
                now[at:at] = now[at:at + rng.randint(1, 200)]
            else:
                now[at:at] = rng.choice([b'{', b'}', b'"', b'(', b'${', b'\0', b'<', b'&', b'-1', b'9' * 40, b'\xff'])
        made[f'scratched {number}'] = bytes(now)
    return made


def enormous_names():
    name = 'x' * 200000
    return {f'an enormous {what}': HEAD + text.replace('X', name) for what, text in {
        'node': 'node X { id=2 }\n', 'primitive': 'primitive X ocf:heartbeat:Dummy\n',
        'agent': 'primitive a ocf:heartbeat:X\n', 'parameter': 'primitive a ocf:heartbeat:Dummy { X=1 }\n',
        'number': 'primitive a ocf:heartbeat:Dummy { fake=' + '9' * 200000 + ' }\n',
        'duration': 'primitive a ocf:heartbeat:Dummy { op monitor interval=' + '9' * 2000 + 'h }\n',
        'score': 'primitive a ocf:heartbeat:Dummy\nlocation a prefers n1 score=' + '9' * 200000 + '\n',
        'tag': 'primitive a ocf:heartbeat:Dummy\ntag X of a\n', 'ticket': 'ticket t: X grants a\n',
        'property': 'property X=1\n', 'test': 'primitive a ocf:heartbeat:Dummy\ntest "X" { expect running a }\n',
        'date': 'primitive a ocf:heartbeat:Dummy\nlocation a never where date > "X"\n'}.items()}


POLICIES.update(cut(WHOLE, 20))
POLICIES.update(scratched(WHOLE, 30, 100))
POLICIES.update(enormous_names())
POLICIES.update({
    'crlf': WHOLE.replace('\n', '\r\n'),
    'old mac': WHOLE.replace('\n', '\r'),
    'a byte order mark': b'\xef\xbb\xbf' + WHOLE.encode(),
    'utf-16': WHOLE.encode('utf-16'),
    'overlong': b'primitive a\xc0\xaf ocf:heartbeat:Dummy\n',
    'a lone surrogate': b'primitive a\xed\xa0\x80 ocf:heartbeat:Dummy\n',
    'from right to left': 'primitive "a\u202eb" ocf:heartbeat:Dummy\n',
    'a name of nothing': 'primitive "" ocf:heartbeat:Dummy\ngroup "" of ""\n',
    'a name that is a path': 'primitive "../../etc/passwd" ocf:heartbeat:Dummy\nnode "../x" { id=2 }\n',
    'blank lines': '\n' * 1000000,
    'semicolons': ';' * 500000,
    'comments': '# x\n' * 500000,
    'one statement twice': WHOLE * 2,
    'members of each other': HEAD + 'group g of h\ngroup h of g\nclone c of c\n',
    'templates of each other': HEAD + 'template t from u\ntemplate u from t\nprimitive a from t\n',
    'ids out of range': 'node n1 { id=4294967296 }\nnode n2 { id=-1 }\nnode n3 { id=0 }\n',
    'times out of range': HEAD + 'primitive a ocf:heartbeat:Dummy {\n'
                          '  op monitor interval=-5s timeout=1e9s start-delay=99999999h\n}\n',
    'rounds': HEAD + 'for i in 1..100000 { primitive p${i} ocf:heartbeat:Dummy }\n',
    'a test that never ends': DUMMY + 'test "x" { ' + 'fail a\n' * 3000 + 'expect running a }\n',
    'years': HEAD + 'primitive a ocf:heartbeat:Dummy { op monitor interval=10s }\n'
             'test "x" { advance 99999h; expect running a }\n',
    'deploys itself': DUMMY + 'test "x" { deploy "input.picket"; expect running a }\n',
    'deploys zeros': DUMMY + 'test "x" { deploy "/dev/zero"; expect running a }\n',
    'deletes everything': DUMMY + 'test "x" { delete a; delete a; expect stopped a }\n',
})

HISTORY = '''<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" epoch="1" num_updates="0" admin_epoch="0"
 have-quorum="1"><configuration><crm_config/>
<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
<resources>''' + A + '''<clone id="c"><primitive id="b" class="ocf" provider="pacemaker" type="Dummy">
<operations><op id="m" name="monitor" interval="10s"/></operations></primitive></clone></resources>
<constraints/></configuration><status>
<node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="1"><lrm_resources>
<lrm_resource id="a" class="ocf" provider="pacemaker" type="Dummy"><lrm_rsc_op id="a_last_0" operation="start"
 operation_key="a_start_0" call-id="5" rc-code="0" op-status="0" interval="0" transition-key="1:1:0:x"
 transition-magic="0:0;1:1:0:x"/></lrm_resource></lrm_resources></lrm></node_state></status></cib>'''
CLONE_OF_1E9 = '''<clone id="c"><meta_attributes id="x"><nvpair id="y" name="clone-max" value="1000000000"/>
<nvpair id="z" name="clone-node-max" value="1000000000"/></meta_attributes>'''
SET_OF_ITSELF = '''<rsc_order id="o"><resource_set id-ref="s"/><resource_set id="s" id-ref="s"/></rsc_order>'''
TAG_OF_ITSELF = '''<tags><tag id="t"><obj_ref id="t"/></tag></tags></configuration>'''


def rules(depth):
    inner = '<expression id="e" attribute="x" operation="defined"/>'
    for i in range(depth):
        inner = f'<rule id="r{i}" score="1">{inner}</rule>'
    return f'<rsc_location id="l" rsc="a">{inner}</rsc_location>'


CIBS.update({name + ' (CIB)': data for name, data in {**cut(HISTORY, 15), **scratched(HISTORY, 30, 500)}.items()})
CIBS.update({
    'laughs': '<!DOCTYPE c [<!ENTITY a0 "ha">' + ''.join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)) + ']><cib>&a11;</cib>',
    'an outside entity': '<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><cib>&x;</cib>',
    'attributes': '<cib ' + ' '.join(f'a{i}="1"' for i in range(50000)) + '/>',
    'one attribute of 8 MiB': '<cib epoch="' + '9' * (8 << 20) + '"/>',
    'nested rules': CIB % (A, rules(20000)),
    'a clone of 1e9': HISTORY.replace('<clone id="c">', CLONE_OF_1E9),
    'a bundle of 1e9': CIB % ('<bundle id="b"><podman image="i" replicas="1000000000"/></bundle>', ''),
    'a template of itself': CIB % ('<template id="t" template="t"/><primitive id="a" template="t"/>', ''),
    'a set of itself': CIB % (A, SET_OF_ITSELF),
    'a tag of itself': (CIB % (A, '')).replace('</configuration>', TAG_OF_ITSELF),
    'nodes without names': HISTORY.replace('uname="n1"', '').replace('id="1"', ''),
    'a history of 5000': HISTORY.replace('</lrm_resource>', ''.join(
        f'<lrm_rsc_op id="a_{i}" operation_key="a_monitor_{i}" operation="monitor" call-id="{i}" '
        f'rc-code="{i % 200}" op-status="0" interval="{i}" transition-magic="0:0;1:1:0:x"/>'
        for i in range(5000)) + '</lrm_resource>'),
    'numbers': HISTORY.replace('"5"', '"-99999999999999999999"').replace('"10s"', '"-P99999999Y"')
                      .replace('rc-code="0"', 'rc-code="x"'),
    'a false encoding': '<?xml version="1.0" encoding="EBCDIC-FR"?>' + HISTORY,
    'utf-16 (CIB)': ('<?xml version="1.0" encoding="utf-16"?>' + HISTORY).encode('utf-16'),
    'controls in names': CIB % (A.replace('"a"', '"a&#27;[31m&#10;b"'), ''),
    'two roots': HISTORY + HISTORY,
    'a packed bomb': gzip.compress(b' ' * (200 << 20), 9),
    'packed, and cut': gzip.compress(HISTORY.encode())[:-9],
    'packed twice': bz2.compress(gzip.compress(HISTORY.encode())),
    'bzip2 that is none': b'BZh9' + b'\xff' * 1000,
    'an archive that is none': gzip.compress(b'../../etc/passwd' + b'\0' * 2000),
    'pcs text': 'pcs resource create a ocf:pacemaker:Dummy ' + 'op monitor ' * 20000 + '\n',
    'pcs lines': 'pcs constraint order a then b \\\n' * 20000,
    'pcs that takes away': 'pcs resource create a ocf:pacemaker:Dummy\n' + 'pcs resource delete a\n' * 5000,
    'crmsh brackets': 'colocation c inf: ' + '( ' * 20000 + '\n',
    'crmsh rules': 'location l a rule inf: ' + 'defined x and ' * 5000 + '\n',
    'crmsh names': 'primitive "a\x1b[31m" ocf:pacemaker:Dummy\ngroup g ' + 'a ' * 50000 + '\n',
})
