#!/bin/sh
# The office under load: 32 connections on the county-scale demo, server and load on the same machine (needs wrk and curl).
#   ./load/office.sh [SECONDS]      prints requests/s and the 99th percentile of each page, of saving, and the server's memory
set -eu
cd "$(dirname "$0")/.."
seconds="${1:-10}"
cargo build --release
program="$(pwd)/target/release/cunzhang"
lua="$(pwd)/load/save.lua"
folder="$(mktemp -d)"
export CUNZHANG_KEY="$folder/key"
cd "$folder"
"$program" demo --scale county --no-serve > demo.log

origin="http://127.0.0.1:8099"
began="$(date +%s%N)"
"$program" serve --db sqlite:demo/demo.db --listen 127.0.0.1:8099 2> serve.log &
server=$!
trap 'kill $server; rm -rf "$folder"' EXIT
until curl -s -o /dev/null "$origin/login"; do sleep 0.01; done
echo "first byte after cold start: $(( ($(date +%s%N) - began) / 1000000 )) ms"

curl -s -o /dev/null -c cookies -H "Origin: $origin" -d 'user=kuaiji&password=qinghe-2025' "$origin/login"
cookie="cunzhang=$(awk '$6 == "cunzhang" { print $7 }' cookies)"
for page in b/V001/2025-12/vouchers b/V001/2025-12/trial-balance loans; do
    echo "$page: $(wrk -t1 -c32 -d"${seconds}s" --latency -H "Cookie: $cookie" "$origin/$page" | grep -E '99%|Requests/sec|Non-2xx' | tr -s ' \n' ' ')"
done
echo "saving: $(wrk -t1 -c32 -d"${seconds}s" --latency -s "$lua" "$origin" -- /b/V001/2026-12/vouchers/new "$cookie" 2026-12-05 "$origin" \
    | grep -E '99%|Requests/sec|refused' | tr -s ' \n' ' ')"
echo "memory: $(awk '/VmRSS/ { print $2 / 1024 }' "/proc/$server/status") MB"
# S10-A5: a statement of 5,000 rows looked at in the import wizard.
awk 'BEGIN { print "日期,收,付,余额,摘要,对方户名"; for (n = 1; n <= 5000; n++) printf "2025-12-%02d,1.00,,%d.00,往来款,户主%d\n", 1 + n / 200, n, n }' > rows.csv
echo "looking at a statement of 5,000 rows: $(curl -s -o looked.html -w '%{time_total} s, status %{http_code}' -b "$cookie" -H "Origin: $origin" \
    -F account=NS01 -F act=preview -F file=@rows.csv "$origin/b/V900/2025-12/do/bank/import"), $(grep -c 'name="staged"' looked.html) file waits"
