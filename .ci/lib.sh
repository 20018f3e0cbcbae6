# Shared by the scripts of this folder: where things are, how a step speaks, and when it is already done.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD
VENV=$ROOT/.venv
BUILD=$ROOT/build
LOGS=$BUILD/logs
STAMPS=$BUILD/stamps
PY=$VENV/bin/python
export PATH="$VENV/bin:$PATH"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PYTHONUTF8=1
mkdir -p "$LOGS" "$STAMPS"

say() { printf '· %s\n' "$*"; }

die() {
  printf 'yibiao: %s\n' "$*" >&2
  exit 1
}

# log NAME COMMAND… runs quietly; what it printed is shown only when it fails.
log() {
  local name=$1
  shift
  if ! "$@" </dev/null >"$LOGS/$name.log" 2>&1; then
    tail -n 40 "$LOGS/$name.log" >&2
    die "this failed: $* (all of its output: build/logs/$name.log)"
  fi
}

# hash WORD… names a state: of files their content, of other words the words themselves.
hash() {
  local word
  for word in "$@"; do
    if [ -f "$word" ]; then cat "$word"; else printf '%s\n' "$word"; fi
  done | sha256sum | cut -d' ' -f1
}

# A step that is done leaves a stamp with the state it was done for.
done_for() { [ "$(cat "$STAMPS/$1" 2>/dev/null)" = "$2" ]; }
mark_done() { printf '%s\n' "$2" >"$STAMPS/$1"; }
