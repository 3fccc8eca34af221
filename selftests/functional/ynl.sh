#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Drives the family with the kernel's own YNL client, which knows nothing of
# this project but Documentation/netlink/specs/pmip.yaml.
# Shows: linux/pmip.h: "Documentation/netlink/specs/pmip.yaml is the
# specification; this header follows it name by name."
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
spec=$top/Documentation/netlink/specs/pmip.yaml
ynl=${YNL:-${PMIP_BUILD:-$top/build}/source/linux-source-6.12/tools/net/ynl}
[ -d "$ynl" ] && ynl=$ynl/cli.py
if [ ! -e "$ynl" ]; then
	echo "  skipped: no YNL client: set YNL to tools/net/ynl of a kernel's source"
	exit 4
fi
# Debian's, which has the yaml module, before any other
python=/usr/bin/python3
"$python" -c 'import yaml' 2>/dev/null || { echo "  skipped: no python3-yaml"; exit 4; }

ns=ynl-$$
trap 'ip netns delete $ns 2>/dev/null; wait' EXIT

# One process: the interpreter takes longest to start.
drive() {
	ip netns exec "$ns" "$python" - "$(dirname "$ynl")" "$spec" "$@"
}

ip netns add "$ns" || exit 1
ip -n "$ns" link set lo up
ip -n "$ns" link add acc type veth peer name air
ip -n "$ns" link set acc up
ip -n "$ns" link set air up
ip -n "$ns" link add pmip0 type pmip
ip -n "$ns" link set pmip0 up
ip -n "$ns" address add 2001:db8::1/128 dev lo nodad
drive <<'PYTHON'
import ipaddress
import subprocess
import sys
import time

sys.path.insert(0, sys.argv[1])
from lib import YnlFamily, Netlink, NlError

failed = 0


def check(what, good, seen=''):
    global failed
    print(f'  {"ok" if good else "FAILED"}: {what}', '' if good else seen, flush=True)
    failed += not good


def refused(what, fn, text=''):
    try:
        fn()
        check(what, False, 'was accepted')
    except NlError as e:
        said = (e.nl_msg.extack or {}).get('msg', '')
        check(f'{what} ({said})', text in said and bool(e.nl_msg.extack), e)


def addr(text):
    return ipaddress.IPv6Address(text).packed


CREATE = [Netlink.NLM_F_CREATE, Netlink.NLM_F_EXCL]
ynl = YnlFamily(sys.argv[2], schema='')
ynl.ntf_subscribe('events')
with open('/sys/class/net/acc/ifindex') as f:
    acc = int(f.read())

tunnel = {'id': 5, 'local': addr('2001:db8::1'), 'remote': addr('2001:db8::2'),
          'role': 'mag-to-mag', 'hop-limit': 9, 'flags': ['no-dscp'], 'generation': 3}
ynl.do('tunnel-new', dict(tunnel), list(CREATE))
got = ynl.do('tunnel-get', {'id': 5})
check('tunnel-get answers what tunnel-new said',
      got['remote'] == '2001:db8::2' and got['role'] == 'mag-to-mag' and
      got['state'] == 'up' and got['hop-limit'] == 9 and
      set(got['flags']) == {'no-dscp'} and got['generation'] == 3, got)
check('tunnel-get dumps', [t['id'] for t in ynl.dump('tunnel-get', {})] == [5])
refused('a second tunnel-new with EXCL', lambda: ynl.do('tunnel-new', dict(tunnel), list(CREATE)))
refused('tunnel-new without an id',
        lambda: ynl.do('tunnel-new', {'role': 'mag-to-lma'}, list(CREATE)))

ynl.do('link-new', {'ifindex': acc, 'type': 'access'}, list(CREATE))
link = ynl.dump('link-get', {})
check('link-get dumps', len(link) == 1 and link[0]['name'] == 'acc' and
      link[0]['type'] == 'access' and link[0]['oper'] == 'up', link)

ynl.do('binding-new', {'prefix': addr('2001:db8:1::'), 'prefix-len': 64, 'node': 77,
                       'path': [{'bid': 1, 'kind': 'link', 'ifindex': acc,
                                 'lladdr': bytes.fromhex('020000000101'),
                                 'addr': addr('fe80::ff:fe00:101')},
                                {'bid': 2, 'kind': 'tunnel', 'tunnel': 5}],
                       'generation': 3}, list(CREATE))
binding = ynl.dump('binding-get', {})
check('binding-get dumps both paths in order',
      len(binding) == 1 and binding[0]['prefix'] == '2001:db8:1::' and
      binding[0]['node'] == 77 and
      [p['kind'] for p in binding[0]['path']] == ['link', 'tunnel'] and
      binding[0]['path'][0]['lladdr'] == '02:00:00:00:01:01' and
      binding[0]['path'][0]['addr'] == 'fe80::ff:fe00:101' and
      'addr' not in binding[0]['path'][1], binding)
