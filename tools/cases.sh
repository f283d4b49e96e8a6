#!/bin/bash
# cases.sh PATH_TO_CASES [CHECKOUT]: runs the run.sh of every case (NN-name) and of every attack
# (attacks/NN-name) on a checkout of Kumiko, this one if none is named, and prints a table. Exit 0: all passed.
set -u
cases=$(cd "${1:?usage: cases.sh PATH_TO_CASES [CHECKOUT]}" && pwd) || exit 2
checkout=$(cd "${2:-$(dirname "$0")/..}" && pwd) || exit 2
limit=${CASE_SECONDS:-900}
out=$(mktemp) || exit 2
trap 'rm -f "$out"' EXIT
total=0
failed=0
for run in "$cases"/[0-9]*/run.sh "$cases"/attacks/[0-9]*/run.sh; do
  [ -f "$run" ] || continue
  total=$((total + 1))
  started=$SECONDS
  # By its interpreter: a file need not be executable. Nothing is read from a terminal.
  timeout "$limit" bash -c 'if [ -x "$1" ]; then exec "$1" "$2"; else exec bash "$1" "$2"; fi' \
    case "$run" "$checkout" >"$out" 2>&1 </dev/null
  code=$?
  case $code in
    0) result=passed ;;
    124) result="STOPPED" ;;
    *) result="FAILED $code" ;;
  esac
  [ $code -eq 0 ] || failed=$((failed + 1))
  name=${run%/run.sh}
  printf '%-10s %4d s  %-45s %s\n' "$result" $((SECONDS - started)) "${name#"$cases"/}" \
    "$(grep -v '^ *$' "$out" | tail -n 1 | cut -c 1-120)"
done
echo "$total cases, $failed failed"
[ "$total" -gt 0 ] && [ "$failed" -eq 0 ]
