package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a model may lie, and on what thread it is loaded. */
class LoadingTest {
  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
  }

  @Test
  void aModelInsideAZipFileIsReadIntoMemory() throws IOException {
    Path zip = folder.resolve("models.zip");
    float[] expected;
    try (Embedder mapped = Embedder.load(model)) {
      expected = mapped.embed("a roof of wood").vector();
    }
    try (FileSystem inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.copy(model, inside.getPath("/m.safetensors"));
    }
    Embedder embedder;
    try (FileSystem inside = FileSystems.newFileSystem(zip)) {
      embedder = Embedder.load(inside.getPath("/m.safetensors"));
      assertThrows(NoSuchFileException.class, () -> Embedder.load(inside.getPath("/n")));
    }
    try (embedder) {
      assertArrayEquals(expected, embedder.embed("a roof of wood").vector());
    }
  }

  @Test
  void anInterruptedThreadIsToldSo() throws IOException {
    Thread.currentThread().interrupt();
    InterruptedIOException e =
        assertThrows(InterruptedIOException.class, () -> Embedder.load(model));
    assertTrue(Thread.interrupted(), "it stays interrupted");
    assertEquals(
        model + ": is not loaded, because the calling thread is interrupted", e.getMessage());
    Embedder.load(model).close();
  }
}
