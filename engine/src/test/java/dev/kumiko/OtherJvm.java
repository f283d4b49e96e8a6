package dev.kumiko;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Embeds so much that the vector kernels would be compiled, and prints what computes then. */
final class OtherJvm {
  private static final int TEXTS = 200;

  private OtherJvm() {}

  public static void main(String[] args) throws Exception {
    try (Embedder embedder = Embedder.builder().threads(1).load(Path.of(args[0]))) {
      int hash = hash(embedder);
      while (embedder.backend().reason().contains("are being compiled")) {
        Thread.sleep(20);
      }
      System.out.println(embedder.backend());
      System.out.println(hash);
      System.out.println(hash(embedder));
    }
  }

  /** Returns a number that another bit in any vector changes. */
  static int hash(Embedder embedder) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      texts.add(("roof " + i + " ").repeat(i % 30 + 5));
    }
    int hash = 1;
    for (Embedding embedding : embedder.embedAll(texts)) {
      hash = 31 * hash + Arrays.hashCode(embedding.vector());
    }
    return hash;
  }
}
