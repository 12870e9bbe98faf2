// The engine's module: text in, text out. Under Node for its tests, in a worker for the page.
//
// It has no files and no network: of the system's functions that its C library knows, it gets a clock, and a place for
// the words of a failed assertion.

const kNotSupported = 52, kNoSuchFile = 8;

export function instantiate(module) {
  let instance = null;
  let said = "";
  const view = () => new DataView(instance.exports.memory.buffer);
  const system = {
    fd_write(fd, list, count, written) {
      let bytes = 0;
      for (let i = 0; i < count; i++) {
        const at = view().getUint32(list + 8 * i, true), size = view().getUint32(list + 8 * i + 4, true);
        said += new TextDecoder().decode(new Uint8Array(instance.exports.memory.buffer, at, size));
        bytes += size;
      }
      view().setUint32(written, bytes, true);
      return 0;
    },
    clock_time_get(which, precision, at) {
      view().setBigUint64(at, BigInt(Math.round(performance.now() * 1e6)), true);
      return 0;
    },
    environ_sizes_get(count, bytes) {
      view().setUint32(count, 0, true);
      view().setUint32(bytes, 0, true);
      return 0;
    },
    environ_get: () => 0,
    fd_prestat_get: () => kNoSuchFile,  // no folder was handed over
    fd_fdstat_get: () => kNoSuchFile,
    proc_exit(code) {
      throw new Error("the engine has stopped (" + code + ")");
    },
  };
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = system[name] ?? (() => kNotSupported);
  }
  instance = new WebAssembly.Instance(module, imports);
  const { memory, allocate, release, call, answer, _initialize } = instance.exports;
  _initialize?.();
  return {
    call(text) {
      said = "";
      const bytes = new TextEncoder().encode(text);
      const at = allocate(bytes.length || 1);
      if (!at) throw new Error("the engine has no memory for this");
      new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
      try {
        const size = call(at, bytes.length);
        const found = new Uint8Array(memory.buffer, answer(), size);
        release(at);
        return new TextDecoder().decode(found);
      } catch (error) {
        throw new Error(said.trim() || error.message);
      }
    },
  };
}
