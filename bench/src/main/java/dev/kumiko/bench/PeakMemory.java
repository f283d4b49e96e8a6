package dev.kumiko.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The largest resident memory of this process so far, on Linux; see {@code proc(5)}. */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String FIELD = "VmHWM:";

  private PeakMemory() {}

  /** Returns megabytes (10^6 bytes), or NaN where the system does not tell. */
  static double megabytes() {
    try {
      return Files.isReadable(STATUS) ? parse(Files.readAllLines(STATUS)) : Double.NaN;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static double parse(List<String> status) {
    for (String line : status) {
      if (line.startsWith(FIELD)) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
      }
    }
    return Double.NaN;
  }
}
