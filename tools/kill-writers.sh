#!/usr/bin/env bash
# Kills convert, quantize and compress with SIGKILL at moments of their run, and checks after each
# that the target is absent, the old file or the complete new one, byte for byte, and after the next
# run that nothing else is left. By hand, from a built checkout:
#   tools/kill-writers.sh [KILLS, 200 by default] [FOLDER for its files, a new one by default]
# It needs the default model's fp32 file, which "mvn package" makes, and a Hugging Face folder of
# the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-200}
work=${2:-$(mktemp -d)}
mkdir -p "$work"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
class_path=$(ls tools/target/kumiko-tools-*.jar | head -n 1):$(ls tools/target/lib/*.jar | tr '\n' ':')
model=$PWD/models/all-minilm-l6-v2/target/all-minilm-l6-v2-fp32.safetensors
folder=$PWD/${FOLDER:-tools/src/test/resources/fixtures/bert-mean}
target=$work/t.safetensors

run() {
  case $1 in
    convert) set -- convert "$folder" "$target" ;;
    convert-int8) set -- convert "$folder" "$target" --quantize int8 ;;
    quantize) set -- quantize "$model" "$target" ;;
    compress) set -- compress "$model" "$target" --parts 2 --codes 175 --assignment cartesian ;;
  esac
  exec "$java" -XX:+UseSerialGC -cp "$class_path" dev.kumiko.tools.Main "$@"
}

fail() {
  printf 'failed: %s\n' "$1" >&2
  ls -l "$work" >&2
  exit 1
}

# Milliseconds from here to the end of the run.
now() {
  date +%s%3N
}

old=$work.old
jobs=(convert convert-int8 quantize compress)
declare -A complete took
for job in "${jobs[@]}"; do
  rm -rf "$work" && mkdir "$work"
  start=$(now)
  (run "$job" >/dev/null 2>&1) || fail "$job does not run at all"
  took[$job]=$(($(now) - start))
  complete[$job]=$(sha256sum <"$target")
done
cp "$target" "$old"
old_sum=$(sha256sum <"$old")

declare -A absent kept replaced leftovers
for ((i = 0; i < kills; i++)); do
  [ $((i % 20)) != 0 ] || printf '%d of %d\n' "$i" "$kills" >&2
  job=${jobs[i % 4]}
  rm -rf "$work" && mkdir "$work"
  [ $((i / 4 % 2)) = 0 ] || cp "$old" "$target"
  (run "$job" >/dev/null 2>&1) &
  pid=$!
  # Half of them as soon as there is a file beside the target, the others at any moment.
  if [ $((i / 8 % 2)) = 0 ]; then
    until compgen -G "$target.*.tmp*" >/dev/null || ! kill -0 "$pid" 2>/dev/null; do
      sleep 0.005
    done
    sleep "0.$(printf %03d $((RANDOM % 100)))"
  else
    wanted=$((RANDOM % (took[$job] + took[$job] / 10 + 1)))
    sleep "$((wanted / 1000)).$(printf %03d $((wanted % 1000)))"
  fi
  kill -9 "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  if [ ! -e "$target" ]; then
    [ $((i / 4 % 2)) = 0 ] || fail "$job: the old file is gone"
    absent[$job]=$((${absent[$job]:-0} + 1))
  else
    case $(sha256sum <"$target") in
      "${complete[$job]}") replaced[$job]=$((${replaced[$job]:-0} + 1)) ;;
      "$old_sum") kept[$job]=$((${kept[$job]:-0} + 1)) ;;
      *) fail "$job: the target is neither old nor complete" ;;
    esac
  fi
  [ "$(ls "$work" | grep -vc '^t.safetensors$')" = 0 ] ||
    leftovers[$job]=$((${leftovers[$job]:-0} + 1))
  (run "$job" >/dev/null 2>&1) || fail "$job: the next run fails"
  [ "$(ls "$work")" = t.safetensors ] || fail "$job: the next run leaves something"
  [ "$(sha256sum <"$target")" = "${complete[$job]}" ] || fail "$job: the next run's file differs"
done

printf '%-13s %7s %5s %9s %24s\n' command absent old complete "left for the next run"
for job in "${jobs[@]}"; do
  printf '%-13s %7d %5d %9d %24d\n' "$job" "${absent[$job]:-0}" "${kept[$job]:-0}" \
    "${replaced[$job]:-0}" "${leftovers[$job]:-0}"
done
printf '%d kills: always absent, old or complete, and nothing else after the next run\n' "$kills"
