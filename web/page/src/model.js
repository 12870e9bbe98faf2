// What a history looks like: pure functions from the engine's answers to what is drawn and written.

// Operations that a `during` of a test can name.
const kTellable = new Set(["start", "stop", "promote", "demote", "migrate_to", "migrate_from"]);

// Bars and marks of one history. Where it begins, `rests[0]` says what runs; from there on the story does.
// `resumes`: the cluster was never started, it goes on from a state; then nothing is drawn of how it came to rest.
export function lanesOf(history, nodes, resumes = false) {
  const hasSteps = resumes || history.rests.length > 1 || history.begins > 0;
  const begin_ms = hasSteps ? history.rests[0]?.time_ms ?? 0 : 0;
  const lanes = new Map(nodes.map((node) => [node.id, { node: node.id, bars: [], away: [], marks: [], open: new Map(), since: null }]));
  const laneOf = (name) => {
    if (!lanes.has(name)) lanes.set(name, { node: name, bars: [], away: [], marks: [], open: new Map(), since: begin_ms });
    return lanes.get(name);
  };
  const turn = (name, row, time_ms, kind, event) => {
    const lane = laneOf(name);
    const known = lane.open.get(row);
    if (known) lane.bars.push({ row, from_ms: known.from_ms, to_ms: time_ms, kind: known.kind, moment: known.moment });
    lane.open.delete(row);
    if (kind) lane.open.set(row, { from_ms: time_ms, kind, moment: event });
  };
  const closeAll = (lane, time_ms) => {
    for (const row of [...lane.open.keys()]) turn(lane.node, row, time_ms, null);
  };
  const gone = (name, time_ms) => {
    const lane = laneOf(name);
    closeAll(lane, time_ms);
    lane.since ??= time_ms;
  };
  const start = history.story[0]?.kind === "starts" && !hasSteps ? null : history.rests[0];
  if (start) {
    for (const node of start.nodes) {
      const lane = laneOf(node.id);
      lane.since = node.power && node.cluster ? null : begin_ms;
      for (const one of node.resources) {
        const kind = one.role === "promoted" ? "promoted" : "running";
        if (one.role !== "stopped") lane.open.set(one.resource, { from_ms: begin_ms, kind });
      }
    }
  } else {
    for (const lane of lanes.values()) lane.since = 0;
  }
  const faults = [];
  const moments = [];  // at which the next fault may strike: beginnings of operations
  const fencing = new Map();
  const end_ms = Math.max(history.end_ms, history.story.at(-1)?.time_ms ?? 0, history.story.at(-1)?.t ?? 0);
  for (const event of history.story.slice(resumes && history.rests.length < 2 && !history.begins ? history.story.length : start ? history.begins : 0)) {
    const row = event.resource ?? event.instance ?? "";
    switch (event.kind) {
      case "fault":
        faults.push({ t: event.t, text: event.text });
        break;
      case "dies":
      case "leaves":
        gone(event.node, event.t);
        break;
      case "lost":
        laneOf(event.node).marks.push({ t: event.t, kind: "lost", text: event.node + " is lost" });
        break;
      case "fencing":
        fencing.set(event.node, event.t);
        moments.push({ t: event.t, text: "fencing of " + event.node, operation: "fencing", subject: event.node });
        break;
      case "fenced":
        laneOf(event.node).bars.push({ row: "", from_ms: fencing.get(event.node) ?? event.t, to_ms: event.t, kind: "fencing" });
        gone(event.node, event.t);
        laneOf(event.node).marks.push({ t: event.t, kind: "fenced", text: event.node + " is fenced" + (event.device ? " by " + event.device : "") });
        break;
      case "fence_fails":
        laneOf(event.node).marks.push({ t: event.t, kind: "failure", text: "fencing of " + event.node + " fails" + (event.device ? ": " + event.device : "") });
        break;
      case "joins": {
        const lane = laneOf(event.node);
        if (lane.since !== null && event.t > lane.since) lane.away.push({ from_ms: lane.since, to_ms: event.t });
        lane.since = null;
        break;
      }
      case "begins": {
        const moment = { t: event.t, text: `${event.operation} of ${row} on ${event.node}`, operation: event.operation, subject: row, node: event.node };
        if (!event.device && kTellable.has(event.operation)) moments.push(moment);
        if (event.operation === "start" || event.operation === "migrate_from") turn(event.node, row, event.t, "starting", moment);
        if (event.operation === "stop" && laneOf(event.node).open.has(row)) turn(event.node, row, event.t, "stopping", moment);
        break;
      }
      case "done":
        if (["start", "migrate_from", "demote"].includes(event.operation)) turn(event.node, row, event.t, "running");
        if (event.operation === "promote") turn(event.node, row, event.t, "promoted");
        if (event.operation === "stop") turn(event.node, row, event.t, null);
        break;
      case "fails":
      case "noticed":
        if (event.operation === "start") turn(event.node, row, event.t, null);
        laneOf(event.node).marks.push({ t: event.t, row, kind: "failure", text: `${event.operation} of ${row} ` + (event.timed_out ? "times out" : "fails with " + (event.rc ?? 0)) });
        break;
      case "service_fails":
        laneOf(event.node).marks.push({ t: event.t, row, kind: "failure", text: row + " stops serving" });
        break;
    }
  }
  for (const lane of lanes.values()) {
    closeAll(lane, end_ms);
    if (lane.since !== null) lane.away.push({ from_ms: lane.since, to_ms: end_ms });
    delete lane.open;
  }
  return { begin_ms, end_ms, lanes: [...lanes.values()], faults, moments };
}

