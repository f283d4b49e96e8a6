package dev.kumiko;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a JAR with a default model has inside, its provider compiled.
 *
 * @param type the provider's class
 * @param classes its class files by the names of their entries
 */
record ProvidedModel(String type, Map<String, byte[]> classes) {
  /** Where the model lies in the JAR. */
  static final String RESOURCE = "META-INF/kumiko/model.safetensors";

  /**
   * Compiles a provider as it should be.
   *
   * @param folder for sources and classes
   * @param type the class, such as {@code some.Provider}
   * @param name the model's name
   */
  static ProvidedModel named(Path folder, String type, String name) throws IOException {
    return of(
        folder,
        type,
        "public String name() { return \"%s\"; } public java.net.URL model() { return getClass().getResource(\"/%s\"); }"
            .formatted(name, RESOURCE));
  }

  /** Compiles a provider with this inside the class. */
  static ProvidedModel of(Path folder, String type, String body) throws IOException {
    int dot = type.lastIndexOf('.');
    String source =
        "package %s; public final class %s implements dev.kumiko.DefaultModelProvider { %s }"
            .formatted(type.substring(0, dot), type.substring(dot + 1), body);
    List<String> options = List.of("-cp", System.getProperty("java.class.path"));
    Map<String, String> sources = Map.of(type.replace('.', '/') + ".java", source);
    return new ProvidedModel(type, Compiled.compile(folder, options, sources));
  }

  /** Returns the entries of the JAR, the model first. */
  Map<String, byte[]> with(byte[] model) {
    return JarFiles.all(Map.of(RESOURCE, model), service(), classes);
  }

  /** Returns the entries of a JAR that lacks the model. */
  Map<String, byte[]> withoutModel() {
    return JarFiles.all(service(), classes);
  }

  private Map<String, byte[]> service() {
    return Map.of(
        "META-INF/services/dev.kumiko.DefaultModelProvider",
        (type + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
