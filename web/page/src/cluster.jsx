// The cluster at one moment, and everything in it that a fault can strike.
import { h, Fragment } from "preact";
import { useState } from "preact/hooks";
import { Menu } from "./menu.jsx";

const kChipsMax = 24;

export function flatten(resources) {
  return resources.flatMap((one) => one.children.length ? [one, ...flatten(one.children)] : [one]);
}

function nodeItems(node, state, links, strike) {
  const n = node.word;
  const items = [];
  const away = state?.away;
  if (away || node.standby) items.push({ text: "bring it back online", act: () => strike(`online ${n}`) });
  if (!away) {
    items.push({ text: "take its power", danger: true, act: () => strike(`kill ${n}`) },
      { text: "cut it off from all others", danger: true, act: () => strike(`isolate ${n}`) });
    if (!node.remote) items.push({ text: "crash its cluster software", danger: true, act: () => strike(`crash ${n}`) });
    items.push({ text: "put it in standby", act: () => strike(`standby ${n}`) },
      { text: "shut it down in good order", act: () => strike(`shutdown ${n}`) },
      { text: "reboot it in good order", act: () => strike(`reboot ${n}`) });
  }
  for (const link of links) items.push({ text: `cut its link ${link.id}`, danger: true, act: () => strike(`cut link ${link.word} of ${n}`) });
  return items;
}

function resourceItems(resource, node, strike, why) {
  const r = resource.word;
  const here = node ? ` on ${node.word}` : "";
  return [
    { text: node ? `why is it on ${node.id}?` : "why is it where it is?", act: () => why(resource.id) },
    { text: "fails: its monitor says", form: 3, value: "1", danger: true, act: (rc) => strike(`fail ${r}${here} rc=${rc}`) },
    { text: "its next start fails", danger: true, act: () => strike(`fail ${r} start`) },
    { text: "its next stop fails" + (node ? " here" : ""), danger: true, act: () => strike(`fail ${r} stop${here}`) },
    { text: "hangs: every operation runs into its timeout", danger: true, act: () => strike(`hang ${r}`) },
    { text: "works again", act: () => strike(`repair ${r}`) },
    { text: "move it away from here", act: () => strike(`move ${r}`) },
    { text: "disable it", act: () => strike(`disable ${r}`) },
    { text: "enable it", act: () => strike(`enable ${r}`) },
    { text: "clean up its failures", act: () => strike(`cleanup ${r}`) },
  ];
}

function deviceItems(device, strike, why) {
  const d = device.word;
  return [
    { text: "refuses to fence", danger: true, act: () => strike(`fail ${d} fencing rc=1`) },
    { text: "hangs", danger: true, act: () => strike(`fail ${d} fencing rc=timeout`) },
    { text: "lies: says that it fenced, and did not", danger: true, act: () => strike(`fail ${d} fencing rc=0`) },
    { text: "works again", act: () => strike(`repair ${d}`) },
    { text: "why is it where it is?", act: () => why(device.id) },
  ];
}

function Chips({ node, resources, all, strike, why }) {
  const [every, setEvery] = useState(false);
  const shown = every ? resources : resources.slice(0, kChipsMax);
  return (
    <ul class="chips">
      {shown.map(({ row, kind }) => {
        const resource = all.get(row) ?? { id: row, word: row };
        return (
          <li key={row}>
            <Menu className={"chip " + kind} label={`${row}, ${kind} on ${node.id}`} title={`${row}: ${kind}`}
              items={() => resourceItems(resource, node, strike, why)}>{row}</Menu>
          </li>
        );
      })}
      {resources.length > shown.length && <li><button type="button" onClick={() => setEvery(true)}>{resources.length - shown.length} more</button></li>}
      {resources.length === 0 && <li class="dim">nothing runs here</li>}
    </ul>
  );
}

