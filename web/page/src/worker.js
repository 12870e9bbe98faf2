// The engine beside the page, so that the page answers while it thinks.
import { instantiate } from "./module.js";

let module = null;
let engine = null;
const loaded = new Map();  // what to load again after a crash: name -> request

function call(text) {
  const request = JSON.parse(text);
  engine ??= revive();
  try {
    const answer = engine.call(text);
    if (request.do === "load") loaded.set(request.name, text);
    return answer;
  } catch (error) {
    engine = null;
    loaded.delete(request.do === "load" ? request.name : undefined);
    return JSON.stringify({ error: "the engine gave up: " + error.message });
  }
}

function revive() {
  const fresh = instantiate(module);
  for (const text of loaded.values()) fresh.call(text);
  return fresh;
}

self.onmessage = async ({ data }) => {
  if (data.wasm) {
    try {
      module = await WebAssembly.compile(data.wasm);
      engine = revive();
      self.postMessage({ ready: true });
    } catch (error) {
      self.postMessage({ failed: error.message });
    }
    return;
  }
  self.postMessage({ id: data.id, answer: call(data.text) });
};
