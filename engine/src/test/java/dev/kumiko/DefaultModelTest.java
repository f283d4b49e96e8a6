package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.ModelFile;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model that a provider on the class path brings: in a JAR, or in a folder. */
class DefaultModelTest {
  @TempDir static Path shared;
  private static ProvidedModel small;

  @TempDir Path folder;
  private Path model;
  private byte[] bytes;

  @BeforeAll
  static void compile() throws IOException {
    small = ProvidedModel.named(shared, "small.Small", "small");
  }

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    bytes = Files.readAllBytes(model);
  }

  private static <T> T withLoader(Callable<T> action, ClassLoader parent, Path... entries)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] urls = new URL[entries.length];
    for (int i = 0; i < entries.length; i++) {
      urls[i] = entries[i].toUri().toURL();
    }
    try (URLClassLoader loader = new URLClassLoader(urls, parent)) {
      thread.setContextClassLoader(loader);
      return action.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static <T> T withClassPath(Callable<T> action, Path... entries) throws Exception {
    return withLoader(action, DefaultModel.class.getClassLoader(), entries);
  }

  private static String source(Path... classPath) throws Exception {
    return withClassPath(
        () -> {
          try (ModelFile file = DefaultModel.open()) {
            return file.source();
          }
        },
        classPath);
  }

  private static String failure(Path... classPath) {
    return assertThrows(IOException.class, () -> source(classPath)).getMessage();
  }

  private static List<Embedding> embed(Path classPath) throws Exception {
    List<String> texts = Fixture.open("bert-mean").texts();
    return withClassPath(
        () -> {
          try (Embedder embedder = Embedder.loadDefault()) {
            return embedder.embedAll(texts);
          }
        },
        classPath);
  }

  private List<Embedding> expected() throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      return embedder.embedAll(Fixture.open("bert-mean").texts());
    }
  }

  private Path jar(byte[] content) throws IOException {
    return jar("a model, 100% \u00E4.jar", content);
  }

  private Path jar(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  @Test
  void aStoredModelIsMappedWhereItLies() throws Exception {
    Path jar = jar(JarFiles.stored(small.with(bytes)));
    assertTrue(source(jar).startsWith(jar + " at byte "), source(jar));
    Vectors.assertSame(expected(), embed(jar), "stored");
  }

  @Test
  void aCompressedModelIsRead() throws Exception {
    Path jar = jar(JarFiles.compressed(small.with(bytes)));
    assertTrue(source(jar).startsWith("jar:file:"), source(jar));
    Vectors.assertSame(expected(), embed(jar), "compressed");
  }

  @Test
  void aModelInAFolderIsMapped() throws Exception {
    Path classes = Files.createDirectory(folder.resolve("the classes"));
    for (Map.Entry<String, byte[]> entry : small.with(bytes).entrySet()) {
      Path file = classes.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue());
    }
    assertEquals(classes.resolve(ProvidedModel.RESOURCE).toString(), source(classes));
    Vectors.assertSame(expected(), embed(classes), "folder");
  }

  @Test
  void aProviderOfTheDefaultModelIsFoundByOtherPrograms() throws Exception {
    Path jar = jar(JarFiles.stored(small.with(bytes)));
    assertEquals("small", withClassPath(() -> DefaultModelProvider.find().name(), jar));
  }

  @Test
  void withoutAModelTheMessageNamesTheDependency() {
    String message = failure(folder);
    assertTrue(message.startsWith("there is no default model: "), message);
    assertTrue(message.contains("dev.kumiko:kumiko-all-minilm-l6-v2"), message);
  }

  @Test
  void twoModelsAreBothNamedWithTheirAddresses() throws Exception {
    ProvidedModel large = ProvidedModel.named(folder, "large.Large", "large");
    Path first = jar("first.jar", JarFiles.stored(small.with(bytes)));
    Path second = jar("second.jar", JarFiles.stored(large.with(bytes)));
    String message = failure(first, second);
    assertTrue(message.startsWith("there are 2 default models: small (jar:file:"), message);
    assertTrue(message.contains("first.jar!/"), message);
    assertTrue(message.contains(" and large (jar:file:"), message);
    assertTrue(message.contains("; remove all but one"), message);
  }

  @Test
  void theSameModelTwiceIsOne() throws Exception {
    Path first = jar("first.jar", JarFiles.stored(small.with(bytes)));
    Path copy = jar("copy.jar", JarFiles.stored(small.with(bytes)));
    assertTrue(source(first, first, copy).startsWith(first.toString()), source(first, first, copy));
  }

  @Test
  void aLoaderThatKnowsAnotherKumikoOrNoneIsPassedOver() throws Exception {
    Path jar = jar(JarFiles.stored(small.with(bytes)));
    IOException e =
        assertThrows(IOException.class, () -> withLoader(DefaultModel::open, null, jar));
    assertTrue(e.getMessage().startsWith("there is no default model: "), e.getMessage());
  }

  @Test
  void aProviderThatFailsIsNamed() throws Exception {
    for (String body :
        List.of(
            "public Bad() { throw new IllegalStateException(\"no roof\"); }"
                + " public String name() { return \"bad\"; }"
                + " public java.net.URL model() { return null; }",
            "public String name() { throw new IllegalStateException(\"no roof\"); }"
                + " public java.net.URL model() { return null; }",
            "static final int ROOF = Integer.parseInt(\"no roof\");"
                + " public String name() { return \"bad\"; }"
                + " public java.net.URL model() { return null; }")) {
      ProvidedModel bad = ProvidedModel.of(folder, "some.Bad", body);
      Path jar = jar("bad" + body.hashCode() + ".jar", JarFiles.stored(bad.with(bytes)));
      String message = failure(jar);
      assertTrue(message.contains("some.Bad"), message);
      assertTrue(message.contains("fails: "), message);
    }
  }

  @Test
  void aProviderWithoutItsModelIsNamed() throws Exception {
    Path jar = jar(JarFiles.stored(small.withoutModel()));
    assertEquals(
        "small.Small provides no default model: its model() gives null, as it does if its JAR is"
            + " incomplete",
        failure(jar));
    Path gone = folder.resolve("gone.safetensors");
    ProvidedModel bad =
        ProvidedModel.of(
            folder,
            "some.Gone",
            "public String name() { return \"gone\"; } public java.net.URL model() { try { return"
                + " java.net.URI.create(\"%s\").toURL(); } catch (Exception e) { return null; } }"
                    .formatted(gone.toUri()));
    assertEquals(
        "the default model gone of some.Gone is missing: " + gone + ": no such file",
        failure(jar("gone.jar", JarFiles.stored(bad.withoutModel()))));
  }

  @Test
  void aProviderThatIsNotThereIsNamed() throws Exception {
    Map<String, byte[]> entries = new ProvidedModel("some.Lost", Map.of()).withoutModel();
    String message = failure(jar(JarFiles.stored(entries)));
    assertTrue(message.contains("some.Lost"), message);
  }

  @Test
  void aDamagedModelInAJarIsNamed() throws Exception {
    byte[] damaged = bytes.clone();
    Arrays.fill(damaged, 8, 40, (byte) '?');
    Path jar = jar(JarFiles.stored(small.with(damaged)));
    ModelFormatException stored = assertThrows(ModelFormatException.class, () -> embed(jar));
    assertTrue(stored.getMessage().startsWith(jar + " at byte "), stored.getMessage());
    byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
    Path other = jar("half.jar", JarFiles.compressed(small.with(half)));
    ModelFormatException compressed = assertThrows(ModelFormatException.class, () -> embed(other));
    assertTrue(compressed.getMessage().contains("half.jar"), compressed.getMessage());
  }

  @Test
  void aDamagedJarIsNamed() throws Exception {
    byte[] zip = JarFiles.compressed(small.with(bytes));
    for (int at : new int[] {500, zip.length / 2, zip.length * 3 / 4}) {
      byte[] damaged = zip.clone();
      Arrays.fill(damaged, at, at + 100, (byte) 0xFF);
      Path jar = jar("damaged" + at + ".jar", damaged);
      IOException e = assertThrows(IOException.class, () -> embed(jar));
      assertTrue(e.getMessage().contains("damaged" + at + ".jar"), e.getMessage());
    }
  }

  @Test
  void aTruncatedJarHasNoModel() throws Exception {
    byte[] zip = JarFiles.stored(small.with(bytes));
    Path jar = jar(Arrays.copyOf(zip, zip.length - 10));
    IOException e = assertThrows(IOException.class, () -> embed(jar));
    assertTrue(e.getMessage().startsWith("there is no default model"), e.getMessage());
  }
}
