// The engine's module says what the native program says, byte for byte.
//
//   engine_test.mjs MODULE.gz PROGRAM PICKET MODULE.js FILE…
//
// FILE: policies, whose tests are played, swept and asked about, and CIBs, which are decided. Each request goes to both
// engines; the verdicts are also those of `picket test`, and the decisions those of `picket simulate`. The CIBs of the
// folders that PICKET_CIBS names (parted by colons) are decided as well.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { pathToFileURL } from "node:url";

const kPackedMax = 1500000;
const [packed, program, picket, moduleScript, ...files] = process.argv.slice(2);
const bytes = fs.readFileSync(packed);
if (bytes.length === 0) {
  console.log("SKIPPED: the packages of kind `page` in bazel/packages.txt were not here when the engine was built");
  process.exit(0);
}
process.env.TZ = "UTC";
let failed = 0;
const check = (what, is_so) => {
  if (!is_so) {
    failed += 1;
    console.log("FAILED: " + what);
  }
};
check(`the engine is ${bytes.length} bytes, at most ${kPackedMax}`, bytes.length <= kPackedMax);

const { instantiate } = await import(pathToFileURL(path.resolve(moduleScript)));
const module = await WebAssembly.compile(zlib.gunzipSync(bytes));
let engine = instantiate(module);

function inModule(requests) {
  return requests.map((request) => {
    try {
      return engine.call(JSON.stringify(request));
    } catch (error) {
      engine = instantiate(module);
      return "the module stopped: " + error.message;
    }
  });
}

function inProgram(requests) {
  const run = spawnSync(program, { input: requests.map((request) => JSON.stringify(request) + "\n").join(""), maxBuffer: 1 << 30 });
  return run.stdout.toString().split("\n").slice(0, requests.length);
}

function compare(what, requests) {
  const [here, there] = [inModule(requests), inProgram(requests)];
  requests.forEach((request, i) => {
    if (here[i] === there[i]) return;
    let at = 0;
    while (here[i]?.[at] === there[i]?.[at]) at += 1;
    check(`${what}: ${request.do} ${JSON.stringify(request.steps ?? "")}\n  module:  …${here[i]?.slice(Math.max(at - 40, 0), at + 80)}\n  program: …${there[i]?.slice(Math.max(at - 40, 0), at + 80)}`, false);
  });
  return here.map((answer) => JSON.parse(answer.startsWith("{") || answer.startsWith("[") ? answer : "{}"));
}

// What a policy imports, as the compiler asks for it.
function importsOf(file, text, found = {}) {
  for (const [, name] of text.matchAll(/^\s*import\s+"([^"]+)"/gm)) {
    const imported = path.posix.join(path.posix.dirname(file), name);
    if (imported in found || !fs.existsSync(imported)) continue;
    found[imported] = fs.readFileSync(imported, "utf8");
    importsOf(imported, found[imported], found);
  }
  return found;
}

function policy(file) {
  const text = fs.readFileSync(file, "utf8");
  const load = { do: "load", name: "a", path: file, text, files: importsOf(file, text) };
  const [description] = compare(file, [load]);
  if (!description.ok) return check(`${file} is loaded`, false);
  const paths = [[], ...description.tests.map((test) => test.steps)];
  for (const node of description.nodes.slice(0, 3)) paths.push([`kill ${node.word}`], [`kill ${node.word}`, `online ${node.word}`]);
  const requests = [load, ...paths.map((steps) => ({ do: "play", steps })), { do: "faults" }, { do: "sweep_row", fault: 0, pairs: true },
    { do: "sweep", failures: 1 }, { do: "test" },
    ...description.resources.slice(0, 4).map((one) => ({ do: "why", steps: paths.at(-2), resource: one.id })),
    { do: "export", steps: paths.at(-2), test: "exported" }, { do: "play", steps: ["no such fault"] }];
  const answers = compare(file, requests);
  const run = spawnSync(picket, ["test", file, "--format", "json"], { maxBuffer: 1 << 28 });
  const verdictsOf = (report) => report.policies?.[0]?.verdicts?.map(({ name, passed, cluster_time_ms, histories }) => ({ name, passed, cluster_time_ms, histories }));
  const told = JSON.stringify(verdictsOf(JSON.parse(run.stdout.toString())));
  const own = JSON.stringify(verdictsOf(answers[requests.findIndex((request) => request.do === "test")]));
  check(`${file}: the verdicts are those of picket test\n  picket: ${told}\n  module: ${own}`, told === own && told?.length > 2);
}

function cib(file) {
  const request = { do: "decide", text: fs.readFileSync(file, "utf8"), clock_s: Math.floor(Date.now() / 1000) };
  const run = spawnSync(picket, ["simulate", "--run", "--xml-file", file], { maxBuffer: 1 << 28 });
  if (run.status !== 0) return false;
  const answer = JSON.parse(inModule([request])[0].replace(/^the module/, '{"error":"x"}//').split("//")[0]);
  const native = run.stdout.toString();
  if (answer.text === native) return true;
  let at = 0;
  while (answer.text?.[at] === native[at]) at += 1;
  check(`${file}: the module decides as picket simulate\n  module: …${answer.text?.slice(at, at + 100)} ${answer.error ?? ""}\n  native: …${native.slice(at, at + 100)}`, false);
  return true;
}

let decided = 0;
for (const file of files) {
  if (file.endsWith(".picket")) policy(file);
  else decided += cib(file) ? 1 : 0;
}
for (const folder of (process.env.PICKET_CIBS ?? "").split(":").filter(Boolean)) {
  for (const name of fs.readdirSync(folder).sort()) if (name.endsWith(".xml")) decided += cib(path.join(folder, name)) ? 1 : 0;
}
check("some CIB was decided", decided > 0);
console.log(`${bytes.length} bytes packed; ${files.filter((file) => file.endsWith(".picket")).length} policies and ${decided} CIBs compared, ${failed} differences`);
process.exit(failed ? 1 : 0);
