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
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model on the class path: in a JAR, stored or compressed, or in a folder. */
class DefaultModelTest {
  @TempDir Path folder;
  private Path model;
  private byte[] bytes;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    bytes = Files.readAllBytes(model);
  }

  private static <T> T withClassPath(Path entry, Callable<T> action) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {entry.toUri().toURL()}, null)) {
      thread.setContextClassLoader(loader);
      return action.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static String source(Path classPath) throws Exception {
    return withClassPath(
        classPath,
        () -> {
          try (ModelFile file = DefaultModel.open()) {
            return file.source();
          }
        });
  }

  private static List<Embedding> embed(Path classPath) throws Exception {
    List<String> texts = Fixture.open("bert-mean").texts();
    return withClassPath(
        classPath,
        () -> {
          try (Embedder embedder = Embedder.loadDefault()) {
            return embedder.embedAll(texts);
          }
        });
  }

  private List<Embedding> expected() throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      return embedder.embedAll(Fixture.open("bert-mean").texts());
    }
  }

  private Path jar(byte[] content) throws IOException {
    return Files.write(folder.resolve("a model, 100% \u00E4.jar"), content);
  }

  @Test
  void aStoredModelIsMappedWhereItLies() throws Exception {
    Path jar = jar(JarFiles.stored(DefaultModel.RESOURCE, bytes, ""));
    assertTrue(source(jar).startsWith(jar + " at byte "), source(jar));
    Vectors.assertSame(expected(), embed(jar), "stored");
  }

  @Test
  void aCompressedModelIsRead() throws Exception {
    Path jar = jar(JarFiles.compressed(DefaultModel.RESOURCE, bytes));
    assertTrue(source(jar).startsWith("jar:file:"), source(jar));
    Vectors.assertSame(expected(), embed(jar), "compressed");
  }

  @Test
  void aModelInAFolderIsMapped() throws Exception {
    Path classes = Files.createDirectory(folder.resolve("the classes"));
    Path file = classes.resolve(DefaultModel.RESOURCE);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    assertEquals(file.toString(), source(classes));
    Vectors.assertSame(expected(), embed(classes), "folder");
  }

  @Test
  void withoutAModelTheMessageNamesTheDependency() {
    IOException e = assertThrows(IOException.class, () -> embed(folder));
    assertTrue(e.getMessage().contains("dev.kumiko:kumiko-all-minilm-l6-v2"), e.getMessage());
    assertTrue(e.getMessage().contains(DefaultModel.RESOURCE), e.getMessage());
  }

  @Test
  void aDamagedModelInAJarIsNamed() throws Exception {
    byte[] damaged = bytes.clone();
    Arrays.fill(damaged, 8, 40, (byte) '?');
    Path jar = jar(JarFiles.stored(DefaultModel.RESOURCE, damaged, ""));
    ModelFormatException stored = assertThrows(ModelFormatException.class, () -> embed(jar));
    assertTrue(stored.getMessage().startsWith(jar + " at byte "), stored.getMessage());
    byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
    Path other = folder.resolve("half.jar");
    Files.write(other, JarFiles.compressed(DefaultModel.RESOURCE, half));
    ModelFormatException compressed = assertThrows(ModelFormatException.class, () -> embed(other));
    assertTrue(compressed.getMessage().contains("half.jar"), compressed.getMessage());
  }

  @Test
  void aDamagedJarIsNamed() throws Exception {
    byte[] zip = JarFiles.compressed(DefaultModel.RESOURCE, bytes);
    for (int at : new int[] {500, zip.length / 2, zip.length * 3 / 4}) {
      byte[] damaged = zip.clone();
      Arrays.fill(damaged, at, at + 100, (byte) 0xFF);
      Path jar = folder.resolve("damaged" + at + ".jar");
      Files.write(jar, damaged);
      IOException e = assertThrows(IOException.class, () -> embed(jar));
      assertTrue(e.getMessage().contains("damaged" + at + ".jar"), e.getMessage());
    }
  }

  @Test
  void aTruncatedJarHasNoModel() throws Exception {
    byte[] zip = JarFiles.stored(DefaultModel.RESOURCE, bytes, "");
    Path jar = jar(Arrays.copyOf(zip, zip.length - 10));
    IOException e = assertThrows(IOException.class, () -> embed(jar));
    assertTrue(e.getMessage().startsWith("there is no default model"), e.getMessage());
  }
}
