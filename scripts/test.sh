#!/usr/bin/env bash
# All tests but the long ones, as four runs side by side: most of them wait a good part of their time, for processes,
# timeouts and the event loop. Fails if any does. Called by `make test`.
set -uo pipefail
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=offscreen
declare -A parts=(
  [window]="tests/e2e"
  [organisation]="tests/workstation tests/intake tests/demo"
  [workers]="tests/media"
)
run() { # name, then what pytest is given
  local name=$1
  shift
  .venv/bin/python -m pytest -o cache_dir=".pytest_cache/$name" "$@"
}
declare -A running
others=()
for name in "${!parts[@]}"; do
  read -ra folders <<<"${parts[$name]}"
  others+=("${folders[@]/#/--ignore=}")
  run "$name" "${folders[@]}" >".pytest-$name.log" 2>&1 &
  running[$name]=$!
done
run rest "${others[@]}"
failed=$?
for name in "${!running[@]}"; do
  wait "${running[$name]}" || failed=1
  cat ".pytest-$name.log"
  rm -f ".pytest-$name.log"
done
[ "$failed" -eq 0 ]