// Milliseconds to pixels. To scale; or with long pauses drawn short, which the axis shows as breaks.
export function scaleOf(picture, width, shorten) {
  const { begin_ms, end_ms } = picture;
  const span = Math.max(end_ms - begin_ms, 1000);
  if (!shorten) {
    const x = (t) => ((t - begin_ms) / span) * width;
    return { x, back: (px) => begin_ms + (px / width) * span, breaks: [], ticks: ticksOf(begin_ms, begin_ms + span) };
  }
  const kGap_ms = 6000;
  const times = new Set([begin_ms, end_ms]);
  for (const lane of picture.lanes) {
    for (const bar of [...lane.bars, ...lane.away]) times.add(bar.from_ms), times.add(bar.to_ms);
    for (const mark of lane.marks) times.add(mark.t);
  }
  for (const fault of picture.faults) times.add(fault.t);
  const sorted = [...times].sort((a, b) => a - b);
  const places = [0];
  const breaks = [];
  for (let i = 1; i < sorted.length; i++) {
    const gap = sorted[i] - sorted[i - 1];
    if (gap > kGap_ms) breaks.push((sorted[i] + sorted[i - 1]) / 2);
    places.push(places[i - 1] + Math.min(gap, kGap_ms));
  }
  const factor = width / (places.at(-1) || 1);
  const x = (t) => {
    let i = sorted.findIndex((known) => known >= t);
    if (i < 0) return width;
    if (i === 0) return 0;
    const part = (t - sorted[i - 1]) / (sorted[i] - sorted[i - 1]);
    return (places[i - 1] + part * (places[i] - places[i - 1])) * factor;
  };
  const back = (px) => {
    const at = px / factor;
    let i = places.findIndex((known) => known >= at);
    if (i < 0) return end_ms;
    if (i === 0) return begin_ms;
    return sorted[i - 1] + ((at - places[i - 1]) / (places[i] - places[i - 1] || 1)) * (sorted[i] - sorted[i - 1]);
  };
  const ticks = [];
  for (const t of sorted) if (!ticks.length || x(t) - x(ticks.at(-1)) > 60) ticks.push(t);
  return { x, back, breaks, ticks };
}

function ticksOf(from_ms, to_ms) {
  const span = to_ms - from_ms;
  const step = [1000, 2000, 5000, 10000, 20000, 30000, 60000, 120000, 300000, 600000, 1800000, 3600000].find((s) => span / s <= 10) ?? span / 10;
  const ticks = [];
  for (let t = 0; t <= span; t += step) ticks.push(from_ms + t);
  return ticks;
}

