package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.parallel.Workers;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the layers of an encoder, several at a time. */
final class LayerLoading implements Runnable {
  /**
   * Packing weights takes longer than reading them; but of more threads, the arrays that each needs
   * for a while would soon be as large as a layer.
   */
  static final int MOST_THREADS = 2;

  private final Architecture architecture;
  private final Weights weights;
  private final PositionParts positions;
  private final EncoderLayer[] layers;
  private final AtomicInteger next = new AtomicInteger();

  private LayerLoading(Architecture architecture, Weights weights, PositionParts positions) {
    this.architecture = architecture;
    this.weights = weights;
    this.positions = positions;
    this.layers = new EncoderLayer[architecture.layers()];
  }

  /**
   * Makes all layers; on one thread, in their order.
   *
   * @param most so many threads, where there are as many processors
   * @throws ModelFormatException if a tensor is absent or has another type or shape than the
   *     architecture says
   */
  static List<EncoderLayer> load(Architecture a, Weights weights, PositionParts positions, int most)
      throws ModelFormatException {
    LayerLoading loading = new LayerLoading(a, weights, positions);
    int threads = Math.min(Runtime.getRuntime().availableProcessors(), most);
    try (Workers workers = Workers.ofThreads(threads)) {
      workers.run(loading, threads - 1);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ModelFormatException cause) {
        throw cause;
      }
      throw e;
    }
    return Arrays.asList(loading.layers);
  }

  /** Makes layers until none is left or one fails. */
  @Override
  public void run() {
    boolean complete = false;
    try {
      for (int i = next.getAndIncrement(); i < layers.length; i = next.getAndIncrement()) {
        layers[i] = new EncoderLayer(architecture, weights, positions, i);
      }
      complete = true;
    } catch (ModelFormatException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!complete) {
        next.set(layers.length);
      }
    }
  }
}
