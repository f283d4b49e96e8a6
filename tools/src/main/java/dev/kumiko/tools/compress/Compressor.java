package dev.kumiko.tools.compress;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Composition;
import dev.kumiko.format.Composition.Assignment;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.DoubleConsumer;

/**
 * Replaces a model's token table by one composed of shared sub-vectors, fitted to the table itself
 * (product quantisation, Jegou et al. 2011; subspace embeddings, arXiv 2308.08688). The result
 * depends on the model, the options and the corpus, not on threads or kernels.
 */
public final class Compressor {
  private static final int MOST_CODES = 1 << 16;

  /**
   * What to make.
   *
   * @param parts the number of parts, F
   * @param codes the number of sub-vectors of each part, Q
   * @param assignment how tokens get theirs
   * @param int8 whether the sub-vectors and the position table are stored as int8
   * @param ordered for computed codes: whether near tokens are put side by side first
   * @param ownRows how many of the most frequent tokens keep rows of their own, beside the special
   *     ones; empty if not even these do
   * @param seed of the random start
   * @param threads number of threads
   */
  public record Options(
      int parts,
      int codes,
      Assignment assignment,
      boolean int8,
      boolean ordered,
      OptionalInt ownRows,
      long seed,
      int threads) {}

  /**
   * What was made.
   *
   * @param relativeError the length of the table's error divided by the length of the table
   * @param moved the number of tokens that got other codes than the nearest, because no two tokens
   *     have the same
   */
  public record Result(double relativeError, int moved) {}

  private Compressor() {}

  /**
   * Compresses a model.
   *
   * @param source a Kumiko model with a row for each token, fp32 or int8
   * @param target the file to write; it appears whole or not at all
   * @param counts how often each token occurs, {@code [tokens]}; without them all are alike
   * @param progress told which part of the work is done, from 0 to 1, by any thread
   * @throws IOException if the source is no such model, the options do not fit it, or the target
   *     cannot be written; the message is for people
   */
  public static Result compress(
      Path source, Path target, Options options, Optional<long[]> counts, DoubleConsumer progress)
      throws IOException {
    try (ModelFile model = ModelFile.open(source)) {
      ModelDescription description = ModelDescription.of(model);
      Architecture sizes = description.architecture();
      TensorNames.check(model, description);
      requireFitting(model, sizes, options);
      SourceTable table = new SourceTable(model, sizes.vocabularySize(), sizes.hiddenSize());
      Subspaces subspaces = new Subspaces(sizes.hiddenSize(), options.parts());
      int[] ownRows = OwnRows.of(options.ownRows(), description, counts);
      float[] weights = TokenWeights.of(counts, sizes.vocabularySize(), ownRows);
      Fitted fitted =
          options.assignment() == Assignment.CONTEXT
              ? ContextFit.fit(
                  table,
                  subspaces,
                  options.codes(),
                  weights,
                  options.seed(),
                  options.threads(),
                  progress)
              : CartesianFit.fit(
                  table,
                  subspaces,
                  options.codes(),
                  weights,
                  options.ordered(),
                  options.threads(),
                  progress);
      CompressedModel compressed =
          new CompressedModel(model, ownRows, options, table, subspaces, fitted);
      compressed.write(target);
      return new Result(compressed.relativeError(), fitted.moved);
    }
  }

  private static void requireFitting(ModelFile model, Architecture sizes, Options options)
      throws IOException {
    String source = model.source();
    if (Composition.isStored(model)) {
      throw new IOException(
          source
              + " is compressed already: its token table is composed. Compress the model it was"
              + " made from.");
    }
    int parts = options.parts();
    if (parts < 1 || parts > sizes.hiddenSize()) {
      throw new IOException(
          "--parts is %,d, but must be from 1 to %,d, the length of a token vector of %s"
              .formatted(parts, sizes.hiddenSize(), source));
    }
    int tokens = sizes.vocabularySize();
    int most = Math.min(tokens, MOST_CODES);
    int codes = options.codes();
    if (codes < 1 || codes > most) {
      String limit = tokens <= MOST_CODES ? "the number of tokens of " + source : "what fits";
      throw new IOException(
          "--codes is %,d, but must be from 1 to %,d, %s".formatted(codes, most, limit));
    }
    long combinations = 1;
    for (int f = 0; f < parts && combinations <= tokens; f++) {
      combinations *= codes;
    }
    boolean cartesian = options.assignment() == Assignment.CARTESIAN;
    if (combinations < tokens || (cartesian && combinations == tokens)) {
      throw new IOException(
          "%,d parts of %,d codes make %,d combinations, but %s has %,d tokens and each needs its own%s; use more --codes or --parts"
              .formatted(
                  parts,
                  codes,
                  combinations,
                  source,
                  tokens,
                  cartesian ? " and one is spare" : ""));
    }
  }
}
