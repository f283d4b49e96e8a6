package dev.kumiko.allminilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a loaded model takes: its weights once, either on the heap or mapped. */
class MemoryTest {
  @Test
  void heapAndMappedMemoryAreLittleMoreThanTheFile() throws IOException, URISyntaxException {
    Path model =
        Path.of(getClass().getResource("/META-INF/kumiko/default-model.safetensors").toURI());
    // What classes keep for themselves is not the model's.
    Embedder.load(model).close();
    long before = usedHeap();
    try (Embedder embedder = Embedder.load(model)) {
      long heap = usedHeap() - before;
      long mapped = mappedTable(model);
      long file = Files.size(model);
      System.out.printf("file %,d bytes, heap %,d, mapped %,d%n", file, heap, mapped);
      assertEquals(384, embedder.dimension());
      assertTrue(heap > 0, "heap " + heap);
      assertTrue(heap + mapped <= 1.3 * file, "heap " + heap + ", mapped " + mapped);
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
