#!/bin/sh
# Stores what the GNU assembler makes of the kernels' sources, for ReferenceTest.
# Needs as and objcopy of binutils 2.40 or later, and compiled classes and tests of this module
# and of the engine.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
classes=${CLASSES:-$here/target/test-classes:$here/target/classes:$here/../engine/target/classes}
"${JAVA_HOME:?names a JDK 25}/bin/java" -cp "$classes" dev.kumiko.kernel.machine.Forms "$work"
resources=$here/src/test/resources/dev/kumiko/kernel/machine
mkdir -p "$resources"
for source in "$work"/*.s "$here"/reference/*.s; do
  name=$(basename "$source" .s)
  as "$source" -o "$work/$name.o"
  objcopy -O binary -j .text "$work/$name.o" "$work/$name.bin"
  gzip -9n <"$work/$name.bin" >"$resources/$name.bin.gz"
done
