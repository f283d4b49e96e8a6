package dev.kumiko.encode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.Fixture;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.kernel.KernelChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that share a pass compute, to the last bit, what one thread does. */
class SharedPassTest {
  @TempDir Path folder;
  private Encoder encoder;
  private Architecture architecture;

  @BeforeEach
  void open() throws IOException {
    open("bert-mean");
  }

  private void open(String fixture) throws IOException {
    if (encoder != null) {
      encoder.close();
    }
    Path model = Fixture.open(fixture).writeModel(folder.resolve(fixture + ".safetensors"));
    try (ModelFile file = ModelFile.open(model)) {
      architecture = ModelDescription.of(file).architecture();
      encoder = new Encoder(architecture, file, KernelChoice.kernels());
    }
  }

  @AfterEach
  void close() {
    encoder.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-mean", "bert-sqrtlen-odd"})
  void sharesGiveTheBitsOfOnePass(String fixture) throws IOException {
    open(fixture);
    for (int[] lengths : new int[][] {{1}, {8}, {17}, {50}, {3, 40, 1, 1, 20}, {6, 6, 6, 6}}) {
      Workspace whole = workspace(lengths);
      encoder.encode(whole);
      Workspace shared = workspace(lengths);
      for (int threads = 1; threads <= 4; threads++) {
        for (Division division : Division.values()) {
          run(new SharedPass(encoder, shared, threads, division), threads);
          String what =
              "%s on %d threads, %s".formatted(Arrays.toString(lengths), threads, division);
          assertArrayEquals(whole.hidden(), shared.hidden(), what);
        }
      }
    }
  }

  @Test
  void oneThreadDoesAllWhenTheOthersNeverCome() {
    Workspace whole = workspace(50);
    encoder.encode(whole);
    Workspace shared = workspace(50);
    SharedPass pass = new SharedPass(encoder, shared, 3, Division.OUTPUTS);
    pass.run();
    assertArrayEquals(whole.hidden(), shared.hidden());
    pass.run();
    assertArrayEquals(whole.hidden(), shared.hidden(), "somebody came too late");
  }

  @Test
  void asManyThreadsShareAsHaveOutputsOrRowsEnough() {
    assertEquals(1, encoder.outputShares(), "of " + architecture.hiddenSize());
    assertEquals(1, SharedPass.threads(encoder, 15, 4));
    assertEquals(2, SharedPass.threads(encoder, 16, 4));
    assertEquals(4, SharedPass.threads(encoder, 1000, 4));
  }

  @Test
  void aFailureOfOneThreadEndsTheOthers() {
    Workspace w = workspace(20);
    w.texts().add(new int[] {architecture.vocabularySize()}, 1);
    SharedPass pass = new SharedPass(encoder, w, 2, Division.ROWS);
    CompletionException failure = assertThrows(CompletionException.class, () -> run(pass, 2));
    assertInstanceOf(IndexOutOfBoundsException.class, failure.getCause());
  }

  private Workspace workspace(int... lengths) {
    Workspace w = new Workspace(architecture);
    int id = 7;
    for (int length : lengths) {
      int[] ids = new int[length];
      for (int i = 0; i < length; i++) {
        id = (31 * id + 11) % architecture.vocabularySize();
        ids[i] = id;
      }
      w.texts().add(ids, length);
    }
    return w;
  }

  private static void run(SharedPass pass, int threads) {
    List<CompletableFuture<Void>> helpers = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      helpers.add(CompletableFuture.runAsync(pass));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(helpers.toArray(CompletableFuture<?>[]::new));
    try {
      pass.run();
    } catch (RuntimeException e) {
      all.exceptionally(helperFailure -> null).join();
      throw new CompletionException(e);
    }
    all.join();
  }
}
