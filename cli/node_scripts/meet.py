# Whether UDP arrives: every node sends to every other on every link, and tells whom it has heard.
# PLAN: {"me": name, "links": [{"number", "mine", "port", "mtu", "peers": {name: address}}], "limit_s"}
import json
import select
import socket
import time

plan = json.loads(PLAN)
heard, told, open_links = set(), set(), {}   # (link, peer, large)
for link in plan["links"]:
    family = socket.AF_INET6 if ":" in link["mine"] else socket.AF_INET
    try:
        udp = socket.socket(family, socket.SOCK_DGRAM)
        if family == socket.AF_INET:
            udp.setsockopt(socket.IPPROTO_IP, 10, 2)   # Never in pieces.
        udp.bind((link["mine"], link["port"]))
        open_links[udp] = link
    except OSError as error:
        print("closed\t%d\t%s" % (link["number"], error.strerror))
wanted = {(link["number"], peer) for link in open_links.values() for peer in link["peers"]}
end = time.monotonic() + plan["limit_s"]
linger = None
next_send = 0.0
while time.monotonic() < end and (linger is None or time.monotonic() < linger):
    if time.monotonic() >= next_send:
        next_send = time.monotonic() + 0.1
        for udp, link in open_links.items():
            for peer, address in link["peers"].items():
                knows = (link["number"], peer) in {(number, name) for number, name, _ in heard}
                words = json.dumps({"picket": plan["me"], "link": link["number"], "knows": knows}).encode()
                overhead = 48 if ":" in address else 28
                for size in (0, link["mtu"] - overhead):
                    try:
                        udp.sendto(words.ljust(size), (address, link["port"]))
                    except OSError:
                        pass
    ready, _, _ = select.select(list(open_links), [], [], 0.05)
    for udp in ready:
        try:
            packet, _ = udp.recvfrom(65536)
            said = json.loads(packet)
            link = open_links[udp]
            if said.get("picket") not in link["peers"] or said.get("link") != link["number"]:
                continue
            heard.add((link["number"], said["picket"], len(packet) > 600))
            if said.get("knows"):
                told.add((link["number"], said["picket"]))
        except (OSError, ValueError, AttributeError, TypeError, RecursionError):
            pass
    everyone = {(number, peer, large) for number, peer in wanted for large in (False, True)}
    if linger is None and everyone <= heard and wanted <= told:
        linger = time.monotonic() + 0.5
for link in open_links.values():
    for peer in link["peers"]:
        for large in (False, True):
            said = "heard" if (link["number"], peer, large) in heard else "silent"
            print("%s\t%d\t%s\t%s" % (said, link["number"], peer, "large" if large else "small"))
print("end")
