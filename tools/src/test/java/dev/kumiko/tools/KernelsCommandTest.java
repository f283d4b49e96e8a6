package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.kernel.machine.KernelDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kumiko kernels}: it works on every machine, as nothing of it is executed. */
class KernelsCommandTest {
  @TempDir private Path folder;

  @Test
  void everyProgramIsNamedAndWrittenWithItsListing() throws IOException {
    Path dump = folder.resolve("new/kernels");
    Outcome outcome = Outcome.of("kernels", "--dump", dump.toString()).silent();
    Map<String, Integer> sizes = KernelDump.sizes();
    assertTrue(sizes.keySet().containsAll(List.of("quantize", "multiply-avx2-8")), "" + sizes);
    for (Map.Entry<String, Integer> program : sizes.entrySet()) {
      String name = program.getKey();
      assertTrue(outcome.out.contains("  %s: %,d bytes\n".formatted(name, program.getValue())));
      assertEquals((long) program.getValue(), Files.size(dump.resolve(name + ".bin")));
      String listing = Files.readString(dump.resolve(name + ".s"));
      assertTrue(listing.matches("(?s)\\.intel_syntax noprefix\n.*\nret +# +[0-9a-f]+: c3\n"));
    }
    try (Stream<Path> files = Files.list(dump)) {
      assertEquals(2L * sizes.size(), files.count());
    }
  }

  @Test
  void itSaysWhatComputesHere() {
    Outcome outcome = Outcome.of("kernels").silent();
    assertTrue(
        outcome.out.matches("(?s)kernels: (scalar|vector)\nmachine code: .+\n.*"), outcome.out);
  }
}
