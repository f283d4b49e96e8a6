package dev.kumiko.bench;

import java.nio.file.Path;
import java.util.List;

/** A program that embeds one short text, says so, and ends. */
final class FirstVector {
  private static final String TEXT = "A purlin carries the rafters of a roof.";

  private FirstVector() {}

  /** Takes the engine's constant and the folder of the models; prints the peak memory. */
  public static void main(String[] args) {
    try (Engine engine = EngineKind.valueOf(args[0]).load(new Models(Path.of(args[1])), 1)) {
      float[] vector = engine.embed(List.of(TEXT))[0];
      System.out.println(vector.length);
      System.out.println(PeakMemory.megabytes());
    }
  }
}
