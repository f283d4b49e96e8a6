package dev.kumiko.allminilm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.DefaultModelProvider;
import dev.kumiko.Embedder;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DefaultModelTest {
  @Test
  void isDescribedAsPublished() throws IOException, URISyntaxException {
    URL model = getClass().getResource("/META-INF/kumiko/default-model.safetensors");
    try (ModelFile file = ModelFile.open(Path.of(model.toURI()))) {
      ModelDescription description = ModelDescription.of(file);
      assertEquals("all-MiniLM-L6-v2", description.name());
      assertEquals(
          new Architecture("bert", 6, 384, 12, 1536, Activation.GELU, 1e-12, 30522, 512, 2),
          description.architecture());
      assertEquals(new Head(Pooling.MEAN, true), description.head());
      assertEquals(256, description.maxTokens());
      assertEquals(
          List.of(new NormalizerStep.Bert(true, true, true, true)),
          description.tokenizer().normalizers());
      TensorNames.check(file, description);
    }
  }

  @Test
  void isFoundByTheEngine() throws IOException {
    try (Embedder embedder = Embedder.loadDefault()) {
      assertEquals(384, embedder.dimension());
    }
  }

  @Test
  void isProvidedOnTheModulePathAsOnTheClassPath() throws IOException, URISyntaxException {
    Path classes =
        Path.of(AllMiniLm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleDescriptor module =
        ModuleFinder.of(classes).find("dev.kumiko.allminilm").orElseThrow().descriptor();
    assertEquals(
        Set.of(DefaultModelProvider.class.getName() + " with " + AllMiniLm.class.getName()),
        module.provides().stream()
            .map(p -> p.service() + " with " + String.join(", ", p.providers()))
            .collect(Collectors.toSet()));
    assertEquals("all-MiniLM-L6-v2", DefaultModelProvider.find().name());
  }
}
