#!/usr/bin/env bash
# Everything reviewer needs on this machine. Safe to run again. Called by `make setup`.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

# Qt needs these at run time; a bare Debian has none of them. What a desktop happens to have hides a missing step.
libraries=(libglib2.0-0:libglib-2.0.so.0 libgl1:libGL.so.1 libegl1:libEGL.so.1 libfontconfig1:libfontconfig.so.1
  libxkbcommon0:libxkbcommon.so.0 libdbus-1-3:libdbus-1.so.3
  libxcb-cursor0:libxcb-cursor.so.0 libxcb-icccm4:libxcb-icccm.so.4 libxcb-keysyms1:libxcb-keysyms.so.1
  libxcb-shape0:libxcb-shape.so.0 libxcb-xkb1:libxcb-xkb.so.1 libxkbcommon-x11-0:libxkbcommon-x11.so.0
  libxcb-randr0:libxcb-randr.so.0 libxcb-xfixes0:libxcb-xfixes.so.0 libxcb-sync1:libxcb-sync.so.1
  libx11-xcb1:libX11-xcb.so.1)

missing=()
present=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)
if [ "$(uname -s)" = Linux ] && command -v dpkg-query >/dev/null; then
  for pair in "${libraries[@]}"; do
    package=${pair%%:*} library=${pair#*:}
    [[ $present == *"$library "* ]] || missing+=("$package")
  done
  compgen -G '/usr/share/fonts/truetype/dejavu/*.ttf' >/dev/null || missing+=(fonts-dejavu-core) # reports embed it
  "$python" -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
  # Independent peers, for tests and benchmarks only: where they cannot be installed, those tests are skipped.
  for pair in age:age openssl:openssl xmllint:libxml2-utils pdfsig:poppler-utils 7z:p7zip-full; do
    command -v "${pair%%:*}" >/dev/null || [ "$(id -u)" -ne 0 ] || missing+=("${pair#*:}")
  done
fi
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -eq 0 ]; then
    echo "Installing system packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "Please install these first: sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "reviewer needs Python 3.11 or newer." >&2; exit 1; }
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "Installing pinned dependencies (a few minutes the first time)"
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps \
  -r requirements/runtime.txt -r requirements/dev.txt 2> >(grep -v 'is ignored: it is neither' >&2)
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . \
  2> >(grep -v 'is ignored: it is neither' >&2)
echo "Set up."
