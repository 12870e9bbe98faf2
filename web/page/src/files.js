// Files that were dropped: policies, with what they import; a CIB, a saved scheduler input (bzip2), an archive of
// crm_report. Nothing leaves the browser.

const kBytesMax = 256 << 20;
const kFilesMax = 500;

// Files and folders of a drop, or of a file dialog, as [{path, file}]; a folder's files have its name in their paths.
export async function gather(transfer) {
  const entries = [...(transfer.items ?? [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files].map((file) => ({ path: file.name, file }));
  const found = [];
  const walk = async (entry, path) => {
    if (found.length > kFilesMax) throw new Error(`the folder has more than ${kFilesMax} files`);
    if (entry.isFile) return found.push({ path, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) });
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const one of some) if (!one.name.startsWith(".")) await walk(one, path + "/" + one.name);
    }
  };
  for (const entry of entries) await walk(entry, entry.name);
  // Of a folder only what can be meant.
  return found.filter(({ path }) => /\.(picket|xml|bz2|gz|tgz)$/.test(path));
}

// One of them, unpacked: {path, text}.
export async function readDropped({ path, file }) {
  if (file.size > kBytesMax) throw new Error(`${path} is larger than any CIB`);
  let bytes = new Uint8Array(await file.arrayBuffer());
  for (let i = 0; i < 2; i++) {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = await gunzip(bytes, path);
    else if (bytes[0] === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68) bytes = bunzip2(bytes);
    else if (bytes[0] === 0xfd && bytes[1] === 0x37) throw new Error(`${path} is packed with xz, which is not read here; unpack it with \`xz -d\``);
  }
  if (text(bytes.subarray(257, 262)) === "ustar") {
    const found = cibOf(bytes);
    if (!found) throw new Error(`there is no cib.xml in ${path}`);
    return { path: path + ":" + found.name, text: text(found.bytes) };
  }
  return { path, text: text(bytes) };
}

const isCib = (one) => /^[\s\ufeff]*</.test(one.text);
const baseOf = (path) => path.split("/").at(-1);
const folderOf = (path) => path.slice(0, path.length - baseOf(path).length);

