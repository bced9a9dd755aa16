#!/bin/sh
# Makes the lab's parts ready in the cache: scripts/build-parts.sh [NAME...]; `list` names them.
# Needs Node, and Go for what is not cached; no npm package.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
if [ "${1:-}" != list ]; then
  set -- build "$@"
fi
exec node --experimental-strip-types --disable-warning=ExperimentalWarning \
  --disable-warning=MODULE_TYPELESS_PACKAGE_JSON "$root/packages/lab/src/parts/main.ts" "$@"
