// The page: what is looked at, what was tried, and the engine that answers.
import { h, render, Fragment } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { startEngine } from "./engine.js";
import { Cluster, flatten } from "./cluster.jsx";
import { Lanes, Legend } from "./lanes.jsx";
import { Why } from "./why.jsx";
import { Export, Heat, Policy, Story, Tests, Tree } from "./panels.jsx";
import { gather, readDropped, subjectsOf, withImports } from "./files.js";
import { addPath, differences, downtimeOf, fromFragment, lanesOf, momentBefore, momentWords, newTree, pathTo, seconds, stateAt, toFragment } from "./model.js";

const data = JSON.parse(document.getElementById("data").textContent);

function summaryOf(history) {
  if (history.objection) return history.objection;
  let worst = 0, stays = [];
  for (const service of history.services) {
    const { down_ms, forGood } = downtimeOf(service, history.end_ms);
    worst = Math.max(worst, down_ms);
    if (forGood) stays.push(service.id);
  }
  return stays.length ? "stays down: " + stays.slice(0, 3).join(", ") + (stays.length > 3 ? ", …" : "") : worst ? "outage " + seconds(worst) : "no outage";
}

function Page({ engine }) {
  const [texts, setTexts] = useState(data.policies);
  const [subjects, setSubjects] = useState([]);
  const [tree, setTree] = useState(() => location.hash.startsWith("#h=") ? fromFragment(location.hash) : newTree(data.steps.length ? [data.steps] : []));
  const [histories, setHistories] = useState([]);
  const [results, setResults] = useState(new Map());
  const [error, setError] = useState("");
  // What was wrong with what was dropped last; no answer about the cluster takes its place.
  const [refusedDrop, setRefusedDrop] = useState("");
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState("the cluster starts");
  const [took, setTook] = useState(0);
  const [t, setT] = useState(null);
  const [middle, setMiddle] = useState(null);
  const [tab, setTab] = useState("story");
  const [why, setWhy] = useState("");
  const [answer, setAnswer] = useState(null);
  const [line, setLine] = useState(null);
  const [shorten, setShorten] = useState(true);
  const [version, setVersion] = useState(0);
  const [which, setWhich] = useState(0);
  const names = ["a", "b"];
  const [words, setWords] = useState(null);
  const asked = useRef(0);
  const ask = (request) => engine.ask({ name: names[which], ...request });

  useEffect(() => { engine.ask({ do: "words" }).then(setWords); }, []);

  // Load what changed; a policy that is wrong leaves the one before in its place.
  useEffect(() => {
    let current = true;
    const timer = setTimeout(async () => {
      const loaded = [];
      for (const [i, one] of texts.entries()) loaded.push(await engine.ask({ do: "load", name: names[i], path: one.path, text: one.text, files: one.files ?? {}, as: data.as }));
      if (!current) return;
      const wrong = loaded.find((one) => one.error || !one.ok);
      setError(wrong ? wrong.error ?? "the policy has mistakes: " + (wrong.diagnostics.find((one) => one.severity === "error")?.message ?? "") : loaded.find((one) => one.unrest)?.unrest ?? "");
      setSubjects((before) => loaded.map((one, i) => one.ok ? one : { ...(before[i] ?? { ok: false, path: texts[i].path, nodes: [], resources: [], links: [], tickets: [], attributes: [], tests: [] }), diagnostics: one.diagnostics ?? [], policy: texts[i].text }));
      setResults(new Map());
      if (!wrong) {
        const known = flatten(loaded[0].resources);
        setWhy((before) => known.some((one) => one.id === before) ? before : known.filter((one) => !one.device).at(-1)?.id ?? "");
      }
      setVersion((n) => n + 1);
    }, version ? 350 : 0);
    return () => { current = false; clearTimeout(timer); };
  }, [texts]);

  // Play where the tree stands.
  useEffect(() => {
    if (!subjects.length || !subjects.every((one) => one.ok)) return setBusy("");
    const number = ++asked.current;
    const steps = pathTo(tree, tree.at);
    setBusy("playing");
    Promise.all(subjects.map((_, i) => engine.ask({ do: "play", name: names[i], steps }))).then((played) => {
      if (number !== asked.current) return;
      setBusy("");
      const wrong = played.find((one) => one.error);
      if (wrong) {
        // A step that cannot be played leaves no trace in the tree; what was wrong with it stays to be read.
        const isNew = tree.at > 0 && tree.at === tree.nodes.length - 1 && !results.has(tree.at);
        if (!isNew) return setError(wrong.error);
        setRefused(wrong.error);
        return setTree({ nodes: tree.nodes.slice(0, -1), at: tree.nodes[tree.at].parent });
      }
      setError(played.find((one) => one.objection)?.objection ?? "");
      setHistories(played);
      setTook(played[0].took_ms);
      setResults((before) => new Map(before).set(tree.at, summaryOf(played[0])));
      setT(null);
      setMiddle(null);
    });
    history.replaceState(null, "", tree.nodes.length > 1 ? toFragment(tree) : location.pathname + location.search);
  }, [tree, version]);

  useEffect(() => {
    if (!why || !subjects[which]?.ok) return setAnswer(null);
    let current = true;
    ask({ do: "why", steps: pathTo(tree, tree.at), resource: why }).then((got) => current && setAnswer(got));
    return () => { current = false; };
  }, [why, tree, version, which]);

  const subject = subjects[which];
  const played = histories[which];
  const isDevice = useMemo(() => new Set(subject ? flatten(subject.resources).filter((one) => one.device).map((one) => one.id) : []), [subject]);
  const pictures = useMemo(() => histories.map((one, i) => lanesOf(one, subjects[i]?.nodes ?? [], subjects[i]?.resumes)), [histories]);
  const picture = pictures[which];
  const wordOf = (id) => {
    const known = [...(subject?.nodes ?? []), ...flatten(subject?.resources ?? [])].find((one) => one.id === id);
    return known?.word ?? id;
  };
  const scrub = (time) => {
    setT(time);
    setMiddle(pathTo(tree, tree.at).length && time < picture.end_ms ? momentBefore(picture, time) : null);
  };
  const strike = (fault) => {
    setRefused("");
    const step = middle ? `during ${momentWords(middle, wordOf)} { ${fault} }` : fault;
    const next = { nodes: [...tree.nodes], at: tree.at };
    next.at = addPath(next, tree.at, [step]);
    setTree(next);
  };
  const open = (steps) => {
    setRefused("");
    const next = { nodes: [...tree.nodes], at: 0 };
    next.at = addPath(next, 0, steps);
    setTree(next);
    window.scrollTo({ top: 0 });
  };
  const go = (id) => {
    setRefused("");
    setTree({ nodes: tree.nodes, at: id });
  };
  const askWhy = (id) => {
    setWhy(id);
    document.getElementById("why-panel")?.scrollIntoView({ block: "nearest" });
  };
  const goTo = (number, focus = false) => setLine({ number, focus });
  const masked = async (one) => ({ ...one, text: (await engine.ask({ do: "mask", text: one.text })).text ?? one.text });
  const take = async (transfer, compare) => {
    try {
      const files = await gather(transfer);
      if (!files.length) throw new Error("there is no policy, CIB, scheduler input or archive in what was dropped");
      const read = [];
      for (const file of files) read.push(await masked(await readDropped(file)));
      // What the policy that is shown still lacks is added to it.
      const lacking = texts.findIndex((one) => one.missing?.length);
      const completed = lacking >= 0 ? withImports(texts[lacking], read) : null;
      setVersion(0);
      if (completed && completed.missing.length < texts[lacking].missing.length) return setTexts(texts.map((one, i) => i === lacking ? completed : one)), setRefusedDrop("");
      const found = subjectsOf(read);
      setTexts(compare ? [texts[0], found[0]] : found);
      setWhich(0);
      if (!compare) setTree(newTree());
      setRefusedDrop("");
    } catch (failed) {
      setRefusedDrop(failed.message);
    }
  };
  useDrop((transfer) => take(transfer, false));

  const missing = texts.flatMap((one) => one.missing ?? []);
  const lacks = missing.length ? `this policy imports ${missing.map((one) => "`" + one + "`").join(" and ")}, which is not here: drop that file too, or the folder with all of them` : "";
  const told = refused || refusedDrop || lacks || error;
  const steps = pathTo(tree, tree.at);
  const title = subject?.cluster || texts[0].path.split("/").at(-1);
  useEffect(() => { document.title = "SIMULATED: " + title; }, [title]);
  const state = picture ? stateAt(picture, t ?? picture.end_ms) : new Map();
  const rest = played?.rests.at(-1);
  const differ = histories.length > 1 ? differences(histories[0], histories[1]) : [];
  const moments = picture && steps.length ? picture.moments.filter((one) => one.t >= (picture.faults.at(-1)?.t ?? 0)).filter((one, i, all) => all.findIndex((o) => o.text === one.text) === i).slice(0, 200) : [];
  const panels = {
    story: ["Story", () => played && <Story history={played} isDevice={isDevice} />],
    tree: ["Histories", () => <Tree tree={tree} results={results} go={go} />],
    heat: ["Sweep", () => <Heat key={version} ask={ask} open={open} />],
    tests: ["Tests", () => subject && <Tests key={version} subject={subject} ask={ask} open={open} goTo={goTo} />],
    export: ["Take along", () => <Export ask={ask} tree={tree} path={texts[which].path} />],
  };

  return (
    <Fragment>
      <header class="top">
        <span class="simulated">SIMULATED</span>
        <div class="titles"><h1>{title}</h1><p class="path">{texts.map((one) => one.path).join(" and ")}{subject?.release ? `, as Pacemaker ${subject.release} decides` : ""}</p></div>
        <div class="tools">
          <FileButton text="Open…" take={(files) => take({ files }, false)} />
          <FileButton text="Compare with…" take={(files) => take({ files }, true)} />
          <Share />
          <button type="button" onClick={() => window.print()}>Print</button>
          <Theme />
        </div>
      </header>
      <main>
        {/* Keys: what comes and goes must not take the place of what stays, or the editor would lose its focus. */}
        {told && <div key="error" class="error" role="alert"><pre>{told}</pre></div>}
        {!subject?.ok && !told && <p key="busy" role="status">{busy}…</p>}
        {subject?.nodes.length > 0 && (
          <Fragment key="cluster">
            <nav class="path-bar" aria-label="what has happened">
              <button type="button" class={tree.at === 0 ? "at" : ""} onClick={() => go(0)}>at rest</button>
              {steps.map((step, i) => {
                let id = tree.at;
                for (let k = steps.length - 1; k > i; k--) id = tree.nodes[id].parent;
                return <Fragment key={i}><span aria-hidden="true">›</span><button type="button" class={i === steps.length - 1 ? "at" : ""} onClick={() => go(id)}>{step}</button></Fragment>;
              })}
              {steps.length > 0 && <button type="button" class="undo" onClick={() => go(tree.nodes[tree.at].parent)}>Undo</button>}
              <span class="dim result" role="status">{busy ? busy + "…" : steps.length && played ? `${summaryOf(played)} — answered in ${Math.round(took)} ms` : ""}</span>
            </nav>
            {histories.length > 1 && (
              <section class="compare" aria-labelledby="compare-title">
                <h2 id="compare-title">{differ.length ? `${differ.length} ${differ.length === 1 ? "difference" : "differences"} between the two policies` : "Both policies do the same here"}</h2>
                {differ.length > 0 && (
                  <table><thead><tr><th scope="col" /><th scope="col">{texts[0].path}</th><th scope="col">{texts[1].path}</th></tr></thead>
                    <tbody>{differ.map((one) => <tr key={one.what} class="differs"><th scope="row">{one.what}</th><td>{one.before}</td><td>{one.after}</td></tr>)}</tbody></table>
                )}
                <div class="tools" role="group" aria-label="which policy the panels show">{texts.map((one, i) => <button key={i} type="button" aria-pressed={which === i} onClick={() => setWhich(i)}>{i === 0 ? "first: " : "second: "}{one.path}</button>)}</div>
              </section>
            )}
            <Cluster key={texts[which].path} subject={subject} state={state} rest={rest} strike={strike} why={askWhy} />
            {picture && (
              <section aria-labelledby="lanes-title">
                <div class="section-head"><h2 id="lanes-title">What ran where</h2>
                  <label class="check"><input type="checkbox" checked={shorten} onChange={(e) => setShorten(e.target.checked)} /> draw long pauses short</label></div>
                <div class="strike" role="group" aria-label="when the next fault strikes">
                  <label>The next fault strikes <select value={middle ? middle.text : ""} onChange={(e) => setMiddle(moments.find((one) => one.text === e.target.value) ?? null)}>
                    <option value="">at rest, behind what is shown</option>
                    {moments.map((one) => <option key={one.text} value={one.text}>in the middle, when {one.text} begins</option>)}
                    {middle && !moments.some((one) => one.text === middle.text) && <option value={middle.text}>in the middle, when {middle.text} begins</option>}
                  </select></label>
                  {moments.length > 0 && !middle && <span class="dim"> or click a bar, or move the slider</span>}
                </div>
                <Legend />
                {pictures.map((one, i) => (
                  <Lanes key={i + ":" + version} title={pictures.length > 1 ? texts[i].path : steps.length ? steps.join(", then ") : "at rest"} picture={one} history={histories[i]} devices={isDevice}
                    t={t} setT={scrub} chosen={middle} choose={(moment) => { setMiddle(moment); setT(moment.t); }} shorten={shorten} />
                ))}
              </section>
            )}
          </Fragment>
        )}
        <div key="columns" class="columns">
          <div class="side">
          {subject?.ok && <section key="panel" class="panel">
            <div class="tabs" role="tablist" aria-label="panels" onKeyDown={(event) => {
              const all = Object.keys(panels), move = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
              if (!move) return;
              const next = all[(all.indexOf(tab) + move + all.length) % all.length];
              setTab(next);
              document.getElementById("tab-" + next)?.focus();
            }}>
              {Object.entries(panels).map(([id, [words]]) => <button key={id} id={"tab-" + id} type="button" role="tab" aria-selected={tab === id} aria-controls="panel" tabIndex={tab === id ? 0 : -1} onClick={() => setTab(id)}>{words}</button>)}
            </div>
            <div id="panel" role="tabpanel" aria-labelledby={"tab-" + tab} tabIndex="0">{panels[tab][1]()}</div>
          </section>}
          {subject && <section key="policy" aria-labelledby="policy-title">
              <h2 id="policy-title">The policy</h2>
              <Policy key={texts[which].path} subject={subject} text={subject.from_cib ? subject.policy : texts[which].text} path={texts[which].path} line={line} words={words} ask={ask} goTo={goTo} edited={texts[which].text !== data.policies[which]?.text}
                edit={(text) => setTexts(texts.map((one, i) => i === which ? { ...one, text } : one))}
                reset={() => setTexts(texts.map((one, i) => i === which ? data.policies[i] ?? one : one))} />
            </section>}
          </div>
          <div class="side">
            {subject?.ok && <section id="why-panel" aria-labelledby="why-title">
              <div class="section-head"><h2 id="why-title">Why</h2>
                <select aria-label="resource to explain" value={why} onChange={(e) => setWhy(e.target.value)}><option value="">choose…</option>{flatten(subject.resources).map((one) => <option key={one.id} value={one.id}>{one.id}</option>)}</select></div>
              <Why answer={answer} goTo={goTo} />
            </section>}
          </div>
        </div>
      </main>
      <footer>made by picket {data.version}{data.date ? ", " + data.date : ""}; everything in this page is simulated, and nothing leaves your browser</footer>
    </Fragment>
  );
}