// `a/../b` as `b`.
function plain(path) {
  const parts = [];
  for (const part of path.split("/")) {
    if (part === "." || part === "") continue;
    if (part === ".." && parts.length && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

// What a policy imports, as it says it.
export function importsOf(text) {
  return [...text.matchAll(/^[ \t]*import[ \t]+(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/gm)].map((one) => one[1] ?? one[2]);
}

// The file that an import of `from` means: where it says; else the only one of that name, if files were dropped without their
// folders.
function meant(files, from, said) {
  const exact = files.find((one) => plain(one.path) === plain(folderOf(from) + said));
  if (exact) return exact;
  const alike = files.filter((one) => baseOf(one.path) === baseOf(said));
  return alike.length === 1 ? alike[0] : null;
}

// Policies and CIBs that stand for themselves, each with the files that it imports, by the names that the compiler asks for.
// Throws if it cannot be told which file is meant.
export function subjectsOf(files) {
  const policies = files.filter((one) => !isCib(one));
  const imported = new Set();
  for (const one of policies) for (const said of importsOf(one.text)) imported.add(meant(policies, one.path, said));
  const mains = files.filter((one) => !imported.has(one));
  if (mains.length > 2) throw new Error(`which one is meant? Drop one of them, with what it imports, or two to compare: ${mains.slice(0, 8).map((one) => one.path).join(", ")}${mains.length > 8 ? ", …" : ""}`);
  return (mains.length ? mains : files.slice(0, 1)).map((one) => isCib(one) ? one : withImports(one, policies));
}

// The same policy with the files that it needs, as far as they are among `files`; `missing` says what is not.
export function withImports(main, files) {
  const found = {}, missing = [], seen = new Set();
  const visit = (text, asked) => {
    for (const said of importsOf(text)) {
      // The compiler asks for the path relative to the file that imports, as it was asked for itself.
      const name = /^\//.test(said) ? said : folderOf(asked) + said;
      if (seen.has(name)) continue;
      seen.add(name);
      const file = meant(files, asked, said) ?? (main.files?.[name] !== undefined ? { text: main.files[name] } : null);
      if (!file) {
        missing.push(name);
        continue;
      }
      found[name] = found[plain(name)] = file.text;
      visit(file.text, name);
    }
  };
  visit(main.text, main.path);
  return { ...main, files: { ...(main.files ?? {}), ...found }, missing };
}

function text(bytes) {
  return new TextDecoder().decode(bytes);
}

async function gunzip(bytes, path) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts = [];
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > kBytesMax) break;
      parts.push(value);
    }
  } catch {
    throw new Error(`${path} is damaged: it cannot be unpacked`);
  }
  if (total > kBytesMax) throw new Error(`${path} is larger than any CIB`);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// The cib.xml of the archive whose path is shortest: the one of the node that collected.
function cibOf(tar) {
  let best = null;
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const field = (from, size) => text(tar.subarray(at + from, at + from + size)).replace(/\0.*$/s, "");
    const size = parseInt(field(124, 12).trim(), 8) || 0;
    const name = (field(345, 155) ? field(345, 155) + "/" : "") + field(0, 100);
    if (/(^|\/)cib\.xml$/.test(name) && (!best || name.length < best.name.length)) best = { name, bytes: tar.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return best;
}

// bzip2, as its format is described everywhere: Huffman, move to front, runs, Burrows and Wheeler.
export function bunzip2(input) {
  let position = 0, held = 0, count = 0;
  const bits = (n) => {
    let value = 0;
    while (n > 0) {
      if (count === 0) {
        if (position >= input.length) throw new Error("the file ends too early");
        held = input[position++];
        count = 8;
      }
      const take = Math.min(n, count);
      value = value * (1 << take) + ((held >> (count - take)) & ((1 << take) - 1));
      count -= take;
      n -= take;
    }
    return value;
  };
  const out = [];
  let total = 0;
  for (;;) {
    if (bits(24) !== 0x425a68) throw new Error("this is not bzip2");
    const blockMax = (bits(8) - 48) * 100000;
    if (!(blockMax > 0 && blockMax <= 900000)) throw new Error("this is not bzip2");
    for (;;) {
      const magic = bits(24) * 0x1000000 + bits(24);
      bits(32);
      if (magic === 0x177245385090) break;
      if (magic !== 0x314159265359) throw new Error("the packed file is damaged");
      const block = readBlock(bits, blockMax);
      total += block.length;
      if (total > kBytesMax) throw new Error("the file is larger than any CIB");
      out.push(block);
    }
    count = 0;  // streams begin at whole bytes
    if (position + 4 > input.length) break;
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of out) whole.set(part, at), at += part.length;
  return whole;
}

function readBlock(bits, blockMax) {
  if (bits(1)) throw new Error("this bzip2 is of a kind that nobody writes any more");
  const origin = bits(24);
  const used = [];
  const groups = bits(16);
  for (let i = 0; i < 16; i++) {
    if (!(groups & (0x8000 >> i))) continue;
    const some = bits(16);
    for (let j = 0; j < 16; j++) if (some & (0x8000 >> j)) used.push(i * 16 + j);
  }
  const tables = bits(3), selectors = bits(15);
  if (tables < 2 || tables > 6 || selectors < 1 || !used.length) throw new Error("the packed file is damaged");
  const order = [...Array(tables).keys()];
  const chosen = [];
  for (let i = 0; i < selectors; i++) {
    let j = 0;
    while (bits(1)) if (++j >= tables) throw new Error("the packed file is damaged");
    const [table] = order.splice(j, 1);
    order.unshift(table);
    chosen.push(table);
  }
  const symbols = used.length + 2;
  const codes = [];
  for (let i = 0; i < tables; i++) {
    let length = bits(5);
    const lengths = [];
    for (let j = 0; j < symbols; j++) {
      while (bits(1)) length += bits(1) ? -1 : 1;
      if (length < 1 || length > 20) throw new Error("the packed file is damaged");
      lengths.push(length);
    }
    const counts = new Array(22).fill(0);
    for (const one of lengths) counts[one]++;
    const sorted = [];
    for (let one = 1; one <= 20; one++) lengths.forEach((length_, symbol) => length_ === one && sorted.push(symbol));
    codes.push({ counts, sorted });
  }
  const decode = ({ counts, sorted }) => {
    let code = 0, first = 0, index = 0;
    for (let length = 1; length <= 20; length++) {
      code = code * 2 + bits(1);
      const here = counts[length];
      if (code - first < here) return sorted[index + code - first];
      index += here;
      first = (first + here) * 2;
    }
    throw new Error("the packed file is damaged");
  };
  const bytes = new Uint8Array(blockMax);
  const front = [...used];
  let size = 0, run = 0, weight = 1, group = -1, left = 0;
  for (;;) {
    if (left-- === 0) {
      if (++group >= chosen.length) throw new Error("the packed file is damaged");
      left = 49;
    }
    const symbol = decode(codes[chosen[group]]);
    if (symbol <= 1) {
      run += weight << symbol;
      weight <<= 1;
      if (run > blockMax) throw new Error("the packed file is damaged");
      continue;
    }
    if (run) {
      if (size + run > blockMax) throw new Error("the packed file is damaged");
      bytes.fill(front[0], size, size + run);
      size += run;
      run = 0;
      weight = 1;
    }
    if (symbol === symbols - 1) break;
    const [byte] = front.splice(symbol - 1, 1);
    front.unshift(byte);
    if (size >= blockMax) throw new Error("the packed file is damaged");
    bytes[size++] = byte;
  }
  if (origin >= size) throw new Error("the packed file is damaged");
  const starts = new Uint32Array(257);
  for (let i = 0; i < size; i++) starts[bytes[i] + 1]++;
  for (let i = 0; i < 256; i++) starts[i + 1] += starts[i];
  const next = new Uint32Array(size);
  for (let i = 0; i < size; i++) next[starts[bytes[i]]++] = i;
  const out = [];
  let at = next[origin], repeats = 0, last = -1;
  for (let i = 0; i < size; i++) {
    const byte = bytes[at];
    at = next[at];
    if (repeats === 4) {
      for (let j = 0; j < byte; j++) out.push(last);
      repeats = 0;
      last = -1;
      continue;
    }
    repeats = byte === last ? repeats + 1 : 1;
    last = byte;
    out.push(byte);
  }
  return Uint8Array.from(out);
}
