#!/bin/sh
# bundle.js was made from src/: by its digest; byte for byte where esbuild is installed (`npm ci` in web/page).
set -eu
cd web/page
command -v node >/dev/null || { echo 'SKIPPED: there is no Node on this machine'; exit 0; }
node build.mjs --stamp
real=$(dirname "$(readlink -f build.mjs)")
if [ -d "$real/node_modules/esbuild" ]; then
  node "$real/build.mjs" --check
else
  echo 'only by its digest: there is no esbuild in web/page/node_modules'
fi
