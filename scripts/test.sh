#!/usr/bin/env bash
# All tests but the long ones, as five runs side by side that take about the same processor time, so that none is left
# alone at the end: most tests wait a good part of their time, for processes, timeouts and the event loop. Fails if any
# does; which failed and why is said last. Called by `make test`.
set -uo pipefail
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=offscreen COLUMNS=${COLUMNS:-160} # room for why a test failed, in its one line
declare -A parts=(
  [window]="tests/e2e"
  [organisation]="tests/workstation tests/intake tests/demo"
  [workers]="tests/media tests/vault"
  [widgets]="tests/ui"
)
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
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
  run "$name" "${folders[@]}" >"$logs/$name" 2>&1 &
  running[$name]=$!
done
run rest "${others[@]}" 2>&1 | tee "$logs/rest"
status=${PIPESTATUS[0]}
broken=()
[ "$status" -eq 0 ] || broken+=(rest)
for name in "${!running[@]}"; do
  if wait "${running[$name]}"; then
    cat "$logs/$name"
  else
    broken+=("$name")
  fi
done
times >"$logs/times"
printf '\nProcessor time of all tests, user and system: %s\n' "$(tail -n 1 "$logs/times")"
[ "${#broken[@]}" -eq 0 ] && exit 0
# What failed comes after all that passed, and at the very end one line for each test.
for name in "${broken[@]}"; do
  [ "$name" = rest ] || cat "$logs/$name"
done
printf '\n=== failed in: %s\n' "${broken[*]}"
for name in "${broken[@]}"; do
  # A run that was killed, or crashed inside a library, has no such line: then its last words count.
  grep -hE '^(FAILED|ERROR) ' "$logs/$name" || tail -n 60 "$logs/$name"
done
exit 1
