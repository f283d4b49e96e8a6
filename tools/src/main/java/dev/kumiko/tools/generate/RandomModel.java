package dev.kumiko.tools.generate;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.TensorNames;
import dev.kumiko.model.Similarity;
import dev.kumiko.tools.convert.Rounding;
import dev.kumiko.train.random.SeededRandom;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/**
 * A model of a published shape with random weights, for measuring speed and memory: tables are
 * normal with a deviation of 0.02, linear maps with one of {@code 1 / sqrt(inputs)}, so that
 * vectors keep their size; norms change nothing and biases are 0.
 *
 * @param shape whose sizes it has
 * @param layers so many layers instead of all
 * @param tokens so many rows of the token table instead of all
 * @param type of tables and linear maps: F32, BF16 or F16
 * @param seed of the weights
 */
public record RandomModel(
    PublishedShape shape,
    Optional<Integer> layers,
    Optional<Integer> tokens,
    DType type,
    long seed) {
  /** All that tokenizers need, and some words. */
  public static final int LEAST_TOKENS = 1000;

  private static final double TABLE_DEVIATION = 0.02;
  private static final int CHUNK = 1 << 14;

  /** A model in fp32. */
  public RandomModel(
      PublishedShape shape, Optional<Integer> layers, Optional<Integer> tokens, long seed) {
    this(shape, layers, tokens, DType.F32, seed);
  }

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if there are to be too few or too many of something
   */
  public RandomModel {
    int all = shape.architecture(Optional.empty(), shape.tokens()).layers();
    layers.ifPresent(count -> require("layers", count, 1, all, shape));
    tokens.ifPresent(count -> require("tokens", count, LEAST_TOKENS, shape.tokens(), shape));
  }

  private static void require(String what, int value, int least, int most, PublishedShape shape) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "The number of %s is %,d; for %s it can be from %,d to %,d"
              .formatted(what, value, shape.title(), least, most));
    }
  }

  /**
   * Writes the model, a piece at a time. The same shape, sizes and seed give the same bytes.
   *
   * @param target the file to write, replaced when all is written
   * @param progress is told now and then which part of the work is done, from 0 to 1
   */
  public void write(Path target, DoubleConsumer progress) throws IOException {
    int rows = tokens.orElse(shape.tokens());
    SyntheticTokenizer tokenizer = shape.tokenizer(rows);
    ModelDescription description = describe(rows, tokenizer);
    ModelWriter writer = new ModelWriter(target).metadata(description.toMetadata());
    Map<String, List<Long>> weights = TensorNames.required(description);
    long all = weights.values().stream().mapToLong(RandomModel::elements).sum();
    Written written = new Written(all, progress);
    double gain =
        description.architecture().layout().normKind() == NormKind.RMS_NORM_FROM_ONE ? 0 : 1;
    int stream = 0;
    for (Map.Entry<String, List<Long>> weight : weights.entrySet()) {
      long[] sizes = weight.getValue().stream().mapToLong(Long::longValue).toArray();
      long count = elements(weight.getValue());
      SeededRandom random = new SeededRandom(seed).stream(stream++);
      double deviation = deviation(weight.getKey(), sizes);
      double constant = weight.getKey().endsWith("norm.weight") ? gain : 0;
      DType stored = sizes.length > 1 ? type : DType.F32;
      writer.tensor(
          weight.getKey(),
          stored,
          sizes,
          out -> written.write(out, stored, count, constant, deviation, random));
    }
    tokenizer.tables().addTo(writer, tokenizer.description());
    writer.write();
  }

  private ModelDescription describe(int rows, SyntheticTokenizer tokenizer) {
    Architecture architecture = shape.architecture(layers, rows);
    return new ModelDescription(
        shape.title() + "-random",
        "%s (%s, seed %d)".formatted(ModelDescription.RANDOM_WEIGHTS, shape.title(), seed),
        architecture,
        shape.head(),
        Similarity.COSINE,
        shape.maxTokens(),
        shape.prompts(),
        "",
        tokenizer.description(),
        Optional.empty());
  }

  private static double deviation(String name, long[] sizes) {
    if (sizes.length < 2) {
      return 0;
    }
    return name.startsWith("embeddings.") ? TABLE_DEVIATION : 1 / Math.sqrt((double) sizes[1]);
  }

  private static long elements(List<Long> sizes) {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  /** Writes numbers and counts them. */
  private static final class Written {
    private final long all;
    private final DoubleConsumer progress;
    private long done;

    Written(long all, DoubleConsumer progress) {
      this.all = all;
      this.progress = progress;
    }

    void write(
        OutputStream out,
        DType type,
        long count,
        double mean,
        double deviation,
        SeededRandom random)
        throws IOException {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (long left = count; left > 0; left -= CHUNK) {
        chunk.clear();
        int length = (int) Math.min(left, CHUNK);
        for (int i = 0; i < length; i++) {
          double value = deviation == 0 ? mean : mean + deviation * random.nextGaussian();
          put(chunk, type, (float) value);
        }
        out.write(chunk.array(), 0, chunk.position());
        done += length;
        progress.accept((double) done / all);
      }
    }

    private static void put(ByteBuffer chunk, DType type, float value) {
      switch (type) {
        case BF16 -> chunk.putShort(Rounding.toBf16(value));
        case F16 -> chunk.putShort(Float.floatToFloat16(value));
        default -> chunk.putFloat(value);
      }
    }
  }
}