check('and leaves out what is 0, and of paths that they are up',
      not {'uplink', 'down-packets', 'up-bytes'} & set(binding[0]) and
      not any({'state', 'oper', 'reason'} & set(p) for p in binding[0]['path']), binding)
ynl.do('flow-new', {'node': 77, 'fid': 4, 'priority': 10, 'bid': 1, 'generation': 3,
                    'selector': {'src': addr('2001:db8:2::'), 'src-end': addr('2001:db8:2::ff'),
                                 'dport': 80, 'dport-end': 90}}, list(CREATE))
flow = ynl.dump('flow-get', {})
check('flow-get dumps what flow-new said',
      len(flow) == 1 and (flow[0]['node'], flow[0]['fid'], flow[0]['priority']) == (77, 4, 10) and
      flow[0]['bid'] == [1] and flow[0]['action'] == 'forward' and flow[0]['active'] == 1 and
      flow[0]['selector']['src-end'] == '2001:db8:2::ff' and
      (flow[0]['selector']['dport'], flow[0]['selector']['dport-end']) == (80, 90), flow)
ynl.do('flow-set', {'node': 77, 'fid': 4, 'action': 'drop'})
check('flow-get answers what flow-set said',
      ynl.do('flow-get', {'node': 77, 'fid': 4})['action'] == 'drop')
refused('flow-new of a priority that is taken',
        lambda: ynl.do('flow-new', {'node': 77, 'fid': 5, 'priority': 10, 'bid': 1},
                       list(CREATE)), 'priority')
check('stats-get counts flows', ynl.do('stats-get', {})['flows'] == 1)
ynl.do('flow-del', {'node': 77, 'fid': 4})
heard = {'upstream': 5, 'addr': addr('ff0e::1'),
         'path': {'kind': 'link', 'ifindex': acc, 'lladdr': bytes.fromhex('020000000101')}}
ynl.do('listener-new', {**heard, 'generation': 3}, list(CREATE))
ynl.do('listener-new', {**heard, 'source': addr('2001:db8:2::1'), 'block': 1}, list(CREATE))
listeners = sorted(ynl.dump('listener-get', {}), key=lambda l: l['block'])
check('listener-get dumps what listener-new said',
      [(l['upstream'], l['addr'], l['source'], l['block'], l['generation'], l['packets'])
       for l in listeners] ==
      [(5, 'ff0e::1', '::', 0, 3, 0), (5, 'ff0e::1', '2001:db8:2::1', 1, 0, 0)] and
      listeners[0]['path']['lladdr'] == '02:00:00:00:01:01', listeners)
check('listener-get answers one', ynl.do('listener-get', heard)['generation'] == 3)
groups = sorted(ynl.dump('group-get', {}), key=lambda g: g['source'])
check('group-get dumps both sources',
      [(g['upstream'], g['addr'], g['source'], g['listeners'], g['bytes']) for g in groups] ==
      [(5, 'ff0e::1', '2001:db8:2::1', 1, 0), (5, 'ff0e::1', '::', 1, 0)], groups)
refused('listener-new of a group of the link',
        lambda: ynl.do('listener-new', {**heard, 'addr': addr('ff02::1')}, list(CREATE)), 'scope')
stats = ynl.do('stats-get', {})
check('stats-get counts groups and listeners', (stats['groups'], stats['listeners']) == (2, 2), stats)
ynl.do('listener-del', {**heard, 'source': addr('2001:db8:2::1')})
ynl.do('listener-del', heard)
check('listener-del deletes them', not ynl.dump('group-get', {}))
ynl.do('binding-new', {'item': [{'prefix': addr(f'2001:db8:{n}::'), 'prefix-len': 64,
                                 'path': [{'kind': 'tunnel', 'tunnel': 5}],
                                 'generation': 3} for n in (2, 3, 4)]}, list(CREATE))
check('binding-new of three bindings',
      sorted(b['prefix'] for b in ynl.dump('binding-get', {})) ==
      [f'2001:db8:{n}::' for n in (1, 2, 3, 4)])
refused('an item and something behind it',
        lambda: ynl.do('binding-del', {'item': [{'prefix': addr('2001:db8:3::')}],
                                       'prefix-len': 64}), 'item')
ynl.do('binding-set', {'node': 9, 'path': [{'kind': 'drop'}],
                       'item': [{'prefix': addr('2001:db8:2::'), 'prefix-len': 64},
                                {'prefix': addr('2001:db8:3::'), 'prefix-len': 64, 'node': 8}]})
check('binding-set of two, with what they have in common',
      sorted((b['prefix'], b['node'], b['path'][0]['kind'], len(b['path']))
             for b in ynl.dump('binding-get', {}) if b.get('node') in (8, 9)) ==
      [('2001:db8:2::', 9, 'drop', 1), ('2001:db8:3::', 8, 'drop', 1)])
