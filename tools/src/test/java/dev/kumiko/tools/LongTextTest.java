package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.tools.generate.PublishedShape;
import dev.kumiko.tools.generate.RandomModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One text of 8,192 tokens goes through a layer as wide as Qwen3-Embedding-0.6B's on two threads,
 * in a heap that has 300 MB beside the weights: queries, keys and values are 134 MB, token vectors
 * and what joins them 67, and no array grows with the square of the length.
 */
class LongTextTest {
  private static final int TOKENS = 8192;
  private static final int BESIDE_WEIGHTS = 300;

  @Test
  void takesMemoryByLength(@TempDir Path folder) throws Exception {
    Path model = folder.resolve("wide.safetensors");
    new RandomModel(
            PublishedShape.QWEN3_EMBEDDING_06B,
            Optional.of(1),
            Optional.of(RandomModel.LEAST_TOKENS),
            1)
        .write(model, done -> {});
    Path text = Files.writeString(folder.resolve("text.txt"), "a".repeat(20 * TOKENS) + "\n");
    Path vector = folder.resolve("vector.csv");
    long weights = Files.size(model) >> 20;
    List<String> line =
        new ArrayList<>(
            KilledRun.commandLine(
                "embed",
                "-m",
                model.toString(),
                "--threads",
                "2",
                "--long-text",
                "cut",
                "--format",
                "csv",
                "--max-tokens",
                Integer.toString(TOKENS),
                "-i",
                text.toString(),
                "-o",
                vector.toString()));
    line.addAll(
        1, List.of("-XX:+UseSerialGC", "-Xmn8m", "-Xmx" + (weights + BESIDE_WEIGHTS) + "m"));
    Path output = folder.resolve("output.txt");
    int code =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    assertEquals(0, code, Files.readString(output));
    double[] components =
        Arrays.stream(Files.readString(vector).strip().split(",", -1))
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertEquals(1024, components.length);
    assertEquals(1, Arrays.stream(components).map(x -> x * x).sum(), 1e-4, "a unit vector");
  }
}
