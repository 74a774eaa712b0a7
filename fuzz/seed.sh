#!/bin/sh
# Fills fuzz/corpus/TARGET from the fixtures, and writes a dictionary of the words that readers know.
set -eu
cd "$(dirname "$0")"
root=..
for target in webhooks canonical_csv canonical_json by_content parquet observe_time side_files rates_import replay; do
    mkdir -p "corpus/$target"
done
short() { find "$@" -type f -size -24k; }

short $root/tests/fixtures/webhooks -name '*.json*' | while read -r file; do
    cp "$file" corpus/webhooks/
    cp "$file" corpus/by_content/
    cp "$file" corpus/replay/
done
# What the webhooks become is a canonical log.
short $root/tests/fixtures/webhooks -name '*.csv' ! -name '*.*.csv' | while read -r file; do
    cp "$file" corpus/canonical_csv/
    cp "$file" corpus/replay/
done
head -n 60 $root/data/sample/messages.csv > corpus/canonical_csv/sample.csv
cp corpus/canonical_csv/sample.csv corpus/by_content/
cp corpus/canonical_csv/sample.csv corpus/replay/
gzip -c corpus/canonical_csv/sample.csv > corpus/by_content/sample.csv.gz
for file in corpus/canonical_csv/*.csv; do
    # One object a row; fields of the fixtures hold no commas.
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
        { printf "{"; for (i = 1; i <= NF; i++) printf "%s\"%s\":\"%s\"", (i > 1 ? "," : ""), name[i], $i; print "}" }' \
        "$file" > "corpus/canonical_json/$(basename "$file" .csv).jsonl"
    # One value a line.
    tail -n +2 "$file" | head -n 2 | tr ',' '\n' > "corpus/observe_time/$(basename "$file" .csv)"
done
if [ -d $root/tests/fixtures/providers ]; then
    short $root/tests/fixtures/providers | while read -r file; do cp "$file" corpus/by_content/; done
fi
find $root -path ../target -prune -o -path ../fuzz -prune -o -name '*.parquet' -size -64k -print | while read -r file; do
    cp "$file" corpus/parquet/
done
cp $root/tests/fixtures/rates/*.csv corpus/rates_import/
short $root/data -name '*.csv' | while read -r file; do head -n 12 "$file" > "corpus/side_files/$(basename "$file")"; done
printf 'preset=twilio\ncurrency=USD\nper_message_in=0.005\nmarkup_percent=2.5\nfep_length_2026=fixed72\n' > corpus/side_files/settings
{ grep -rhoE '"[A-Za-z_0-9]{2,40}"' $root/src/read $root/src/model/canonical.rs $root/src/tariff/*.rs | tr -d '\\'; } | sort -u > words.dict
