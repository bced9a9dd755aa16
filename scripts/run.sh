#!/bin/sh
# Runs a command with the right node, yarn and dependencies in place: scripts/run.sh node --version
set -eu
LATTICE_BOOTSTRAP=$0
. "$(dirname -- "$0")/bootstrap.sh"
cd "$root"
exec "$@"
