package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.ModelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.launch.JarLauncher;
import tools.jackson.core.JsonParser;

/** An application in one JAR, as Spring Boot packs and starts it, with Boot's own loader. */
class SpringBootJarTest {
  @TempDir Path folder;

  @Test
  void aModelInANestedJarIsMappedAndGivesTheSameVectors() throws Exception {
    Path model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    byte[] bytes = Files.readAllBytes(model);
    Path app = Files.createDirectory(folder.resolve("an app, 100% \u00E4")).resolve("app.jar");
    Files.write(app, JarFiles.stored(application(bytes)));

    List<String> lines = ChildJvm.run(folder, List.of("-jar"), app.toString()).out();

    assertHolds(app, bytes, lines.get(0));
    assertHolds(app, bytes, lines.get(1));
    try (Embedder embedder = Embedder.builder().threads(1).load(model)) {
      assertEquals("" + OtherJvm.hash(embedder), lines.get(2));
    }
  }

  private static void assertHolds(Path app, byte[] model, String source) throws IOException {
    String before = app + " at byte ";
    assertTrue(source.startsWith(before), source);
    long offset = Long.parseLong(source.substring(before.length()));
    try (ModelFile file = ModelFile.open(app, offset, model.length)) {
      assertEquals(model.length, file.size());
    }
  }

  private Map<String, byte[]> application(byte[] model) throws Exception {
    String manifest =
        "Manifest-Version: 1.0\nMain-Class: %s\nStart-Class: %s\n"
            .formatted(JarLauncher.class.getName(), BootApplication.class.getName());
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(JarFile.MANIFEST_NAME, manifest.getBytes(StandardCharsets.UTF_8));
    entries.putAll(content(JarLauncher.class));
    entries.put("BOOT-INF/classes/", new byte[0]);
    for (Class<?> type : List.of(BootApplication.class, OtherJvm.class)) {
      String name = type.getName().replace('.', '/') + ".class";
      entries.put(
          "BOOT-INF/classes/" + name,
          type.getClassLoader().getResourceAsStream(name).readAllBytes());
    }
    entries.put("BOOT-INF/classes/own model.safetensors", model);
    ProvidedModel provided = ProvidedModel.named(folder, "small.Small", "small");
    Map<String, Map<String, byte[]>> libraries = new HashMap<>();
    libraries.put("engine", content(Embedder.class));
    libraries.put("format", content(ModelFile.class));
    libraries.put("jackson", content(JsonParser.class));
    libraries.put("model", provided.with(model));
    for (Map.Entry<String, Map<String, byte[]>> library : libraries.entrySet()) {
      entries.put("BOOT-INF/lib/" + library.getKey() + ".jar", JarFiles.stored(library.getValue()));
    }
    return entries;
  }

  /** Returns what the JAR or folder with a class has inside. */
  private static Map<String, byte[]> content(Class<?> type) throws Exception {
    Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return JarFiles.content(place);
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (JarFile jar = new JarFile(place.toFile())) {
      for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
        if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
          entries.put(entry.getName(), jar.getInputStream(entry).readAllBytes());
        }
      }
    }
    return entries;
  }
}