function useDrop(take) {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const over = (event) => { event.preventDefault(); document.body.classList.add("dropping"); };
    const leave = () => document.body.classList.remove("dropping");
    const drop = (event) => { event.preventDefault(); leave(); if (event.dataTransfer.files.length) latest.current(event.dataTransfer); };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => { document.removeEventListener("dragover", over); document.removeEventListener("dragleave", leave); document.removeEventListener("drop", drop); };
  }, []);
}

function FileButton({ text, take }) {
  const input = useRef(null);
  return (
    <Fragment>
      <button type="button" onClick={() => input.current.click()}>{text}</button>
      <input ref={input} type="file" multiple hidden aria-label={text} onChange={(event) => { if (event.target.files.length) take([...event.target.files]); event.target.value = ""; }} />
    </Fragment>
  );
}

function Share() {
  const [said, setSaid] = useState("");
  return <button type="button" title="the address holds every step: whoever has the same file sees the same" onClick={async () => {
    try { await navigator.clipboard.writeText(location.href); setSaid("copied"); } catch { setSaid("copy the address"); }
    setTimeout(() => setSaid(""), 3000);
  }}>{said || "Share"}</button>;
}

function Theme() {
  const system = () => matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const [theme, setTheme] = useState("");
  const now = theme || system();
  const next = now === "dark" ? "light" : "dark";
  return <button type="button" id="theme" aria-pressed={now === "dark"} onClick={() => { document.documentElement.dataset.theme = next; setTheme(next); }}>Dark</button>;
}

async function main() {
  const root = document.getElementById("page");
  try {
    const engine = await startEngine(document.getElementById("engine").textContent);
    render(<Page engine={engine} />, root);
  } catch (error) {
    root.textContent = "";
    render(<main><div class="error" role="alert"><p>The page cannot start its engine in this browser: {error.message}</p><p>It needs WebAssembly with exceptions and DecompressionStream: Chromium 95, Firefox 113, Safari 16.4 or newer.</p></div></main>, root);
  }
}
main();
