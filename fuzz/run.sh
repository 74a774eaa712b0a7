#!/bin/sh
# Runs every target for its share of the time: fuzz/run.sh [SECONDS IN ALL]. Keeps the last figures of each in fuzz/figures.txt.
set -eu
cd "$(dirname "$0")"
all=${1:-2100}
: > figures.txt
run() {
    seconds=$((all * $2 / 100))
    # Memory is held to 1 GiB, and one input to ten seconds.
    nice -n 15 cargo +nightly fuzz run -s none "$1" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=8192 \
        -dict=words.dict -print_final_stats=1 -verbosity=1 > "run-$1.log" 2>&1 || echo "$1: STOPPED, see run-$1.log" >> figures.txt
    coverage=$(grep -o 'cov: [0-9]* ft: [0-9]*' "run-$1.log" | tail -n 1)
    units=$(grep -o 'number_of_executed_units: [0-9]*' "run-$1.log" | tail -n 1 | grep -o '[0-9]*$')
    echo "$1: $seconds s, ${units:-?} executions, $coverage" >> figures.txt
}
run webhooks 30
run canonical_csv 24
run replay 12
run canonical_json 10
run by_content 8
run rates_import 6
run side_files 5
run observe_time 4
run parquet 1