ynl.do('binding-del', {'prefix-len': 64, 'item': [{'prefix': addr(f'2001:db8:{n}::')}
                                                  for n in (2, 3, 4)]})
check('binding-del of three bindings', len(ynl.dump('binding-get', {})) == 1)
refused('a path that is probed by an address for many',
        lambda: ynl.do('binding-set', {'prefix': addr('2001:db8:1::'), 'prefix-len': 64,
                                       'path': [{'kind': 'link', 'ifindex': acc,
                                                 'lladdr': bytes.fromhex('020000000101'),
                                                 'addr': addr('ff02::1')}]}))
check('path-get dumps', sorted(p['kind'] for p in ynl.dump('path-get', {})) == ['link', 'tunnel'])
stats = ynl.do('stats-get', {})
check('stats-get counts', (stats['tunnels'], stats['links'], stats['bindings']) == (1, 1, 1), stats)

ynl.do('binding-set', {'prefix': addr('2001:db8:1::'), 'prefix-len': 64,
                       'path': [{'bid': 1, 'kind': 'link', 'ifindex': acc,
                                 'lladdr': bytes.fromhex('020000000101')},
                                {'bid': 9, 'kind': 'hold'}]})
binding = ynl.do('binding-get', {'prefix': addr('2001:db8:1::'), 'prefix-len': 64})
check('a path may hold', [p['kind'] for p in binding['path']] == ['link', 'hold'], binding)
ynl.do('hold-set', {'node-packets': 7, 'age-ms': 1500, 'policy': 'head-drop'})
hold = ynl.do('hold-get', {})
check('hold-get answers what hold-set said, and nothing held',
      (hold['node-packets'], hold['age-ms'], hold['policy'], hold['queues'], hold['packets'],
       hold['held'], hold['accepted'], hold['opened']) ==
      (7, 1500, 'head-drop', 0, 0, 0, 0, 0), hold)
check('stats-get has the counters', ynl.do('stats-get', {})['hold']['held'] == 0)
ynl.do('hold-release', {'prefix': addr('2001:db8:1::'), 'prefix-len': 64, 'to': 'forward'})
ynl.do('tunnel-new', {'id': 6, 'local': addr('2001:db8::1'), 'remote': addr('2001:db8::6'),
                      'role': 'lma-to-mag'}, list(CREATE))
ynl.do('binding-set', {'prefix': addr('2001:db8:1::'), 'prefix-len': 64,
                       'return': {'tunnel': 6, 'time-ms': 20000, 'wait-ms': 1000}})
binding = ynl.do('binding-get', {'prefix': addr('2001:db8:1::'), 'prefix-len': 64})
check('binding-get tells what may come back', [r['tunnel'] for r in binding['return']] == [6] and
      0 < binding['return'][0]['time-ms'] <= 20000 and binding['hold']['packets'] == 0, binding)
ynl.do('binding-set', {'prefix': addr('2001:db8:1::'), 'prefix-len': 64, 'return': {'tunnel': 0}})
check('until it may not', 'return' not in ynl.dump('binding-get', {})[0])
ynl.do('tunnel-del', {'id': 6})

before = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
subprocess.check_call(['ip', 'link', 'set', 'air', 'down'])
for _ in range(30):
    ynl.check_ntf()
    if ynl.async_msg_queue:
        break
    time.sleep(0.1)
events = [m['msg'] for m in ynl.async_msg_queue if m['name'] == 'event']
check('one event for the loss of carrier', len(events) == 1, events)
for e in events[:1]:
    check('it names link, state, reason and time',
          e['type'] == 'link' and e['ifindex'] == acc and e['state'] == 'down' and
          e['reason'] == 'carrier' and e['time-ns'] >= before, e)
path = [p for p in ynl.dump('path-get', {}) if p['kind'] == 'link']
check('path-get says why: its link has no carrier',
      [(p['state'], p['oper'], p['reason']) for p in path] == [('up', 'down', 'carrier')], path)
# The client takes an event for the answer: a socket that hears of none
ynl = YnlFamily(sys.argv[2], schema='')
ynl.do('path-set', {'ifindex': acc, 'lladdr': bytes.fromhex('020000000101'), 'state': 'down'})
path = [p for p in ynl.dump('path-get', {}) if p['kind'] == 'link']
check('a path set down says that',
      [(p['state'], p['oper'], p['reason']) for p in path] == [('down', 'down', 'operator')], path)

ynl.do('purge', {'generation': 9})
stats = ynl.do('stats-get', {})
check('purge leaves nothing of an older generation',
      (stats['tunnels'], stats['links'], stats['bindings']) == (0, 0, 0), stats)
check('stats-get remembers the latest generation', stats['generation'] == 3, stats)
sys.exit(failed != 0)
PYTHON
