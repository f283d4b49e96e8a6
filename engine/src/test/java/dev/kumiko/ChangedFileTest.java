package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.encode.Encoder;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.kernel.KernelChoice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model file that others change while it is in use. */
class ChangedFileTest {
  private static final String TEXT = "A purlin carries the rafters of a roof.";

  @TempDir Path folder;
  private Path file;
  private Path other;

  @BeforeEach
  void write() throws IOException {
    file = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    other = Fixture.open("bert-cls-gelu-tanh").writeModel(folder.resolve("other.safetensors"));
  }

  private static void overwrite(Path file, byte[] bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(bytes.length);
      open.write(bytes);
    }
  }

  private static void assertRefused(Embedder embedder, Path file) {
    for (int i = 0; i < 2; i++) {
      List<String> messages =
          List.of(
              assertThrows(ModelChangedException.class, () -> embedder.embed(TEXT)).getMessage(),
              assertThrows(
                      ModelChangedException.class,
                      () -> embedder.embedAll(List.of(TEXT, TEXT, TEXT, TEXT)))
                  .getMessage());
      for (String message : messages) {
        assertTrue(message.startsWith(file + ": was written to ("), message);
        assertTrue(message.contains("load it again"), message);
      }
    }
  }

  @Test
  void writtenInPlace() throws IOException {
    byte[] noise = new byte[(int) Files.size(file)];
    new Random(1).nextBytes(noise);
    for (byte[] bytes : List.of(noise, Files.readAllBytes(other), new byte[0])) {
      Path copy = Files.copy(file, folder.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
      try (Embedder embedder = Embedder.builder().threads(2).load(copy)) {
        embedder.embed(TEXT);
        overwrite(copy, bytes);
        assertRefused(embedder, copy);
      }
    }
  }

  @Test
  void theSameBytesInAnotherPlaceOrTime() throws IOException {
    try (Embedder embedder = Embedder.load(file)) {
      float[] vector = embedder.embed(TEXT).vector();
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
      assertRefused(embedder, file);
      Files.delete(file);
      assertArrayEquals(vector, embedder.embed(TEXT).vector());
    }
  }

  @Test
  void renamedOver() throws IOException {
    try (Embedder embedder = Embedder.load(file)) {
      float[] vector = embedder.embed(TEXT).vector();
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      assertArrayEquals(vector, embedder.embed(TEXT).vector());
      try (Embedder next = Embedder.load(file)) {
        assertEquals("bert-cls-gelu-tanh", next.model().name());
      }
      overwrite(file, new byte[10]);
      assertArrayEquals(vector, embedder.embed(TEXT).vector());
    }
  }

  @Test
  void replacedWhileItIsLoaded() throws IOException {
    try (ModelFile opened = ModelFile.open(file)) {
      ModelDescription model = ModelDescription.of(opened);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      IOException e =
          assertThrows(
              IOException.class,
              () -> new Encoder(model.architecture(), opened, KernelChoice.kernels()).close());
      assertEquals(
          file + ": was replaced by another file while it was being loaded; load it again",
          e.getMessage());
    }
  }

  @Test
  void writtenWhileItIsLoaded() throws IOException {
    try (ModelFile opened = ModelFile.open(file)) {
      ModelDescription model = ModelDescription.of(opened);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
      IOException e =
          assertThrows(
              IOException.class,
              () -> new Encoder(model.architecture(), opened, KernelChoice.kernels()).close());
      assertTrue(e.getMessage().contains("was written to"), e.getMessage());
    }
  }

  @Test
  void cutShortWhileItIsLoaded() throws IOException {
    ModelFile opened = ModelFile.open(file);
    overwrite(file, new byte[0]);
    String message =
        assertThrows(IOException.class, () -> Embedder.builder().load(opened)).getMessage();
    assertTrue(message.startsWith(file + ": was written to ("), message);
    assertTrue(message.endsWith("while it was being loaded; load it again"), message);
    InternalError fault =
        new InternalError("a fault occurred in an unsafe memory access operation");
    message = opened.unreadable(fault).getMessage();
    assertTrue(message.startsWith(file + ": was written to ("), message);
    assertTrue(message.endsWith("while it was being read; load it again"), message);
  }

  @Test
  void modelsInMemoryHaveNoFileToWatch() throws IOException {
    try (ModelFile read = ModelFile.read(Files.newInputStream(file), "stream")) {
      Files.delete(file);
      read.state().requireSame();
      assertTrue(read.state().change().isEmpty());
    }
  }
}
