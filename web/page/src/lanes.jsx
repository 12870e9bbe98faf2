// Time from left to right: services and their outages, then nodes and what runs on them. A table says the same.
import { h, Fragment } from "preact";
import { useMemo, useState } from "preact/hooks";
import { downtimeOf, scaleOf, seconds } from "./model.js";

const kGutter = 150, kWidth = 1180, kRow = 18, kHead = 24;
const kRowsMax = 70;

function layout(picture, services, hidden, opened) {
  const rowsOf = (lane) => [...new Set(lane.bars.map((bar) => bar.row))].filter((row) => row && !hidden.has(row));
  const total = picture.lanes.reduce((sum, lane) => sum + rowsOf(lane).length, 0);
  let y = 34;
  const placed = { services: [], nodes: [], total };
  const shownServices = services.length > 30 ? services.filter((one) => one.outages.length > 0).slice(0, 60) : services;
  for (const service of shownServices) {
    placed.services.push({ service, y });
    y += kRow;
  }
  placed.left_out = services.length - shownServices.length;
  y += 8;
  for (const lane of picture.lanes) {
    const open = opened.get(lane.node) ?? total <= kRowsMax;
    const rows = open ? rowsOf(lane) : [];
    placed.nodes.push({ lane, y, open, rows, count: rowsOf(lane).length, height: kHead + rows.length * kRow });
    y += kHead + rows.length * kRow + 5;
  }
  placed.height = y + 4;
  return placed;
}

export function Lanes({ title, picture, history, devices, t, setT, chosen, choose, shorten }) {
  const [opened, setOpened] = useState(new Map());
  const placed = useMemo(() => layout(picture, history.services, devices, opened), [picture, opened]);
  const width = kWidth - kGutter - 12;
  const scale = useMemo(() => scaleOf(picture, width, shorten), [picture, shorten]);
  const x = (time) => kGutter + scale.x(Math.max(picture.begin_ms, Math.min(time, picture.end_ms)));
  const zero = picture.faults[0]?.t ?? picture.begin_ms;
  const told = (time) => (time < zero ? "−" : "") + seconds(Math.abs(time - zero));
  const lastFault = picture.faults.at(-1)?.t ?? Infinity;
  const bar = (part, y, height, key) => {
    const left = x(part.from_ms), right = x(part.to_ms);
    const clickable = part.moment && part.moment.t >= lastFault;
    const label = `${part.row || "fencing"}: ${part.kind}, ${told(part.from_ms)} to ${told(part.to_ms)}`;
    const props = clickable ? { role: "button", tabIndex: 0, "aria-label": label + "; let the next fault strike when this begins",
      onClick: () => choose(part.moment), onKeyDown: (e) => (e.key === "Enter" || e.key === " ") && (e.preventDefault(), choose(part.moment)) } : {};
    return (
      <rect key={key} class={`bar ${part.kind}${clickable ? " clickable" : ""}${chosen && part.moment && chosen.text === part.moment.text ? " chosen" : ""}`}
        x={left} y={y} width={Math.max(right - left, 2)} height={height} rx="2" {...props}><title>{label}</title></rect>
    );
  };
  return (
    <figure class="lanes">
      <figcaption>{title}</figcaption>
      <div class="scroll" tabIndex="0" role="region" aria-label={"picture: " + title}>
        <svg viewBox={`0 0 ${kWidth} ${placed.height}`} role="group" aria-label={title}>
          {scale.ticks.map((tick) => (
            <g key={tick}><line class="tick" x1={x(tick)} x2={x(tick)} y1="20" y2={placed.height} /><text class="tick" x={x(tick)} y="14">{told(tick)}</text></g>
          ))}
          {scale.breaks.map((at) => <text key={at} class="break" x={x(at)} y="29">≈</text>)}
          {placed.services.map(({ service, y }) => {
            const { down_ms, forGood } = downtimeOf(service, picture.end_ms);
            return (
              <g key={"s" + service.id}>
                <text class="row" x="6" y={y + 13}>{clip(service.id, 17)}<title>{service.id}</title></text>
                <rect class="serves" x={kGutter} y={y + 5} width={width} height={kRow - 10} />
                {service.outages.map((outage, i) => {
                  const to = outage.to_ms ?? picture.end_ms;
                  const words = outage.to_ms === null ? "still down" : seconds(to - outage.from_ms);
                  const left = x(outage.from_ms), wide = Math.max(x(to) - left, 3);
                  const inside = wide > 64;
                  return (
                    <g key={i}><rect class="outage" x={left} y={y + 2} width={wide} height={kRow - 4} rx="2"><title>{`${service.id} is down for ${words}`}</title></rect>
                      <text class={inside ? "outage inside" : "outage"} x={inside ? left + wide - 5 : Math.min(left + wide + 4, kWidth - 62)} y={y + 13}>{words}</text></g>
                  );
                })}
                {!service.outages.length && <text class="fine" x={kWidth - 14} y={y + 13}>no outage</text>}
              </g>
            );
          })}
          {placed.left_out > 0 && <text class="row" x="6" y={placed.nodes[0]?.y - 2}>{placed.left_out} services without an outage are not drawn</text>}
          {placed.nodes.map(({ lane, y, open, rows, count, height }) => (
            <g key={"n" + lane.node}>
              <rect class="lane" x="0.5" y={y + 0.5} width={kWidth - 1} height={height - 1} rx="4" />
              <text class="node" x="6" y={y + 16}>{clip(lane.node, 15)}<title>{lane.node}</title></text>
              {count > 0 && placed.total > kRowsMax && (
                <text class="toggle" x={kGutter - 8} y={y + 16} role="button" tabIndex="0" aria-label={(open ? "hide" : "show") + " what runs on " + lane.node}
                  onClick={() => setOpened(new Map(opened).set(lane.node, !open))}
                  onKeyDown={(e) => (e.key === "Enter" || e.key === " ") && (e.preventDefault(), setOpened(new Map(opened).set(lane.node, !open)))}>{open ? "▾" : `${count} ▸`}</text>
              )}
              {lane.away.map((part, i) => <rect key={"a" + i} class="away" x={x(part.from_ms)} y={y + 1} width={Math.max(x(part.to_ms) - x(part.from_ms), 2)} height={height - 2}><title>{lane.node + " is away"}</title></rect>)}
              {lane.bars.filter((one) => !one.row).map((one, i) => bar(one, y + 5, kHead - 10, "f" + i))}
              {rows.map((row, i) => (
                <g key={row}>
                  <text class="row" x="16" y={y + kHead + i * kRow + 12}>{clip(row, 17)}<title>{row}</title></text>
                  {lane.bars.filter((one) => one.row === row).map((one, k) => bar(one, y + kHead + i * kRow + 2, kRow - 5, k))}
                </g>
              ))}
              {lane.marks.map((mark, i) => {
                const at = mark.row && rows.includes(mark.row) ? y + kHead + rows.indexOf(mark.row) * kRow + kRow / 2 : y + kHead / 2;
                return <g key={"m" + i} class={"mark " + mark.kind}><circle cx={x(mark.t)} cy={at} r="6" /><text x={x(mark.t)} y={at + 4}>{mark.kind === "lost" ? "?" : mark.kind === "fenced" ? "×" : "!"}</text><title>{told(mark.t) + ": " + mark.text}</title></g>;
              })}
            </g>
          ))}
          {gather(picture.faults, x).map((fault, i) => (
            <g key={"x" + i} class="fault"><line x1={fault.x} x2={fault.x} y1="20" y2={placed.height} />
              <text x={fault.x > kWidth - 220 ? fault.x - 4 : fault.x + 4} y="30" class={fault.x > kWidth - 220 ? "before" : ""}>{clip(fault.text, fault.room)}<title>{fault.text}</title></text></g>
          ))}
          {t !== null && <line class="now" x1={x(t)} x2={x(t)} y1="16" y2={placed.height} />}
        </svg>
      </div>
      <label class="scrub">look at <input type="range" min={picture.begin_ms} max={picture.end_ms} step="100" value={t ?? picture.end_ms}
        aria-valuetext={told(t ?? picture.end_ms)} onInput={(event) => setT(Number(event.target.value))} /> <output>{told(t ?? picture.end_ms)}</output></label>
      <details class="table"><summary>as a table</summary><LaneTable picture={picture} history={history} told={told} devices={devices} /></details>
    </figure>
  );
}

