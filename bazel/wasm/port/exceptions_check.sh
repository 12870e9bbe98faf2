#!/bin/sh
# Exceptions on wasm32, run under Node, do what they do in a native program.
#
#   exceptions_check.sh RUNTIME CHECK
#
# Where the cross compiler or Node is missing it says so and passes.
set -eu
runtime=$1
check=$2
llvm=/usr/lib/llvm-19
for needed in clang++-19 wasm-ld-19 g++ node; do
  command -v "$needed" >/dev/null || { echo "SKIPPED: there is no $needed on this machine"; exit 0; }
done
[ -r /usr/lib/wasm32-wasi/libc++abi.a ] || { echo 'SKIPPED: there is no libc++ for wasm32 on this machine'; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/run.mjs" <<'END'
import fs from "node:fs";
import {WASI} from "node:wasi";
const wasi = new WASI({version: "preview1"});
const module = await WebAssembly.compile(fs.readFileSync(process.argv[2]));
wasi.start(await WebAssembly.instantiate(module, {wasi_snapshot_preview1: wasi.wasiImport}));
END

g++ -std=c++20 "$check" -o "$work/native"
"$work/native" >"$work/expected"
for level in -O0 -O1 -Oz; do
  for source in "$runtime" "$check"; do
    clang++-19 --target=wasm32-wasi -std=c++20 -Wall -Wextra -Werror "$level" -fwasm-exceptions \
      -isystem "$llvm/include/wasm32-wasi/c++/v1" -isystem /usr/include/wasm32-wasi \
      -c "$source" -o "$work/$(basename "$source").o"
  done
  wasm-ld-19 -L/usr/lib/wasm32-wasi /usr/lib/wasm32-wasi/crt1-command.o "$work"/*.o -lc++ -lc++abi -lc \
    "$llvm/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a" -o "$work/check.wasm"
  node --no-warnings "$work/run.mjs" "$work/check.wasm" >"$work/got"
  diff "$work/expected" "$work/got"
  echo "$level: as the native program, $(wc -l <"$work/got") lines"
done
