// The live page of `picket serve`. Whatever a cluster calls its parts goes into texts, never into markup.
"use strict";

const CHIPS_MAX = 80; // of a node, until more is asked for
const OLD_S = 12; // what is older than this is not live

const state = { key: sessionStorage.getItem("key") || "", page: sessionStorage.getItem("page") || "", hello: null,
  data: null, clock_s: 0, read_s: 0, heard_ms: 0, shown: {}, ticket: null, open: new Set(), stop: null };
const at = (id) => document.getElementById(id);

// An element; `what` has its properties, children are elements and texts.
function h(tag, what, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(what || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "press") element.addEventListener("click", value);
    else if (name === "class") element.className = value;
    else if (name in { since: 1, key: 1 }) element.dataset[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function ageText(seconds) {
  if (seconds < 0) seconds = 0;
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} hours`;
  return `${Math.floor(seconds / 86400)} days`;
}

const now_s = () => state.clock_s + (performance.now() - state.heard_ms) / 1000;
const since = (moment, before = "for ") => moment === null || moment === undefined
  ? h("span", null, "nobody knows since when")
  : h("span", { since: moment, title: new Date(moment * 1000).toLocaleString() }, before + ageText(now_s() - moment));

function complain(text) {
  at("alert").textContent = text || "";
  at("alert").hidden = !text;
}

// --- asking ------------------------------------------------------------------------------------------------

async function post(path, body) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", cache: "no-store",
      headers: { "Content-Type": "application/json", "X-Picket-Key": state.key }, body: JSON.stringify(body) });
  } catch {
    return { status: 0, json: { error: "picket serve does not answer" } };
  }
  let json = {};
  try { json = await answer.json(); } catch { json = { error: `the answer is not understood (${answer.status})` }; }
  return { status: answer.status, json };
}

function remember(key, page) {
  state.key = key;
  state.page = page;
  sessionStorage.setItem("key", key);
  sessionStorage.setItem("page", page);
}

async function enter(body) {
  const { status, json } = await post("/session", body);
  if (status === 200) {
    remember(json.key, json.page);
    complain("");
    at("enter").hidden = true;
    follow();
    return;
  }
  if (json.passwords) at("enter").hidden = false;
  else complain(json.error === "not in yet" ? "Open the link that `picket serve` printed: it lets you in once." : json.error);
}

// --- the stream --------------------------------------------------------------------------------------------

async function follow() {
  for (let pause_ms = 500; ; pause_ms = Math.min(pause_ms * 2, 8000)) {
    let answer = null;
    const stop = new AbortController();
    state.stop = stop;
    try {
      answer = await fetch("/events", { cache: "no-store", headers: { "X-Picket-Key": state.key }, signal: stop.signal });
      if (answer.status === 401) {
        remember("", "");
        return enter({});
      }
      if (answer.ok) {
        pause_ms = 500;
        await listen(answer.body.getReader(), stop);
      }
    } catch { /* The server is away: what is shown grows old, and is tried again. */ }
    if (state.stop === null) return;
    tick();
    await new Promise((done) => setTimeout(done, pause_ms));
  }
}

async function listen(reader, stop) {
  const words = new TextDecoder();
  let rest = "";
  // A server that has gone without a word says nothing any more.
  let watch = 0;
  const alive = () => { clearTimeout(watch); watch = setTimeout(() => stop.abort(), OLD_S * 1000); };
  try {
    for (alive(); ; alive()) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += words.decode(value, { stream: true });
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        hear(rest.slice(0, end));
        rest = rest.slice(end + 2);
      }
    }
  } finally {
    clearTimeout(watch);
  }
}

function hear(part) {
  let kind = "message", data = "";
  for (const line of part.split("\n")) {
    if (line.startsWith("event: ")) kind = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (!data) return;
  const json = JSON.parse(data);
  if (kind === "hello") state.hello = json;
  if (kind === "state") state.data = json;
  if (kind === "beat") {
    state.clock_s = json.now_s;
    state.read_s = json.read_s;
    state.heard_ms = performance.now();
  }
  if (kind !== "hello") draw();
}

// --- drawing -----------------------------------------------------------------------------------------------

// Draws a part again if what it shows is another thing; whoever was there with the keyboard stays there.
function part(id, what, make) {
  const text = JSON.stringify(what);
  if (state.shown[id] === text) return;
  state.shown[id] = text;
  const focused = document.activeElement && document.activeElement.dataset.key;
  at(id + "-body").replaceChildren(...[make()].flat());
  at(id).hidden = false;
  if (focused) {
    for (const one of at(id).querySelectorAll("[data-key]")) if (one.dataset.key === focused) one.focus();
  }
}

const offers = (verb) => state.hello !== null && state.hello.verbs.includes(verb);
const button = (text, key, press) => h("button", { type: "button", key, press }, text);

function chip(one, node) {
  const promoted = one.role === "promoted";
  const says = [promoted ? "promoted" : one.role === "stopped" ? "stopped" : "", one.trouble].filter(Boolean).join(", ");
  const kind = ["in maintenance", "not managed"].includes(one.trouble) ? "held" : one.trouble && one.trouble !== "disabled" ? "trouble" : one.role === "stopped" ? "stopped" : promoted ? "promoted" : "";
  return h("li", null, h("button", { type: "button", class: `chip ${kind}`, key: `chip ${one.id} ${node}`,
    title: one.agent, press: () => about(one) }, one.id, says ? h("small", null, ` ${says}`) : null));
}

function chips(list, node) {
  const few = list.length <= CHIPS_MAX || state.open.has(node) ? list : list.slice(0, CHIPS_MAX);
  const rest = list.length - few.length;
  return [h("ul", { class: "chips" }, few.map((one) => chip(one, node))),
    rest > 0 ? button(`and ${rest} more`, `more ${node}`, () => { state.open.add(node); state.shown.where = ""; draw(); }) : null];
}

function nodeCard(node, resources, live) {
  const here = resources.filter((one) => one.nodes.includes(node.name));
  const words = [node.state, node.coordinator ? "coordinates" : "", node.remote ? "remote" : "",
    node.standby && node.state !== "standby" ? "standby" : ""].filter(Boolean).join(", ");
  const is_up = ["online", "standby", "maintenance"].includes(node.state);
  const tools = [];
  if (live && is_up && !node.remote) tools.push(button("Safe to reboot?", `reboot ${node.name}`, () => ask({ verb: "reboot", node: node.name })));
  const verb = node.standby ? "online" : "standby";
  if (live && offers(verb)) tools.push(button(node.standby ? "End standby …" : "Standby …", `standby ${node.name}`, () => ask({ verb, node: node.name })));
  const keep = node.maintenance && !state.data.picture.maintenance ? "maintenance-off" : "maintenance-on";
  if (live && offers(keep) && !state.data.picture.maintenance)
    tools.push(button(keep === "maintenance-off" ? "End maintenance …" : "Maintenance …", `maintenance ${node.name}`, () => ask({ verb: keep, node: node.name })));
  return h("article", { class: `node ${node.state}`, "aria-label": `node ${node.name}` },
    h("div", { class: "node-head" }, h("h3", null, node.name), h("span", { class: "state" }, words)),
    here.length > 0 ? chips(here, `on ${node.name}`) : h("p", { class: "dim" }, "runs nothing"),
    here.length > 0 && ["lost", "unclean"].includes(node.state)
      ? h("p", { class: "bad" }, "Ran here when the node was heard last. Until it is fenced nobody knows.") : null,
    h("div", { class: "tools" }, tools));
}

const several = (list, one, many) => `${list.slice(0, 5).join(", ")}${list.length > 5 ? ` and ${list.length - 5} more` : ""} ${list.length > 1 ? many : one}`;

// What there is to worry about, worst first: [level, text].
function worries(picture) {
  const found = [];
  const say = (level, list, one, many) => { if (list.length > 0) found.push([level, several(list, one, many)]); };
  const nodes = (...states) => picture.nodes.filter((one) => states.includes(one.state)).map((one) => one.name);
  const resources = (is_so) => [...new Set(picture.resources.filter(is_so).map((one) => one.name))];
  if (!picture.quorate) found.push(["bad", "the cluster has no quorum"]);
  say("bad", nodes("lost", "unclean"), "is lost and not fenced yet: nobody knows what runs there", "are lost and not fenced yet: nobody knows what runs there");
  say("bad", resources((one) => one.wanted && !one.device && one.nodes.length === 0), "should run and runs nowhere", "should run and run nowhere");
  say("bad", resources((one) => ["blocked", "failed", "runs twice"].includes(one.trouble)), "is in trouble", "are in trouble");
  say("warn", nodes("offline"), "is offline", "are offline");
  if (picture.failures.length > 0) found.push(["warn", `${picture.failures.length} ${picture.failures.length > 1 ? "failures are" : "failure is"} remembered`]);
  if (picture.maintenance) found.push(["warn", "the cluster is in maintenance: nothing is started, stopped or watched"]);
  say("warn", nodes("standby"), "is in standby", "are in standby");
  if (!picture.maintenance) say("warn", nodes("maintenance"), "is in maintenance", "are in maintenance");
  say("warn", nodes("joining"), "is joining", "are joining");
  return found;
}

function summary(picture) {
  const found = worries(picture);
  if (found.length === 0) found.push(["good", `All ${picture.nodes.length} nodes are online, and all that should run runs.`]);
  return h("ul", { class: `sum ${found[0][0]}`, id: "sum", "aria-label": "in short" }, found.map(([level, text]) => h("li", { class: level }, text)));
}

function where(picture, live) {
  const stopped = picture.resources.filter((one) => one.nodes.length === 0);
  const cards = picture.nodes.map((node) => nodeCard(node, picture.resources, live));
  if (stopped.length > 0) {
    cards.push(h("article", { class: "node nowhere", "aria-label": "runs nowhere" },
      h("div", { class: "node-head" }, h("h3", null, "Runs nowhere")), chips(stopped, "nowhere")));
  }
  const whole = picture.maintenance ? "maintenance-off" : "maintenance-on";
  return [summary(picture), h("div", { class: "nodes" }, cards),
    h("div", { class: "legend", "aria-hidden": "true" }, h("span", { class: "l-run" }, "runs"), h("span", { class: "l-promoted" }, "promoted"),
      h("span", { class: "l-stopped" }, "stopped"), h("span", { class: "l-held" }, "left alone"), h("span", { class: "l-trouble" }, "in trouble")),
    live && offers(whole) ? h("div", { class: "tools" }, button(picture.maintenance ? "End maintenance of the cluster …" : "Maintenance of the cluster …",
      "maintenance", () => ask({ verb: whole }))) : null].filter(Boolean);
}

function table(heads, rows) {
  return h("div", { class: "scroll" }, h("table", null, h("thead", null, h("tr", null, heads.map((one) => h("th", { scope: "col" }, one)))),
    h("tbody", null, rows.map((cells) => h("tr", null, cells.map((cell) => h("td", null, cell)))))));
}

function failures(list, live) {
  if (list.length === 0) return h("p", { class: "dim" }, "none");
  return table(["resource", "node", "what", "since", ""], list.map((one) => [
    one.resource, one.node, h("span", { class: "bad" }, `${one.operation} gave ${one.rc} (${one.result})${one.reason ? ": " + one.reason : ""}`),
    since(one.since_s), live && offers("cleanup")
      ? button("Forget …", `forget ${one.resource} ${one.node}`, () => ask({ verb: "cleanup", resource: one.resource, node: one.node })) : ""]));
}

function leftovers(list) {
  if (list.length === 0) return h("p", { class: "dim" }, "nothing");
  return h("ul", { class: "plain" }, list.map((one) => h("li", null, one.what, " ",
    one.since_s === null ? null : h("span", { class: "dim" }, since(one.since_s)))));
}

// A moment in the reader's time; with the day if it is not today, and in UTC for whoever compares with a log.
function moment(at_s) {
  const date = new Date(at_s * 1000), today = date.toDateString() === new Date().toDateString();
  return h("time", { class: "when", datetime: date.toISOString(), title: date.toISOString().replace(".000Z", " UTC").replace("T", " ") },
    today ? date.toLocaleTimeString() : date.toLocaleString());
}

function events(list) {
  if (list.length === 0) return h("p", { class: "dim" }, "none since this server began");
  return h("ul", { class: "plain" }, list.map((one) => h("li", null,
    moment(one.at_s),
    h("span", { class: one.level }, one.text))));
}

function draw() {
  tick();
  if (!state.data || !state.data.picture || !state.hello) return;
  const { picture, drift, lost } = state.data, live = lost === null;
  at("name").textContent = picture.cluster;
  at("source").textContent = [state.hello.source, `configuration ${picture.version}`, picture.quorate ? "has quorum" : "NO QUORUM",
    picture.maintenance ? "IN MAINTENANCE" : "", picture.busy.length > 0 ? `at work: ${picture.busy.slice(0, 3).map((b) => `${b.operation} of ${b.resource}`).join(", ")}` : ""]
    .filter(Boolean).join(" · ");
  part("where", [picture.nodes, picture.resources, picture.maintenance, picture.quorate, picture.failures.length, live, state.hello.verbs], () => where(picture, live));
  part("failures", [picture.failures, live, state.hello.verbs], () => failures(picture.failures, live));
  part("left", picture.leftovers, () => leftovers(picture.leftovers));
  if (drift !== null) {
    part("drift", drift, () => drift.length === 0 ? h("p", { class: "dim" }, "none: what is live is what the policy says")
      : h("ul", { class: "plain" }, drift.map((line) => h("li", null, line))));
  }
  part("events", state.data.events, () => events(state.data.events));
  at("foot").textContent = `Picket ${state.hello.version} · ${state.hello.changes ? "changes are allowed, each one shown and confirmed" : "this page only shows"}`;
  at("end").disabled = false;
}

// Once in a second: ages, and whether what is shown is live.
function tick() {
  if (state.heard_ms === 0) return;
  for (const one of document.querySelectorAll("[data-since]")) {
    const text = "for " + ageText(now_s() - Number(one.dataset.since));
    if (one.textContent !== text) one.textContent = text;
  }
  const age_s = now_s() - state.read_s, lost = state.data && state.data.lost;
  const silent = performance.now() - state.heard_ms > OLD_S * 1000;
  const old = Boolean(lost) || silent || age_s > OLD_S || state.stop === null;
  const name = state.data && state.data.picture ? state.data.picture.cluster : "";
  document.body.className = state.data ? (old ? "old" : "live") : "waiting";
  at("what-if").disabled = old || !state.data;
  at("badge").textContent = old ? "NOT LIVE" : "LIVE";
  document.title = `${old ? `NOT LIVE, ${ageText(age_s)} old` : "LIVE"}: ${name}`;
  at("age").textContent = old ? `what is shown is ${ageText(age_s)} old` : `read ${ageText(age_s)} ago`;
  if (lost) complain(`The cluster cannot be read: ${lost.why}. What is shown is ${ageText(age_s)} old.`);
  else if (silent) complain(`picket serve does not answer. What is shown is ${ageText(age_s)} old.`);
  else if (state.was_old && state.stop !== null) complain("");
  state.was_old = old;
}

// --- questions and changes ---------------------------------------------------------------------------------

function show(head, body, ticket, doing) {
  at("answer-head").textContent = head;
  at("answer-body").replaceChildren(...[body].flat());
  at("do").hidden = !ticket;
  at("do").textContent = doing || "";
  at("do").disabled = false;
  state.ticket = ticket;
  document.querySelector("dialog .simulated").hidden = ticket === undefined;
  if (!at("answer").open) at("answer").showModal();
}

async function ask(change) {
  show("…", h("p", { class: "dim" }, "The simulation runs."), null);
  const { status, json } = await post("/ask", change);
  if (status !== 200) return show("No answer", h("p", { class: "bad" }, json.error), null);
  const question = change.verb === "reboot" ? `Is it safe to ${json.title} now?` : `What happens: ${json.title}`;
  show(question, [h("p", { class: `verdict ${json.answer}`, id: "verdict" }, json.sentence),
    json.parts.map((one) => [h("h3", null, one.when), h("ul", { class: "plain" }, one.lines.map((line) => h("li", { class: line.level }, line.text)))]).flat(),
    json.notes.length > 0 ? [h("h3", null, "Note"), h("ul", { class: "plain" }, json.notes.map((note) => h("li", { class: "dim" }, note)))] : []].flat(),
    json.ticket, json.ticket ? `Do it: ${json.title}` : "");
}

async function carryOut() {
  at("do").disabled = true;
  const { status, json } = await post("/do", { ticket: state.ticket });
  if (status === 200) return show("Done", h("p", { class: "good" }, `Done: ${json.done}. What the cluster makes of it comes in the events.`), undefined);
  show("Not done", h("p", { class: "bad" }, json.error), undefined);
}

// What may be done with one resource.
function about(one) {
  const id = one.of || one.name, tools = [];
  const add = (verb, text, change) => { if (offers(verb) && state.data.lost === null) tools.push(button(text, `${verb} ${text}`, () => ask({ verb, resource: id, ...change }))); };
  add("stop", `Stop ${id} …`);
  add("start", `Start ${id} …`);
  for (const node of state.data.picture.nodes) if (node.state === "online" && !one.nodes.includes(node.name)) add("move", `Move to ${node.name} …`, { node: node.name });
  add("clear", "Take back moves and bans …");
  if (offers("cleanup") && state.data.lost === null) tools.push(button("Forget its failures …", "cleanup", () => ask({ verb: "cleanup", resource: one.name })));
  show(one.id, [h("p", null, one.agent), h("p", null, one.nodes.length > 0 ? `${one.role} on ${one.nodes.join(", ")}` : "runs nowhere"),
    one.of ? h("p", { class: "dim" }, `part of ${one.of}`) : null, one.trouble ? h("p", { class: "bad" }, one.trouble) : null,
    h("div", { class: "tools" }, tools)].filter(Boolean), undefined);
}

function start() {
  at("what-if").addEventListener("click", () => window.open(`/what-if/${state.page}`, "_blank", "noopener"));
  at("end").addEventListener("click", async () => {
    await post("/end", {});
    const stop = state.stop;
    state.stop = null;
    if (stop) stop.abort();
    remember("", "");
    tick();
    complain("The session is over.");
    at("what-if").disabled = at("end").disabled = true;
  });
  at("do").addEventListener("click", carryOut);
  at("close").addEventListener("click", () => at("answer").close());
  at("password").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    enter({ name: form.get("name"), password: form.get("password") });
    event.target.elements.password.value = "";
  });
  setInterval(tick, 1000);
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (location.hash) history.replaceState(null, "", location.pathname);
  if (token) enter({ token });
  else if (state.key) follow();
  else enter({});
}

start();
