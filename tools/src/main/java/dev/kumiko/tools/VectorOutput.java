package dev.kumiko.tools;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where vectors go, and in which format. */
final class VectorOutput {
  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description = "json (one object a line, the default), csv (numbers alone), npy (NumPy).")
  private VectorFormat format = VectorFormat.JSON;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to FILE, which appears only when it is complete.")
  private Path file;

  /** Says early what would only turn out after all the work. */
  void check(Streams streams) {
    if (format == VectorFormat.NPY && file == null && streams.terminals().out()) {
      throw new UsageException("npy is no format for a terminal; use --output FILE or a pipe");
    }
  }

  /** Does the work that makes vectors, and keeps them only if it succeeds. */
  void write(Streams streams, Work work) throws IOException {
    if (file == null && format != VectorFormat.NPY) {
      VectorWriter writer = new TextVectors(streams.out(), format == VectorFormat.JSON);
      work.run(writer);
      writer.finish();
      return;
    }
    try (TemporaryFile temporary =
        file == null ? TemporaryFile.create() : TemporaryFile.beside(file)) {
      VectorWriter writer = writer(temporary);
      work.run(writer);
      writer.finish();
      if (file == null) {
        temporary.copyTo(streams.out());
      } else {
        temporary.moveTo(file);
      }
    }
  }

  /** Makes vectors. */
  @FunctionalInterface
  interface Work {
    /** Writes all vectors. */
    void run(VectorWriter writer) throws IOException;
  }

  private VectorWriter writer(TemporaryFile temporary) throws IOException {
    return format == VectorFormat.NPY
        ? new NpyVectors(temporary.channel())
        : new TextVectors(
            new BufferedOutputStream(Channels.newOutputStream(temporary.channel()), 1 << 16),
            format == VectorFormat.JSON);
  }
}
