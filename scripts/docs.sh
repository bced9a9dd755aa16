#!/usr/bin/env bash
# Builds the documentation into site/ with a pinned mkdocs-techdocs-core in a virtual environment below .lattice/.
set -euo pipefail
cd "$(dirname "$0")/.."
state="${LATTICE_HOME:-.lattice}"
venv="$state/mkdocs"
if ! command -v python3 >/dev/null 2>&1; then
  echo "python3 is missing: install Python 3.9 or newer, then run make docs again." >&2
  exit 2
fi
if [ ! -x "$venv/bin/mkdocs" ]; then
  echo "Preparing MkDocs in $venv ..."
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'mkdocs-techdocs-core==1.6.0'
fi
"$venv/bin/mkdocs" build --strict --quiet --site-dir "$PWD/site"
echo "The documentation is in site/index.html"
