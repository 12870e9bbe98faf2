// Beside the picture: the tree of histories, the story, the policy, the heat map, the tests, what can be taken along.
import { h, Fragment } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { flatten } from "./cluster.jsx";
import { Editor } from "./editor.jsx";
import { crmSimulate, pathTo, seconds, tellEvent } from "./model.js";

export function Tree({ tree, results, go }) {
  const branch = (id) => {
    const children = tree.nodes.filter((node) => node.parent === id);
    if (!children.length) return null;
    return (
      <ul>
        {children.map((node) => (
          <li key={node.id}>
            <button type="button" class={node.id === tree.at ? "at" : ""} aria-current={node.id === tree.at ? "step" : undefined} onClick={() => go(node.id)}>{node.step}</button>
            {results.get(node.id) && <span class="dim"> {results.get(node.id)}</span>}
            {branch(node.id)}
          </li>
        ))}
      </ul>
    );
  };
  return (
    <div class="tree">
      <button type="button" class={tree.at === 0 ? "at" : ""} aria-current={tree.at === 0 ? "step" : undefined} onClick={() => go(0)}>at rest, before anything fails</button>
      {branch(0)}
    </div>
  );
}

export function Story({ history, isDevice }) {
  const [devices, setDevices] = useState(false);
  const zero = history.story.find((event, i) => i >= history.begins && event.kind === "fault")?.t ?? 0;
  const shown = history.story.slice(history.begins).filter((event) => event.kind !== "begins" && (devices || !event.device || !["begins", "done"].includes(event.kind)));
  const most = 600;
  return (
    <Fragment>
      <label class="check"><input type="checkbox" checked={devices} onChange={(e) => setDevices(e.target.checked)} /> starts and stops of fence devices too</label>
      <ol class="story">
        {shown.slice(0, most).map((event, i) => (
          <li key={i} class={event.kind + (/ is down$| nowhere$| still /.test(event.text ?? "") ? " down" : "")}><time>{((event.t - zero) / 1000).toFixed(1)}</time> {tellEvent(event)}</li>
        ))}
      </ol>
      {shown.length > most && <p class="dim">{shown.length - most} more lines are not shown.</p>}
      {history.assumed.length > 0 && <Fragment><h4>This rests on</h4><ul>{history.assumed.map((one) => <li key={one}>{one}</li>)}</ul></Fragment>}
    </Fragment>
  );
}

// The text that is printed: an editor draws only the lines that are seen.
const kPrinted = 4000;

export function Policy({ subject, text, path, line, edit, reset, edited, words, ask, goTo }) {
  const lines = text.split("\n");
  const names = [...subject.nodes, ...flatten(subject.resources), ...subject.links, ...subject.tickets].map((one) => one.id).filter((one) => /^[\w.-]+$/.test(one));
  return (
    <Fragment>
      <p class="tools">
        {edited && <button type="button" onClick={reset}>Undo all edits</button>}
        <span class="dim">{subject.from_cib ? "As `picket import` writes the CIB. " : ""}Change it: it is played again as you type.</span>
      </p>
      {words && <Editor text={text} edit={edit} path={path} diagnostics={subject.diagnostics} line={line} words={words} names={names} ask={ask} />}
      <p class="dim keys">Ctrl-Space completes, Ctrl-F finds, Ctrl-Z takes back. Tab indents; Escape, then Tab, leaves.</p>
      <pre class="paper" aria-hidden="true">{lines.slice(0, kPrinted).map((one, i) => String(i + 1).padStart(4) + "  " + one).join("\n")}{lines.length > kPrinted ? "\n…" : ""}</pre>
      {subject.diagnostics?.length > 0 && (
        <ul class="diagnostics" aria-label="what the compiler says">{subject.diagnostics.slice(0, 50).map((one, i) => (
          <li key={i} class={one.severity}>
            {one.line && (!one.file || one.file === path) ? <button type="button" class="place" onClick={() => goTo(one.line, true)}>line {one.line}</button> : one.line ? <span class="place">{one.file}:{one.line}</span> : null} {one.message}
            {(one.help ?? []).map((help) => <span key={help} class="dim"> — {help}</span>)}
          </li>
        ))}</ul>
      )}
    </Fragment>
  );
}

