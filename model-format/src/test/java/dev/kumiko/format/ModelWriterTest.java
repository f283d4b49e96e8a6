package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWriterTest {
  @TempDir Path directory;

  @Test
  void everyTypeComesBack() throws IOException {
    Path path = directory.resolve("all.safetensors");
    ModelWriter writer = new ModelWriter(path).metadata("z", "last first").metadata("a", "\"\n☃\t");
    Map<DType, byte[]> expected = new LinkedHashMap<>();
    for (DType type : DType.values()) {
      byte[] bytes = new byte[6 * type.bytes()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (31 * i + 5 * expected.size());
      }
      expected.put(type, bytes);
      writer.bytes("t." + type, type, bytes, 2, 3);
    }
    writer.floats("scalar", new float[] {0.1f}).floats("empty", new float[0], 5, 0);
    writer.write();

    try (ModelFile file = ModelFile.open(path)) {
      assertEquals(Map.of("z", "last first", "a", "\"\n☃\t"), file.metadata());
      assertEquals(List.of("z", "a"), List.copyOf(file.metadata().keySet()));
      assertEquals(Files.size(path), file.size());
      for (DType type : DType.values()) {
        Tensor tensor = file.tensor("t." + type).expect(type, 2, 3);
        assertEquals(-1, tensor.data().mismatch(MemorySegment.ofArray(expected.get(type))));
      }
      assertArrayEquals(new float[] {0.1f}, file.tensor("scalar").expect(DType.F32).toFloats());
      assertEquals(0, file.tensor("empty").expect(DType.F32, 5, 0).elements());
    }
  }

  @Test
  void arraysLargerThanABufferComeBack() throws IOException {
    float[] floats = new float[100_003];
    int[] ints = new int[100_003];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i * 0.37f;
      ints[i] = i * 7919;
    }
    Path path = directory.resolve("a.safetensors");
    new ModelWriter(path).floats("f", floats, 100_003).ints("i", ints, 100_003).write();
    Path copy = directory.resolve("b.safetensors");
    try (ModelFile file = ModelFile.open(path)) {
      assertArrayEquals(floats, file.tensor("f").toFloats());
      assertArrayEquals(ints, file.tensor("i").toInts());
      new ModelWriter(copy).copy("f", file.tensor("f")).copy("i", file.tensor("i")).write();
    }
    assertEquals(-1, Files.mismatch(path, copy));
  }

  @Test
  void theTensorsBeginAtAMultipleOf64WhateverTheHeader() throws IOException {
    Path path = directory.resolve("m.safetensors");
    for (int length = 0; length < 130; length++) {
      new ModelWriter(path).metadata("k", "x".repeat(length)).ints("i", new int[] {7}, 1).write();
      byte[] bytes = Files.readAllBytes(path);
      int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      assertEquals(0, (8 + header) % 64);
      assertEquals(8 + header + 4, bytes.length);
      assertEquals('{', bytes[8]);
    }
  }

  @Test
  void writesExactlyTheseBytes() throws IOException {
    Path path = directory.resolve("m.safetensors");
    new ModelWriter(path).metadata("k", "v").ints("i", new int[] {-2}, 1, 1).write();
    String json =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"i\":{\"dtype\":\"I32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}";
    byte[] expected = Safetensors.of(json + " ".repeat(120 - json.length()), 4);
    ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).putInt(128, -2);
    assertArrayEquals(expected, Files.readAllBytes(path));
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path path = Files.writeString(directory.resolve("m.safetensors"), "the old file");
    Map<String, ModelWriter.Source> sources = new LinkedHashMap<>();
    sources.put("only 3", out -> out.write(new byte[3]));
    sources.put("at least 5", out -> out.write(new byte[5]));
    sources.put(
        "No space left on device",
        out -> {
          out.write(1);
          throw new IOException("No space left on device");
        });
    for (Map.Entry<String, ModelWriter.Source> source : sources.entrySet()) {
      ModelWriter writer =
          new ModelWriter(path).tensor("t", DType.I32, new long[] {1}, source.getValue());
      IOException e = assertThrows(IOException.class, writer::write);
      assertTrue(e.getMessage().startsWith(path + ": not written: "), e.getMessage());
      assertTrue(e.getMessage().contains(source.getKey()), e.getMessage());
      checkOnlyTheOldFile(path);
    }
    ModelWriter broken =
        new ModelWriter(path)
            .tensor(
                "t",
                DType.I32,
                new long[] {1},
                out -> {
                  throw new IllegalStateException("a defect");
                });
    assertThrows(IllegalStateException.class, broken::write);
    checkOnlyTheOldFile(path);
  }

  private void checkOnlyTheOldFile(Path path) throws IOException {
    assertEquals("the old file", Files.readString(path));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(path), files.toList());
    }
  }

  @Test
  void replacesTheOldFileAndLeavesNothingElse() throws IOException {
    Path path = Files.writeString(directory.resolve("m.safetensors"), "the old file");
    new ModelWriter(path).write();
    try (ModelFile file = ModelFile.open(path);
        Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(path), files.toList());
      assertTrue(file.tensors().isEmpty());
      assertEquals(64, file.size());
    }
  }

  @Test
  void replacesWhatALinkPointsToAndNotTheLink(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "before");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    new ModelWriter(link).floats("x", new float[] {1}, 1).write();
    assertTrue(Files.isSymbolicLink(link));
    try (ModelFile model = ModelFile.open(file)) {
      assertEquals(1, model.tensor("x").toFloats()[0]);
    }
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path inNoDirectory = directory.resolve("none").resolve("m.safetensors");
    IOException e = assertThrows(IOException.class, new ModelWriter(inNoDirectory)::write);
    assertEquals(
        inNoDirectory
            + ": not written: the directory "
            + inNoDirectory.toAbsolutePath().getParent()
            + " is not there",
        e.getMessage());
    e = assertThrows(IOException.class, new ModelWriter(directory)::write);
    assertEquals(directory + ": not written: it is a directory", e.getMessage());
    Path tooLong = directory.resolve("x".repeat(250));
    e = assertThrows(IOException.class, new ModelWriter(tooLong)::write);
    assertTrue(e.getMessage().contains("cannot create a file in its directory"), e.getMessage());
  }

  @Test
  void refusesADeclarationThatCannotBe() {
    ModelWriter writer = new ModelWriter(directory.resolve("m")).metadata("k", "v");
    writer.floats("f", new float[6], 2, 3);
    List<Runnable> mistakes =
        List.of(
            () -> writer.metadata("k", "w"),
            () -> writer.floats("f", new float[1], 1),
            () -> writer.floats("short", new float[5], 2, 3),
            () -> writer.ints("long", new int[7], 2, 3),
            () -> writer.bytes("bytes", DType.F16, new byte[3], 1),
            () -> writer.floats("negative", new float[1], -1, -1),
            () -> writer.floats("__metadata__", new float[1], 1));
    for (Runnable mistake : mistakes) {
      assertThrows(IllegalArgumentException.class, mistake::run);
    }
  }

  @Test
  void refusesAHeaderThatNoReaderTakes() throws IOException {
    ModelWriter writer =
        new ModelWriter(directory.resolve("m")).metadata("k", "x".repeat(100_000_000));
    IOException e = assertThrows(IOException.class, writer::write);
    assertTrue(e.getMessage().contains("but at most 100000000 are allowed"), e.getMessage());
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }
}
