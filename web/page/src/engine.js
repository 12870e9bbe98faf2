// Questions to the engine, each a promise. Answers come in the order of the questions.
import workerText from "worker:worker.js";

async function unpack(base64) {
  const binary = atob(base64.replace(/\s+/g, ""));
  const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

export async function startEngine(base64) {
  const worker = new Worker(URL.createObjectURL(new Blob([workerText], { type: "text/javascript" })));
  const waiting = new Map();
  let next = 1;
  const ready = new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message || "the engine cannot be started here"));
    worker.onmessage = ({ data }) => {
      if (data.ready) return resolve();
      if (data.failed) return reject(new Error(data.failed));
      const { resolve: answered, began } = waiting.get(data.id);
      waiting.delete(data.id);
      const answer = JSON.parse(data.answer);
      answer.took_ms = performance.now() - began;
      answered(answer);
    };
  });
  const wasm = await unpack(base64);
  worker.postMessage({ wasm }, [wasm]);
  await ready;
  return {
    ask(request) {
      const id = next++;
      return new Promise((resolve) => {
        waiting.set(id, { resolve, began: performance.now() });
        worker.postMessage({ id, text: JSON.stringify(request) });
      });
    },
  };
}