export function seconds(ms) {
  if (ms >= 600000) return (ms / 60000).toFixed(0) + " min";
  return (ms / 1000).toFixed(ms % 1000 === 0 || ms >= 100000 ? 0 : 1) + " s";
}

// What runs where at a moment: node -> {away, resources: [{row, kind}]}.
export function stateAt(picture, t) {
  const state = new Map();
  for (const lane of picture.lanes) {
    const within = (part) => part.from_ms <= t && (t < part.to_ms || (t >= picture.end_ms && part.to_ms >= picture.end_ms));
    state.set(lane.node, {
      away: lane.away.some(within),
      fencing: lane.bars.some((bar) => bar.kind === "fencing" && within(bar)),
      // Where one bar ends and the next begins, the next one counts.
      resources: [...new Map(lane.bars.filter((bar) => bar.row && within(bar)).sort((a, b) => a.from_ms - b.from_ms).map((bar) => [bar.row, { row: bar.row, kind: bar.kind }])).values()],
    });
  }
  return state;
}

export function downtimeOf(service, end_ms) {
  let down_ms = 0;
  let forGood = false;
  for (const outage of service.outages) {
    if (outage.to_ms === null) forGood = true;
    down_ms += (outage.to_ms ?? end_ms) - outage.from_ms;
  }
  return { down_ms, forGood };
}

// Which beginning of an operation a fault in the middle is tied to: the last one at or before that moment, of those
// that the latest fault before it has led to and that began for the first time since.
export function momentBefore(picture, t) {
  const last = picture.faults.at(-1)?.t ?? picture.begin_ms;
  const seen = new Set();
  let found = null;
  for (const moment of picture.moments) {
    if (moment.t < last || moment.t > t) continue;
    if (seen.has(moment.text)) continue;
    seen.add(moment.text);
    found = moment;
  }
  return found;
}

export function momentWords(moment, wordOf) {
  return moment.operation === "fencing" ? `fencing of ${wordOf(moment.subject)}`
    : `${moment.operation} of ${wordOf(moment.subject)} on ${wordOf(moment.node)}`;
}

// A step as a crm_simulate option, where there is one: one transition each, without time.
export function crmSimulate(step, file) {
  const rule = (expression, make) => {
    const found = step.match(expression);
    return found && make(...found.slice(1));
  };
  const name = `("[^"]*"|[\\w.-]+)`;
  const bare = (word) => shell(word.replace(/^"|"$/g, ""));
  const options =
    rule(new RegExp(`^kill ${name}$`), (n) => `--node-fail=${bare(n)}`) ??
    rule(new RegExp(`^isolate ${name}$`), (n) => `--node-fail=${bare(n)}`) ??
    rule(new RegExp(`^shutdown ${name}$`), (n) => `--node-down=${bare(n)}`) ??
    rule(new RegExp(`^leave ${name}$`), (n) => `--node-down=${bare(n)}`) ??
    rule(new RegExp(`^online ${name}$`), (n) => `--node-up=${bare(n)}`) ??
    rule(new RegExp(`^grant ${name}$`), (n) => `--ticket-grant=${bare(n)}`) ??
    rule(new RegExp(`^revoke ${name}$`), (n) => `--ticket-revoke=${bare(n)}`) ??
    rule(new RegExp(`^fail ${name} on ${name}(?: rc=(\\d+))?$`), (r, n, rc) => `--op-inject=${bare(r)}_monitor_0@${bare(n)}=${rc ?? 1}`);
  if (!options) return `# crm_simulate has no word for: ${step.replace(/\s+/g, " ")}`;
  return `crm_simulate --simulate --xml-file ${shell(file)} --save-output ${shell(file)} ${options}`;
}

