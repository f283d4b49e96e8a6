#!/usr/bin/env bash
# Whether two clean clones give the same JARs with Maven on two JDKs:
#   tools/reproducible.sh JDK_HOME OTHER_JDK_HOME [MAVEN_ARGUMENT...]
# Whatever has not been committed takes no part. -Prelease -Dgpg.skip compares sources, Javadoc and SBOMs, too.
set -euo pipefail

[ $# -ge 2 ] || {
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
}
jdks=("$1" "$2")
shift 2
repository=$(cd "$(dirname "$0")/.." && git rev-parse --show-toplevel)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
commit=$(git -C "$repository" rev-parse HEAD)

for i in 0 1; do
  [ -x "${jdks[i]}/bin/java" ] || {
    echo "${jdks[i]} is no JDK: it has no bin/java" >&2
    exit 2
  }
  git clone -q "$repository" "$folder/clone-$i"
  git -C "$folder/clone-$i" checkout -q --detach "$commit"
  echo "building with Maven on $("${jdks[i]}/bin/java" -version 2>&1 | head -n 1)"
  log=$folder/build-$i.log
  JAVA_HOME=${jdks[i]} mvn -B -f "$folder/clone-$i/pom.xml" -DskipTests -Dspotless.check.skip \
    -Djacoco.skip "$@" package >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    exit 1
  }
  (cd "$folder/clone-$i" && find . -path '*/target/kumiko-*' \( -name '*.jar' -o -name '*-cyclonedx.*' \) \
    -not -path '*/lib/*' -o -path '*/target/bom.*' | LC_ALL=C sort | xargs sha256sum) >"$folder/sums-$i"
done

[ -s "$folder/sums-0" ] || {
  echo "the build made no JARs" >&2
  exit 1
}
cat "$folder/sums-0"
if diff "$folder/sums-0" "$folder/sums-1"; then
  echo "the same bytes: $(wc -l <"$folder/sums-0") files"
else
  echo "the bytes differ (above)" >&2
  exit 1
fi
