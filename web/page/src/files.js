// A file that was dropped: a policy, a CIB, a saved scheduler input (bzip2), an archive of crm_report. Nothing leaves
// the browser.

const kBytesMax = 256 << 20;

export async function readDropped(file) {
  if (file.size > kBytesMax) throw new Error(`${file.name} is larger than any CIB`);
  let bytes = new Uint8Array(await file.arrayBuffer());
  for (let i = 0; i < 2; i++) {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = await gunzip(bytes);
    else if (bytes[0] === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68) bytes = bunzip2(bytes);
    else if (bytes[0] === 0xfd && bytes[1] === 0x37) throw new Error(`${file.name} is packed with xz, which is not read here; unpack it with \`xz -d\``);
  }
  if (text(bytes.subarray(257, 262)) === "ustar") {
    const found = cibOf(bytes);
    if (!found) throw new Error(`there is no cib.xml in ${file.name}`);
    return { path: file.name + ":" + found.name, text: mask(text(found.bytes)) };
  }
  return { path: file.name, text: mask(text(bytes)) };
}

function text(bytes) {
  return new TextDecoder().decode(bytes);
}

// Passwords never come to be shown.
function mask(xml) {
  if (!/^\s*</.test(xml)) return xml;
  return xml.replace(/<nvpair\b[^>]*>/g, (pair) => /\bname=["'][^"']*(passw|secret|token|private_?key|community)/i.test(pair) || /\bname=["']pass["']/i.test(pair)
    ? pair.replace(/\bvalue=("[^"]*"|'[^']*')/, 'value="********"') : pair);
}

async function gunzip(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
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