function shell(word) {
  return /^[\w.\/-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
}

// The tree of histories: steps that were tried, from the cluster at rest.
export function newTree(paths = []) {
  const tree = { nodes: [{ id: 0, parent: null, step: null }], at: 0 };
  for (const path of paths) tree.at = addPath(tree, 0, path);
  return tree;
}
export function addPath(tree, from, steps) {
  let at = from;
  for (const step of steps) {
    const known = tree.nodes.find((node) => node.parent === at && node.step === step);
    if (known) {
      at = known.id;
    } else {
      tree.nodes.push({ id: tree.nodes.length, parent: at, step });
      at = tree.nodes.length - 1;
    }
  }
  return at;
}
export function pathTo(tree, id) {
  const steps = [];
  for (let at = id; at > 0; at = tree.nodes[at].parent) steps.unshift(tree.nodes[at].step);
  return steps;
}

// The tree in the part of an address behind `#`: for whoever gets the same page.
export function toFragment(tree) {
  return "#h=" + encodeURIComponent(JSON.stringify({ n: tree.nodes.slice(1).map((node) => [node.parent, node.step]), at: tree.at }));
}
export function fromFragment(text) {
  const tree = newTree();
  try {
    const { n, at } = JSON.parse(decodeURIComponent(text.replace(/^#h=/, "")));
    for (const [parent, step] of n.slice(0, 500)) {
      if (!(parent in tree.nodes) || typeof step !== "string" || step.length > 500) return newTree();
      tree.nodes.push({ id: tree.nodes.length, parent, step });
    }
    tree.at = at in tree.nodes ? at : 0;
  } catch {
    return newTree();
  }
  return tree;
}

// Where two policies end differently under the same steps.
export function differences(a, b) {
  const found = [];
  const placesOf = (history) => {
    const places = new Map();
    for (const node of history.rests.at(-1)?.nodes ?? []) {
      for (const one of node.resources) {
        if (one.role === "stopped") continue;
        const where = node.id + (one.role === "promoted" ? " (promoted)" : "");
        places.set(one.resource, [...(places.get(one.resource) ?? []), where]);
      }
    }
    return places;
  };
  const [before, after] = [placesOf(a), placesOf(b)];
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [x, y] = [before, after].map((places) => (places.get(id) ?? ["nowhere"]).sort().join(", "));
    if (x !== y) found.push({ what: id + " runs on", before: x, after: y, id });
  }
  for (const service of a.services) {
    const other = b.services.find((one) => one.id === service.id);
    if (!other) continue;
    const [x, y] = [[service, a], [other, b]].map(([one, history]) => {
      const { down_ms, forGood } = downtimeOf(one, history.end_ms);
      return forGood ? "down at the end" : seconds(down_ms);
    });
    if (x !== y) found.push({ what: "outage of " + service.id, before: x, after: y, id: service.id });
  }
  const fencedIn = (history) => history.story.filter((e) => e.kind === "fenced").map((e) => e.node).sort().join(", ") || "nobody";
  if (fencedIn(a) !== fencedIn(b)) found.push({ what: "fenced", before: fencedIn(a), after: fencedIn(b) });
  return found;
}

// The story in lines.
export function tellEvent(event) {
  const row = event.instance ?? event.resource;
  switch (event.kind) {
    case "starts": return "the cluster starts";
    case "fault": return event.text;
    case "dies": return event.node + " loses its power";
    case "lost": return event.node + " is lost: the others notice";
    case "leaves": return event.node + " leaves";
    case "joins": return event.node + " joins";
    case "quorum": return "quorum is " + event.text;
    case "begins": return `${event.operation} of ${row} begins on ${event.node}`;
    case "done": return `${event.operation} of ${row} is done on ${event.node}`;
    case "fails": return `${event.operation} of ${row} ` + (event.timed_out ? "times out" : "fails with " + (event.rc ?? 0)) + ` on ${event.node}`;
    case "action_lost": return `${event.operation} of ${row} is lost with ${event.node}`;
    case "fencing": return `fencing of ${event.node} begins`;
    case "fence_call": return `${event.device ?? "a device"} is asked to fence ${event.node}` + (event.rc ? ", and says no" : "");
    case "fenced": return `${event.node} is fenced` + (event.device ? ` by ${event.device}` : "");
    case "fence_fails": return `fencing of ${event.node} fails` + (event.device ? ` (${event.device})` : "");
    case "service_fails": return `${row} stops serving on ${event.node}; nobody has noticed yet`;
    case "noticed": return `the monitor of ${row} on ${event.node} ` + (event.timed_out ? "times out" : "finds it failed");
    default: return event.text ?? event.kind;
  }
}