function LaneTable({ picture, history, told, devices }) {
  return (
    <Fragment>
      <table><caption>Outages</caption><thead><tr><th scope="col">service</th><th scope="col">down for</th><th scope="col">from – to</th></tr></thead><tbody>
        {history.services.map((service) => {
          const { down_ms, forGood } = downtimeOf(service, picture.end_ms);
          return (
            <tr key={service.id}><th scope="row">{service.id}</th><td>{forGood ? "still down at the end" : down_ms ? seconds(down_ms) : "no outage"}</td>
              <td>{service.outages.map((one) => `${told(one.from_ms)} – ${one.to_ms === null ? "the end" : told(one.to_ms)}`).join("; ")}</td></tr>
          );
        })}
      </tbody></table>
      <table><caption>What ran where</caption><thead><tr><th scope="col">node</th><th scope="col">what</th><th scope="col">how</th><th scope="col">from</th><th scope="col">to</th></tr></thead><tbody>
        {picture.lanes.flatMap((lane) => [
          ...lane.away.map((part) => ({ ...part, row: "the node", kind: "away" })),
          ...lane.bars.filter((part) => !devices.has(part.row)),
        ].sort((a, b) => a.from_ms - b.from_ms).slice(0, 400).map((part, i) => (
          <tr key={lane.node + i}><th scope="row">{lane.node}</th><td>{part.row || "the node"}</td><td>{part.kind}</td><td>{told(part.from_ms)}</td><td>{told(part.to_ms)}</td></tr>
        )))}
      </tbody></table>
    </Fragment>
  );
}

export function Legend() {
  const marks = [["starting", "starting"], ["running", "running"], ["promoted", "promoted"], ["stopping", "stopping"], ["fencing", "being fenced"],
    ["away", "node away"], ["outage", "service down"]];
  return (
    <ul class="legend" aria-label="legend">
      {marks.map(([kind, words]) => <li key={kind}><i class={kind} />{words}</li>)}
      <li><b class="sign lost">?</b>loss noticed</li><li><b class="sign">×</b>fenced</li><li><b class="sign">!</b>failure</li>
    </ul>
  );
}

// Faults whose words would lie over one another share a label; each knows how many letters it has room for.
function gather(faults, x) {
  const groups = [];
  for (const fault of faults) {
    const at = x(fault.t), last = groups.at(-1);
    if (last && at - last.x < 60) last.text += ", " + fault.text;
    else groups.push({ x: at, text: fault.text });
  }
  groups.forEach((group, i) => { group.room = Math.max(8, Math.floor(((groups[i + 1]?.x ?? kWidth) - group.x) / 6)); if (group.x > kWidth - 220) group.room = 30; });
  return groups;
}

function clip(text, length) {
  return text.length > length ? text.slice(0, length - 1) + "…" : text;
}