export function Heat({ ask, open }) {
  const [pairs, setPairs] = useState(false);
  const [rows, setRows] = useState(null);
  const [total, setTotal] = useState(0);
  const [search, setSearch] = useState(null);
  const stop = useRef(false);
  useEffect(() => () => { stop.current = true; }, []);
  const sweep = async () => {
    stop.current = false;
    const faults = await ask({ do: "faults" });
    setTotal(faults.length);
    const found = [];
    setRows([]);
    for (let i = 0; i < faults.length && !stop.current; i++) {
      const row = await ask({ do: "sweep_row", fault: i, pairs });
      if (row.error) break;
      found.push(row);
      setRows([...found]);
    }
  };
  const services = rows?.[0]?.cells.map((cell) => cell.service) ?? [];
  const worst = Math.max(1, ...(rows ?? []).flatMap((row) => row.cells.map((cell) => cell.down_ms)));
  const busy = rows && rows.length < total && !stop.current;
  return (
    <Fragment>
      <p class="tools">
        <label class="check"><input type="checkbox" checked={pairs} onChange={(e) => setPairs(e.target.checked)} /> with any second fault behind it</label>
        <button type="button" onClick={sweep} disabled={busy}>Try every fault</button>
        {busy && <button type="button" onClick={() => { stop.current = true; setTotal(rows.length); }}>Stop</button>}
        <button type="button" onClick={async () => setSearch(await ask({ do: "sweep", failures: 1 }))}>Sweep as `picket sweep --failures 1`</button>
      </p>
      {busy && <p role="status">{rows.length} of {total} faults</p>}
      {rows?.length > 0 && (
        <div class="scroll" tabIndex="0" role="region" aria-label="heat map">
          <table class="heat"><caption>How long each service is down. A cell opens its history.</caption>
            <thead><tr><th scope="col">fault</th>{services.map((one) => <th key={one} scope="col">{one}</th>)}</tr></thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.step}><th scope="row">{row.step}</th>
                  {row.cells.map((cell) => {
                    const words = cell.for_good ? "stays down" : cell.down_ms ? seconds(cell.down_ms) : "0";
                    const heat = cell.for_good ? 5 : cell.down_ms === 0 ? 0 : 1 + Math.min(3, Math.floor((cell.down_ms / worst) * 4));
                    return <td key={cell.service} class={"heat-" + heat}><button type="button" aria-label={`${cell.steps.join(", ")}: ${cell.service} ${cell.for_good ? "stays down" : "is down for " + words}`} onClick={() => open(cell.steps)}>{words}</button></td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
          <ul class="legend" aria-label="legend of the heat map">
            {[["0", "no outage"], ["1", "short"], ["2", ""], ["3", ""], ["4", "the longest here"], ["5", "stays down"]].map(([heat, words]) => <li key={heat}><i class={"heat-" + heat} />{words}</li>)}
          </ul>
        </div>
      )}
      {search && <Fragment><pre>{search.error ?? search.text}</pre>{search.steps && <button type="button" onClick={() => open(search.steps)}>Open the counterexample</button>}</Fragment>}
    </Fragment>
  );
}

export function Tests({ subject, ask, open, goTo }) {
  const [result, setResult] = useState(null);
  const verdicts = new Map((result?.policies?.[0]?.verdicts ?? result?.verdicts ?? []).map((one) => [one.name, one]));
  if (!subject.tests.length && !subject.invariants) return <p class="dim">The policy has no test.</p>;
  return (
    <Fragment>
      <p class="tools"><button type="button" onClick={async () => setResult(await ask({ do: "test" }))}>Play all tests and invariants</button>{result?.error && <span class="bad">{result.error}</span>}</p>
      <ul class="tests">
        {subject.tests.map((test) => (
          <li key={test.name}>
            {verdicts.has(test.name) && <Badge verdict={verdicts.get(test.name)} />}
            <button type="button" class="link" onClick={() => open(test.steps)}>{test.name}</button>
            <button type="button" class="place" onClick={() => goTo(test.line)}>line {test.line}</button>
            <Objection verdict={verdicts.get(test.name)} />
          </li>
        ))}
        {[...verdicts.values()].filter((one) => !subject.tests.some((test) => test.name === one.name)).map((one) => (
          <li key={one.name}><Badge verdict={one} /> {one.name} <Objection verdict={one} /></li>
        ))}
      </ul>
    </Fragment>
  );
}

function Badge({ verdict }) {
  const passed = verdict.passed ?? verdict.verdict === "passed";
  return <span class={"badge " + (passed ? "pass" : "fail")}>{passed ? "passed" : "failed"}</span>;
}

function Objection({ verdict }) {
  const objection = verdict?.objection;
  return objection ? <p class="bad">{objection.claim ? objection.claim + ": " : ""}{objection.instead}</p> : null;
}

export function Export({ ask, tree, path }) {
  const steps = pathTo(tree, tree.at);
  const [name, setName] = useState("from the page");
  const [test, setTest] = useState(null);
  useEffect(() => {
    let current = true;
    setTest(null);
    if (steps.length) ask({ do: "export", steps, test: name }).then((answer) => current && setTest(answer));
    return () => { current = false; };
  }, [steps.join("\n"), name]);
  if (!steps.length) return <p class="dim">There is nothing to take along yet: let something fail.</p>;
  const file = path.replace(/\.picket$/, "").split("/").at(-1) + ".xml";
  const words = [`picket compile ${path} -o ${file}   # if it is a policy`, ...steps.map((step) => crmSimulate(step, file))].join("\n");
  return (
    <Fragment>
      <p class="tools"><label>name of the test <input value={name} size="30" onInput={(e) => setName(e.target.value)} /></label></p>
      <Take title="As a test of the policy language" text={test?.test ?? test?.error ?? "…"} file="from-the-page.picket" id="export-test" time_ms={test?.cluster_time_ms} />
      <p class="dim">What is expected is what is so here, in every way that the cluster leaves open{test?.ways > 1 ? ` (${test.ways})` : ""}.</p>
      <Take title="As crm_simulate command lines" text={words} file="crm_simulate.sh" id="export-crm" />
      <p class="dim">crm_simulate knows no time and carries out one transition for each line.</p>
    </Fragment>
  );
}

function Take({ title, text, file, id, time_ms }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("copied");
    } catch {
      document.getElementById(id).select();
      setSaid("selected; press Ctrl-C");
    }
  };
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = file;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div class="take">
      <label for={id}>{title}</label>
      <textarea id={id} data-time={time_ms} readOnly rows={Math.min(text.split("\n").length + 1, 16)} value={text} />
      <p class="tools"><button type="button" onClick={copy}>Copy</button><button type="button" onClick={save}>Save</button><span role="status">{said}</span></p>
    </div>
  );
}
