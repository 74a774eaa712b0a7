#!/usr/bin/env bash
# Sets the other tools up in target/compare, builds wabill, makes the logs, measures everything and writes benches/RESULTS.md.
# Needs Rust, Python 3.11 or newer with venv, and access to PyPI the first time. The full set takes some 15 GB of disk.
#
#   benches/compare/run.sh            all of it
#   benches/compare/run.sh --quick    a minute with a million rows, to see that it works; writes target/compare/RESULTS.md
#   benches/compare/run.sh --help     all options
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PYTHON:-python3}
target=${CARGO_TARGET_DIR:-target}
venv=target/compare/venv
if [[ ! -x $venv/bin/python ]]; then
    "$python" -m venv "$venv"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement benches/compare/requirements.txt
cargo build --release --locked --example large_log --example csv_loop
# By itself, so that it is what is installed: the tests' dependencies add features to some libraries.
cargo build --release --locked --bin wabill
PYTHONDONTWRITEBYTECODE=1 exec "$venv/bin/python" benches/compare/compare.py --release "$target/release" "$@"
