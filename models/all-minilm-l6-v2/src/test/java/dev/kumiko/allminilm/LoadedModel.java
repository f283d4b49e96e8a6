package dev.kumiko.allminilm;

import dev.kumiko.Embedder;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Collections;

/**
 * A program that prints what a loaded model takes: bytes on the heap, bytes mapped, and bytes of
 * the heap that computing with one thread takes.
 */
final class LoadedModel {
  private LoadedModel() {}

  /** Loads the model of the first argument, and embeds a text with it. */
  public static void main(String[] args) throws IOException {
    Path model = Path.of(args[0]);
    // What classes keep for themselves is not the model's.
    Embedder.load(model).close();
    long before = usedHeap();
    try (Embedder embedder = Embedder.builder().threads(1).load(model)) {
      long heap = usedHeap() - before;
      embedder.embedAll(Collections.nCopies(20, "A purlin carries the rafters. ".repeat(50)));
      long place = usedHeap() - before - heap;
      System.out.println(heap + " " + mappedTable(model) + " " + place);
    }
  }

  private static long mappedTable(Path model) throws IOException {
    try (ModelFile file = ModelFile.open(model)) {
      return file.tensor(TensorNames.TOKEN_EMBEDDINGS).data().byteSize();
    }
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
