// Makes bundle.js from src/: what the page runs. It is checked in, so that building picket needs no npm.
//
//   npm ci && node build.mjs           writes bundle.js
//   node build.mjs --check             fails if bundle.js was not made from these sources
//   node build.mjs --stamp             the same without esbuild: compares the digest of the sources only
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

function digest() {
  const hash = createHash("sha256");
  for (const name of ["package.json", ...readdirSync(join(here, "src")).sort().map((one) => "src/" + one)]) {
    hash.update(name + "\0").update(readFileSync(join(here, name))).update("\0");
  }
  return hash.digest("hex");
}

async function build() {
  const esbuild = await import("esbuild");
  const common = { bundle: true, minify: true, write: false, target: ["chrome95", "firefox113", "safari16"], charset: "ascii", legalComments: "none" };
  const text = async (options) => (await esbuild.build({ ...common, ...options })).outputFiles[0].text;
  const worker = await text({ entryPoints: [join(here, "src/worker.js")], format: "iife" });
  const page = await text({
    entryPoints: [join(here, "src/main.jsx")],
    format: "iife",
    jsxFactory: "h",
    jsxFragment: "Fragment",
    plugins: [{
      name: "worker",
      setup(set) {
        set.onResolve({ filter: /^worker:/ }, ({ path }) => ({ path, namespace: "worker" }));
        set.onLoad({ filter: /.*/, namespace: "worker" }, () => ({ contents: worker, loader: "text" }));
      },
    }],
  });
  // esbuild sees to it; a page would end in the middle otherwise.
  if (/<\/script|<!--/i.test(page)) throw new Error("the script holds what would end it");
  return `// Made by build.mjs; with Preact (MIT). Sources: ${digest()}\n` + page;
}

const asked = process.argv[2];
const file = join(here, "bundle.js");
if (asked === "--stamp") {
  const first = readFileSync(file, "utf8").split("\n", 1)[0];
  if (!first.endsWith("Sources: " + digest())) {
    console.error("bundle.js was not made from src/ as it is now; run `npm ci && node build.mjs` in web/page");
    process.exit(1);
  }
} else if (asked === "--check") {
  if (readFileSync(file, "utf8") !== await build()) {
    console.error("bundle.js differs from what src/ gives; run `npm ci && node build.mjs` in web/page");
    process.exit(1);
  }
} else {
  const made = await build();
  writeFileSync(file, made);
  console.log(`bundle.js: ${made.length} bytes`);
}
