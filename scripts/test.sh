#!/usr/bin/env bash
# All tests but the long ones, as three runs side by side: one starts real organisations, one real sealed workers, and
# both wait a good part of their time; the third computes. Fails if any does. Called by `make test`.
set -uo pipefail
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=offscreen
organisations=(tests/e2e tests/workstation tests/intake tests/demo)
workers=(tests/media)
run() { # name, then what pytest is given
  local name=$1
  shift
  .venv/bin/python -m pytest -o cache_dir=".pytest_cache/$name" "$@"
}
run organisations "${organisations[@]}" >.pytest-organisations.log 2>&1 &
organisation=$!
run workers "${workers[@]}" >.pytest-workers.log 2>&1 &
worker=$!
run rest "${organisations[@]/#/--ignore=}" "${workers[@]/#/--ignore=}"
failed=$?
wait "$worker" || failed=1
wait "$organisation" || failed=1
cat .pytest-workers.log .pytest-organisations.log
rm -f .pytest-workers.log .pytest-organisations.log
[ "$failed" -eq 0 ]
