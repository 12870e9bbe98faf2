"""The links of a lab: bridges in the lab's own network namespace, cables to the nodes, and what is cut.

A node has one interface for each link. What a node may not hear is dropped where its cable leaves the bridge, by the
number of the sender in the source address of the frame: a classic BPF program in `tc`, for that is the one filter
that most kernels bring (nftables, flower and netem are often missing), it stops every protocol with ARP among them,
and it works one way too. The client is the lab's own namespace: it hears everything that is not about nodes.
"""
import subprocess

CLIENT = 254


class NetworkError(Exception):
    pass


def address(node, link):
    """Of a node by its number, or of the client; the network is a /24."""
    return "10.77.%d.%d" % (link, node)


def mac(node, link):
    return "02:70:6b:%02x:00:%02x" % (link, node)


def batch(program, lines, forgiving=False):
    """Several commands of `ip` or `tc` in one process."""
    command = [program] + (["-force"] if forgiving else []) + ["-batch", "-"]
    done = subprocess.run(command, input="\n".join(lines) + "\n", text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode and not forgiving:
        raise NetworkError("%s: %s" % (program, done.stdout.strip()))


class Network:
    def __init__(self, links):
        self.links = range(links)
        self.plugged = set()   # numbers of nodes
        self.deaf = set()      # (sender, receiver): the receiver does not hear the sender
        self.cut = set()       # (node, link): cables that are pulled
        lines = ["link set lo up"]
        for link in self.links:
            lines += ["link add link%d address %s type bridge forward_delay 0 mcast_snooping 0"
                      % (link, mac(CLIENT, link)),
                      "addr add %s/24 brd + dev link%d" % (address(CLIENT, link), link),
                      "link set link%d up" % link]
        batch("ip", lines)
        for link in self.links:
            self._be_impatient("link%d" % link)

    @staticmethod
    def _be_impatient(bridge):
        """The client asks anew for an address at once, instead of once a second: it is there to notice."""
        for name, value in (("retrans_time_ms", 20), ("locktime", 0)):
            with open("/proc/sys/net/ipv4/neigh/%s/%s" % (bridge, name), "w", encoding="ascii") as file:
                file.write(str(value))

    def plug(self, node, pid):
        """Cables into the network namespace of that process."""
        lines = []
        for link in self.links:
            port = self._port(node, link)
            lines += ["link add %s type veth peer name eth%d address %s netns %d" % (port, link, mac(node, link), pid),
                      "link set %s master link%d %s" % (port, link, "down" if (node, link) in self.cut else "up")]
        batch("ip", lines)
        batch("tc", ["qdisc add dev %s clsact" % self._port(node, link) for link in self.links])
        self.plugged.add(node)
        self._filter([node])

    def unplug(self, node):
        self.plugged.discard(node)
        batch("ip", ["link del " + self._port(node, link) for link in self.links], forgiving=True)

    def partition(self, groups):
        """Nodes of different groups do not hear one another; the client hears and is heard by all."""
        self.deaf = {(sender, receiver) for one in groups for other in groups if one is not other
                     for sender in one for receiver in other}
        self._filter(self.plugged)

    def block(self, sender, receiver):
        self.deaf.add((sender, receiver))
        self._filter(self.plugged)

    def isolate(self, pairs):
        """Exactly these pairs of nodes do not hear one another."""
        self.deaf = {pair for one, other in pairs for pair in ((one, other), (other, one))}
        self._filter(self.plugged)

    def pull(self, cables):
        """Exactly these cables, (node, link), are pulled."""
        changed = self.cut ^ set(cables)
        self.cut = set(cables)
        lines = ["link set %s %s" % (self._port(node, link), "down" if (node, link) in self.cut else "up")
                 for node, link in sorted(changed) if node in self.plugged]
        if lines:
            batch("ip", lines)

    def heal(self):
        self.partition([])
        self.pull([])

    def _port(self, node, link):
        return "port%d-%d" % (node, link)

    def _filter(self, nodes):
        lines = []
        for node in nodes:
            program = self._program(sorted(sender for sender, receiver in self.deaf if receiver == node))
            for link in self.links:
                lines.append("filter replace dev %s egress prio 1 handle 1 bpf da bytecode '%s'"
                             % (self._port(node, link), program))
        if lines:
            batch("tc", lines)

    @staticmethod
    def _program(senders):
        """Loads the last byte of the sender's address; drops the frame (2) if it is one of those."""
        code = ["48 0 0 11"]
        for sender in senders:
            code += ["21 0 1 %d" % sender, "6 0 0 2"]
        code.append("6 0 0 4294967295")
        return "%d,%s" % (len(code), ",".join(code))
