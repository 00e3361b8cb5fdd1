#!/usr/bin/env bash
# All tests but the long ones, as two runs side by side: one starts real organisations and mostly waits for them, the
# other mostly computes. Fails if either does. Called by `make test`.
set -uo pipefail
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM=offscreen
organisations=(tests/e2e tests/workstation tests/intake tests/demo)
.venv/bin/python -m pytest -o cache_dir=.pytest_cache/organisations "${organisations[@]}" >.pytest-organisations.log 2>&1 &
beside=$!
.venv/bin/python -m pytest "${organisations[@]/#/--ignore=}"
rest=$?
wait "$beside"
organisation=$?
cat .pytest-organisations.log
rm -f .pytest-organisations.log
[ "$rest" -eq 0 ] && [ "$organisation" -eq 0 ]
