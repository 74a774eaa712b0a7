#!/usr/bin/env bash
# Counts the instructions of each stage of a replay and fails where one grew by more than the tolerance: a gate for regressions that a
# busy machine cannot move, as times would.
#
#   benches/instructions/run.sh                    counts, compares with baseline.toml
#   benches/instructions/run.sh --update           counts, writes baseline.toml anew: commit it with the change that explains it
#   benches/instructions/run.sh --functions STAGE  the functions of a run up to that stage that take most
#
# Stages: plan, read, partition, judge, rate, write; see stages.rs for what each holds. Needs valgrind (apt-get install valgrind).
#
# Counts are of the program's own functions (own.awk): without the C library and SHA-256. Valgrind shows programs a processor of its own, so
# those that choose their code by it (memchr) choose alike on any x86-64 with AVX2. What is left differs by less than 0.5 % from run to run
# (hash maps with random seeds); another version of rustc or of a dependency may move counts by more, and is a reason for --update.
set -euo pipefail
cd "$(dirname "$0")/../.."

stages=(plan read partition judge rate write)
baseline=benches/instructions/baseline.toml
target=${CARGO_TARGET_DIR:-target}
work=$target/instructions
program=$target/release/wabill-stages

usage() {
    sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
    exit "$1"
}

# A value of the baseline; empty if it has none.
known() {
    [[ -f $baseline ]] || return 0
    awk -v key="$1" '$1 == key && $2 == "=" { sub(/^[^=]*= */, ""); gsub(/"/, ""); print; exit }' "$baseline"
}

# Runs a stage, with all stages before it, on one thread.
record() {
    RAYON_NUM_THREADS=1 valgrind --tool=callgrind --callgrind-out-file="$work/$1.callgrind" \
        "$program" "$1" "$work/log.csv" >"$work/$1.seen" 2>"$work/$1.stderr" || {
        cat "$work/$1.stderr" >&2
        echo "error: the stage $1 did not run" >&2
        exit 1
    }
}

own() { awk -v binary=wabill-stages -v by_function="${2:-0}" -f benches/instructions/own.awk "$work/$1.callgrind"; }

prepare() {
    command -v valgrind >/dev/null || {
        echo "error: no valgrind; apt-get install valgrind" >&2
        exit 1
    }
    cargo build --release --locked --package wabill-stages
    mkdir -p "$work"
    "$program" log >"$work/log.csv"
    log_hash=$(sha256sum "$work/log.csv" | cut -d' ' -f1)
    rustc_version=$(rustc --version | cut -d' ' -f2)
}

# A stage's own count is what its run takes beyond the run of the stage before.
count_all() {
    counts=()
    local before=0 so_far stage
    for stage in "${stages[@]}"; do
        record "$stage"
        so_far=$(own "$stage")
        counts+=($((so_far - before)))
        before=$so_far
    done
}

update() {
    local i
    {
        echo "# Instructions of each stage on the fixed log of stages.rs; written by run.sh --update."
        echo "tolerance_percent = $(known tolerance_percent | grep . || echo 3)"
        echo "rustc = \"$rustc_version\""
        echo "log_sha256 = \"$log_hash\""
        echo
        echo "[instructions]"
        for i in "${!stages[@]}"; do echo "${stages[i]} = ${counts[i]}"; done
    } >"$work/baseline.toml"
    mv "$work/baseline.toml" "$baseline"
    cat "$baseline"
}

compare() {
    local tolerance grown=() shrunk=() i stage before ratio
    tolerance=$(known tolerance_percent)
    printf '%-10s %15s %15s %8s\n' stage instructions baseline ratio
    for i in "${!stages[@]}"; do
        stage=${stages[i]}
        before=$(known "$stage")
        [[ $before =~ ^[1-9][0-9]*$ ]] || {
            echo "error: $baseline has no count for $stage; run benches/instructions/run.sh --update" >&2
            exit 1
        }
        ratio=$(awk -v now="${counts[i]}" -v before="$before" 'BEGIN { printf "%.3f", now / before }')
        printf '%-10s %15d %15d %8s\n' "$stage" "${counts[i]}" "$before" "$ratio"
        case $(awk -v r="$ratio" -v t="$tolerance" 'BEGIN { print (r > 1 + t / 100) ? "grown" : (r < 1 - t / 100) ? "shrunk" : "same" }') in
        grown) grown+=("$stage") ;;
        shrunk) shrunk+=("$stage") ;;
        esac
    done
    if ((${#shrunk[@]})); then
        echo "Less than the baseline by more than $tolerance %: ${shrunk[*]}. Keep the gain: run.sh --update, and commit $baseline."
    fi
    if ((${#grown[@]})); then
        echo "error: grown by more than $tolerance %: ${grown[*]}; run.sh --functions ${grown[0]} shows where." >&2
        echo "       If it is worth it: run.sh --update, and commit $baseline with the reason." >&2
        exit 1
    fi
}

mode=compare
case ${1:-} in
"") ;;
--update) mode=update ;;
--functions)
    [[ " ${stages[*]} " == *" ${2:-} "* ]] || usage 2
    mode=functions
    ;;
--help | -h) usage 0 ;;
*) usage 2 ;;
esac

prepare
case $mode in
functions)
    record "$2"
    own "$2" 1 | awk 'NR <= 40'
    ;;
update)
    count_all
    update
    ;;
compare)
    [[ -f $baseline ]] || {
        echo "error: no $baseline; run benches/instructions/run.sh --update" >&2
        exit 1
    }
    [[ $(known log_sha256) == "$log_hash" ]] || {
        echo "error: the log is not the one the baseline was counted on; run benches/instructions/run.sh --update" >&2
        exit 1
    }
    [[ $(known rustc) == "$rustc_version" ]] || echo "note: the baseline was counted with rustc $(known rustc), this is $rustc_version"
    count_all
    compare
    ;;
esac
