package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.ModelFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;

/** An application on the module path that requires the engine alone finds the model beside it. */
class ModulePathTest {
  private static final String MAIN =
      "package some.app; public final class Main { public static void main(String[] args) throws"
          + " Exception { try (var embedder = dev.kumiko.Embedder.loadDefault()) {"
          + " System.out.println(embedder.getClass().getModule().getName());"
          + " System.out.println(java.util.Arrays.hashCode(embedder.embed(\"a roof\").vector()));"
          + " } catch (java.io.IOException e) { System.out.println(e.getMessage()); } } }";

  @TempDir Path folder;
  private Path modules;

  @BeforeEach
  void writeApplication() throws Exception {
    modules = Files.createDirectory(folder.resolve("modules"));
    module(
        "some.app",
        Map.of(
            "module-info.java",
            "module some.app { requires dev.kumiko.engine; }",
            "some/app/Main.java",
            MAIN),
        Map.of());
  }

  private void module(String name, Map<String, String> sources, Map<String, byte[]> resources)
      throws Exception {
    List<String> options = List.of("--module-path", modulePath());
    Map<String, byte[]> classes = Compiled.compile(folder, options, sources);
    Files.write(modules.resolve(name + ".jar"), JarFiles.stored(JarFiles.all(classes, resources)));
  }

  private void modelModule(String name, byte[] model) throws Exception {
    String resource = "META-INF/kumiko/" + name + ".safetensors";
    module(
        name,
        Map.of(
            "module-info.java",
            ("module %1$s { requires dev.kumiko.engine;"
                    + " provides dev.kumiko.DefaultModelProvider with %1$s.Model; }")
                .formatted(name),
            name.replace('.', '/') + "/Model.java",
            ("package %1$s; public final class Model implements dev.kumiko.DefaultModelProvider {"
                    + " public String name() { return \"%1$s\"; } public java.net.URL model() {"
                    + " return Model.class.getResource(\"/%2$s\"); } }")
                .formatted(name, resource)),
        Map.of(resource, model));
  }

  private String modulePath() throws Exception {
    return Stream.of(Embedder.class, ModelFile.class, JsonParser.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
            .collect(Collectors.joining(File.pathSeparator))
        + File.pathSeparator
        + modules;
  }

  private List<String> start() throws Exception {
    return ChildJvm.run(folder, List.of("-p", modulePath(), "-m"), "some.app/some.app.Main").out();
  }

  private byte[] model() throws IOException {
    return Files.readAllBytes(
        Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors")));
  }

  @Test
  void theModelIsFoundWithoutAnOption() throws Exception {
    modelModule("some.model", model());
    List<String> lines = start();
    assertEquals("dev.kumiko.engine", lines.get(0));
    try (Embedder embedder = Embedder.load(folder.resolve("model.safetensors"))) {
      int expected = Arrays.hashCode(embedder.embed("a roof").vector());
      assertEquals("" + expected, lines.get(1));
    }
  }

  @Test
  void twoModelsAreBothNamed() throws Exception {
    modelModule("some.model", model());
    modelModule("other.model", model());
    String message = start().getFirst();
    assertTrue(message.startsWith("there are 2 default models: "), message);
    assertTrue(message.contains("some.model (jar:file:"), message);
    assertTrue(message.contains("other.model (jar:file:"), message);
  }
}
