package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
  private static final String RANDOM = "random weights: for measuring only";

  @TempDir private Path folder;

  private String model() {
    Path target = folder.resolve("random.safetensors");
    Outcome made =
        Outcome.of(
            "generate", "--like", "lealla-small", "--layers", "2", "--tokens", "2000", "" + target);
    assertEquals(0, made.code, made.err);
    assertTrue(made.err.matches("kumiko: wrote .* bytes, " + RANDOM + "\\R"), made.err);
    return target.toString();
  }

  private static void assertMentioned(Outcome outcome) {
    assertEquals(0, outcome.code, outcome.err);
    assertTrue(outcome.err.contains("lealla-small-random: " + RANDOM), outcome.err);
  }

  @Test
  void whateverIsMeasuredSaysSo() throws IOException {
    String model = model();
    assertMentioned(Outcome.of("embed", "-m", model, "a roof"));
    assertMentioned(Outcome.of("similar", "-m", model, "a roof", "rafters"));
    Path pairs = Files.writeString(folder.resolve("pairs.csv"), "a,b,1\nc,d,2\na roof,x,3\n");
    assertMentioned(Outcome.of("eval", "sts", "-m", model, pairs.toString()));
    assertMentioned(Outcome.of("eval", "frontier", "--pairs", pairs.toString(), model));
    Outcome inspected = Outcome.of("inspect", model);
    assertTrue(
        inspected.out.contains("source                  " + RANDOM + " (lealla-small, seed 42)"),
        inspected.out);
  }

  @Test
  void whatIsMadeOfItSaysSo() {
    String model = model();
    Path made = folder.resolve("made.safetensors");
    assertEquals(0, Outcome.of("quantize", model, made.toString()).code);
    assertMentioned(Outcome.of("embed", "-m", made.toString(), "a roof"));
    assertEquals(0, Outcome.of("prune", "--layers", "1", model, made.toString()).code);
    assertMentioned(Outcome.of("embed", "-m", made.toString(), "a roof"));
    assertEquals(
        0, Outcome.of("compress", model, made.toString(), "--parts", "4", "--codes", "64").code);
    assertMentioned(Outcome.of("embed", "-m", made.toString(), "a roof"));
  }

  @Test
  void weightsCanBeHalfAsLong() {
    Path target = folder.resolve("half.safetensors");
    String[] command = {
      "generate", "--like", "labse", "--layers", "1", "--tokens", "2000", "--weights", "bf16"
    };
    String[] whole = Arrays.copyOf(command, command.length + 1);
    whole[command.length] = target.toString();
    assertEquals(0, Outcome.of(whole).code);
    assertTrue(Outcome.of("inspect", "" + target).out.contains("  BF16"));
    whole[command.length - 1] = "keep";
    Outcome.of(whole).failed(2, "--weights is keep, expected f32, bf16 or f16");
  }

  @Test
  void otherModelsSayNothingOfTheKind() {
    Outcome outcome = Outcome.of("embed", "-m", SmallModel.path(), "a roof");
    assertFalse(outcome.err.contains("random"), outcome.err);
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    Path target = folder.resolve("random.safetensors");
    Outcome.of("generate", "--like", "lealla-tiny", target.toString())
        .failed(
            2,
            "--like is lealla-tiny, expected one of lealla-small, lealla-base, lealla-large,"
                + " labse, multilingual-e5-small, qwen3-embedding-0.6b, embeddinggemma-300m");
    Outcome.of("generate", "--like", "labse", "--layers", "13", target.toString())
        .failed(2, "The number of layers is 13; for labse it can be from 1 to 12");
    assertFalse(Files.exists(target));
    Files.writeString(target, "a letter");
    Outcome.of("generate", "--like", "labse", target.toString())
        .failed(1, target + ": not written: it exists and is no Kumiko model; name another file");
    assertEquals("a letter", Files.readString(target));
  }
}
