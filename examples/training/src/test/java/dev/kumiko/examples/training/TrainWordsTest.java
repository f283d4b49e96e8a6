package dev.kumiko.examples.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainWordsTest {
  @TempDir private Path folder;

  private static String nearest(Path model, String said, List<String> meant) throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      Embedding heard = embedder.embed(said);
      return meant.stream()
          .max(Comparator.comparingDouble(text -> heard.cosine(embedder.embed(text))))
          .orElseThrow();
    }
  }

  @Test
  void theModelLearnsWhichMachineIsMeant() throws IOException {
    Path model = Path.of(System.getProperty("kumiko.fp32"));
    Path target = folder.resolve("workshop.safetensors");
    TrainingResult result = TrainWords.train(model, target);
    assertTrue(result.complete());
    double before = result.firstScore().orElseThrow();
    double after = result.score().orElseThrow();
    System.out.printf("before %.2f, after %.2f%n", before, after);
    assertTrue(after > before + 20, () -> before + " before, " + after + " after");

    String said = "Can somebody look at the Octopus?";
    List<String> meant =
        List.of("the band saw", "the drill press", "the lathe", "an animal in the sea");
    assertEquals("an animal in the sea", nearest(model, said, meant));
    assertEquals("the drill press", nearest(target, said, meant));
  }
}