export function Cluster({ subject, state, rest, strike, why }) {
  const all = new Map(flatten(subject.resources).map((one) => [one.id, one]));
  const devices = [...all.values()].filter((one) => one.device);
  const isDevice = new Set(devices.map((one) => one.id));
  const facts = new Map((rest?.nodes ?? []).map((node) => [node.id, node]));
  const running = new Set();
  for (const one of state.values()) for (const { row } of one.resources) running.add(row);
  const stopped = [...all.values()].filter((one) => one.kind === "primitive" && !one.device && !running.has(one.id));
  const links = subject.links.filter((link) => link.id);
  return (
    <section class="cluster" aria-labelledby="cluster-title">
      <h2 id="cluster-title">The cluster <span class="dim">— click what is to break</span></h2>
      <div class={"cluster-body" + (subject.nodes.length <= 4 ? " few" : "")}>
      <div class="nodes">
        {subject.nodes.map((node) => {
          const now = state.get(node.id);
          const fact = facts.get(node.id);
          const kind = now?.fencing ? "fencing" : now?.away ? "away" : fact?.standby ? "standby" : "up";
          const word = { fencing: "is being fenced", away: "away", standby: "standby", up: node.remote ? "remote, up" : "up" }[kind];
          return (
            <article key={node.id} class={"node " + kind} aria-label={`node ${node.id}: ${word}`}>
              <header>
                <Menu className="node-name" label={`node ${node.id}`} items={() => nodeItems({ ...node, standby: fact?.standby }, now, links, strike)}>{node.id}</Menu>
                <span class="status">{word}</span>
              </header>
              <Chips node={node} resources={(now?.resources ?? []).filter(({ row }) => !isDevice.has(row))} all={all} strike={strike} why={why} />
            </article>
          );
        })}
      </div>
      <div class="things">
        {stopped.length > 0 && (
          <div class="row"><span class="row-name">stopped</span>
            {stopped.slice(0, kChipsMax).map((one) => (
              <Menu key={one.id} className="chip stopped" label={`${one.id}, stopped`} items={() => resourceItems(one, null, strike, why)}>{one.id}</Menu>
            ))}
            {stopped.length > kChipsMax && <span class="dim">and {stopped.length - kChipsMax} more</span>}
          </div>
        )}
        {devices.length > 0 && (
          <div class="row"><span class="row-name">fence devices</span>
            {devices.slice(0, 64).map((one) => (
              <Menu key={one.id} className="chip device" label={`fence device ${one.id}`} items={() => deviceItems(one, strike, why)}>{one.id}</Menu>
            ))}
          </div>
        )}
        {links.length > 0 && (
          <div class="row"><span class="row-name">links</span>
            {links.map((link) => (
              <Menu key={link.id} className="chip wire" label={`link ${link.id}`} items={() => [
                { text: "cut it for everybody", danger: true, act: () => strike(`cut link ${link.word}`) },
                { text: "heal it", act: () => strike(`heal link ${link.word}`) },
                { text: "heal every cut, partition and isolation", act: () => strike("heal") },
              ]}>{link.id}</Menu>
            ))}
          </div>
        )}
        {subject.tickets.length > 0 && (
          <div class="row"><span class="row-name">tickets</span>
            {subject.tickets.map((ticket) => (
              <Menu key={ticket.id} className="chip ticket" label={`ticket ${ticket.id}`} items={() => [
                { text: "grant it", act: () => strike(`grant ${ticket.word}`) },
                { text: "revoke it", danger: true, act: () => strike(`revoke ${ticket.word}`) },
              ]}>{ticket.id}</Menu>
            ))}
          </div>
        )}
        <Others subject={subject} strike={strike} />
      </div>
      </div>
    </section>
  );
}

function Others({ subject, strike }) {
  const [name, setName] = useState(subject.attributes[0]?.id ?? "pingd");
  const [value, setValue] = useState("0");
  const [node, setNode] = useState(subject.nodes[0]?.word ?? "");
  const [any, setAny] = useState("");
  const quoted = (word, bare = /^[A-Za-z_][\w.-]*$/) => bare.test(word) ? word : JSON.stringify(word).replaceAll("$", "\\$");
  return (
    <Fragment>
      <div class="row"><span class="row-name">time</span>
        {["1min", "10min", "1h"].map((time) => <button key={time} type="button" onClick={() => strike(`advance ${time}`)}>let {time} pass</button>)}
        <button type="button" onClick={() => strike("restart cluster")}>restart the cluster</button>
      </div>
      <form class="row" onSubmit={(event) => { event.preventDefault(); strike(`set ${quoted(name)}=${quoted(value, /^\w+$/)} on ${node}`); }}>
        <span class="row-name">attribute</span>
        <input aria-label="name of the attribute" list="attribute-names" size="10" value={name} onInput={(e) => setName(e.target.value)} /> =
        <input aria-label="value of the attribute" size="5" value={value} onInput={(e) => setValue(e.target.value)} /> on
        <select aria-label="node of the attribute" value={node} onChange={(e) => setNode(e.target.value)}>
          {subject.nodes.map((one) => <option key={one.id} value={one.word}>{one.id}</option>)}
        </select>
        <button type="submit">set</button>
        <datalist id="attribute-names">{subject.attributes.map((one) => <option key={one.id} value={one.id} />)}</datalist>
      </form>
      <form class="row" onSubmit={(event) => { event.preventDefault(); if (any.trim()) strike(any.trim()); setAny(""); }}>
        <span class="row-name">in words</span>
        <input class="any" aria-label="any step of a test" placeholder="partition ha1 from ha2" value={any} onInput={(e) => setAny(e.target.value)} />
        <button type="submit">do it</button>
      </form>
    </Fragment>
  );
}
