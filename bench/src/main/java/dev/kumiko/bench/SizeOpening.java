package dev.kumiko.bench;

import dev.kumiko.Embedder;
import java.io.IOException;
import java.nio.file.Path;

/** A program that opens models, one after the other, and prints how long the last one took. */
final class SizeOpening {
  private SizeOpening() {}

  /**
   * How a model was opened.
   *
   * @param heapMegabytes of the heap that it keeps in use
   */
  record Opened(double millis, double heapMegabytes) {
    static Opened parse(String line) {
      String[] words = line.split(" ", -1);
      return new Opened(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
    }

    @Override
    public String toString() {
      return millis + " " + heapMegabytes;
    }
  }

  /** Takes model files; prints the last one's {@link Opened}. */
  public static void main(String[] args) throws IOException {
    for (int i = 0; i < args.length - 1; i++) {
      Embedder.load(Path.of(args[i])).close();
    }
    double before = used();
    long start = System.nanoTime();
    try (Embedder embedder = Embedder.load(Path.of(args[args.length - 1]))) {
      double millis = (System.nanoTime() - start) / 1e6;
      Opened opened = new Opened(millis, used() - before);
      // What is still needed afterwards is in use now.
      System.out.println(embedder.dimension() > 0 ? opened : "");
    }
  }

  /** Returns the megabytes of the heap that are in use. */
  private static double used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
  }
}
