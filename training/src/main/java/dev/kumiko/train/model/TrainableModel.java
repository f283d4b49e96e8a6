package dev.kumiko.train.model;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.DType;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import dev.kumiko.train.kernel.GradientKernelChoice;
import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.part.Compute;
import dev.kumiko.train.part.FloatPool;
import dev.kumiko.train.part.Parameters;
import dev.kumiko.train.part.Result;
import dev.kumiko.train.part.TextEncoder;
import dev.kumiko.train.part.TextHead;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A model whose parameters can learn. A step is: {@link #forward}, a loss, {@link Pass#backward}, a
 * change of the {@link #parameters}' values, {@link #refresh}.
 *
 * <p>The forward pass is an embedder's: the same kernels on the same values. Gradients and vectors
 * are the same to the last bit whatever the number of threads. For one thread at a time, which
 * brings its helpers.
 */
public final class TrainableModel implements AutoCloseable {
  private final ModelFile file;
  private final ModelDescription description;
  private final Threads threads;
  private final Memory memory;
  private final FloatPool pool = new FloatPool();
  private final List<Parameter> parameters;
  private final TextEncoder encoder;
  private final TextHead head;

  private TrainableModel(ModelFile file, int threads, Memory memory) throws IOException {
    this.file = file;
    this.description = ModelDescription.of(file);
    TensorNames.check(file, description);
    requireFloats(file);
    this.memory = memory;
    this.threads = new Threads(threads);
    Kernels kernels = KernelChoice.kernels();
    Compute compute =
        new Compute(kernels, GradientKernelChoice.beside(kernels), this.threads, pool);
    Parameters read = new Parameters(file);
    this.encoder = new TextEncoder(description.architecture(), file, compute, read);
    this.head = new TextHead(description, compute, read);
    this.parameters = read.all();
    file.state().requireSame();
  }

  /** Opens a model with as many threads as there are processors, keeping what passes need. */
  public static TrainableModel open(Path path) throws IOException {
    return open(path, Runtime.getRuntime().availableProcessors(), Memory.KEEP);
  }

  /**
   * Opens a Kumiko model file with weights of F32, BF16 or F16, which learn as floats, and a dense
   * or a composed token table.
   *
   * @param threads how many threads compute, the caller's among them
   * @param memory what passes keep
   * @throws ModelFormatException if the file is not a valid model, or an int8 one
   * @throws IOException if the file cannot be read
   */
  public static TrainableModel open(Path path, int threads, Memory memory) throws IOException {
    ModelFile file = ModelFile.open(path);
    try {
      return new TrainableModel(file, threads, memory);
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static void requireFloats(ModelFile file) throws ModelFormatException {
    for (Tensor tensor : file.tensors().values()) {
      if (tensor.type() == DType.I8) {
        throw new ModelFormatException(
            Reason.UNEXPECTED_TENSOR,
            "%s: tensor %s is int8, and rounded numbers cannot learn; train the file that this one was made from and quantize the result"
                .formatted(file.source(), tensor.name()),
            -1,
            tensor.name());
      }
    }
  }

  /** Returns the description of the model. */
  public ModelDescription description() {
    return description;
  }

  /** Returns all that can learn, named as in the model file, in the order of the computation. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Returns the threads that compute, for others to use between two passes. */
  public Threads threads() {
    return threads;
  }

  /**
   * Reads the tokenizer.
   *
   * @throws ModelFormatException if one of its tensors is malformed
   */
  public Tokenizer tokenizer() throws IOException {
    return Tokenizers.of(description.tokenizer(), tokenizerTables());
  }

  private TokenizerTables tokenizerTables() throws IOException {
    int rows = description.architecture().vocabularySize();
    return TokenizerTables.read(file, description.tokenizer(), rows);
  }

  /**
   * Returns whether every text has the same tokens in another model.
   *
   * @throws ModelFormatException if a tensor of a tokenizer is malformed
   */
  public boolean hasTokenizerOf(TrainableModel other) throws IOException {
    return description.tokenizer().equals(other.description.tokenizer())
        && tokenizerTables().sameAs(other.tokenizerTables());
  }

  /** Returns the number of layers. */
  public int layers() {
    return encoder.layers();
  }

  /**
   * Computes the vectors of texts, and keeps what the way back needs.
   *
   * @param texts at least one; not to be changed as long as the pass is used
   */
  public Pass forward(PackedTexts texts) {
    return forward(texts, unpooled(texts));
  }

  /** Returns how many tokens of each text are not pooled, from the first on, without a prompt. */
  private int[] unpooled(PackedTexts texts) {
    int[] skipped = new int[texts.texts()];
    Arrays.fill(skipped, unpooledTokens());
    return skipped;
  }

  /** Returns how many special tokens before a text are not pooled with it. */
  public int unpooledTokens() {
    boolean fromText = description.head().poolsFromText();
    return fromText ? description.tokenizer().specialTokens().before() : 0;
  }

  /**
   * The same for texts behind a prompt that is not pooled.
   *
   * @param skipped for each text, so many tokens are not pooled from the first on
   */
  public Pass forward(PackedTexts texts, int[] skipped) {
    List<Result> steps = steps(texts, layers());
    Optional<Result> finish = encoder.finish(steps.getLast().output(), texts.rows());
    float[] hidden = finish.orElse(steps.getLast()).output();
    Result vectors = head.forward(texts, skipped, hidden);
    return pass(texts, steps, finish, Optional.of(vectors));
  }

  /**
   * Computes token vectors only, and no further than asked for.
   *
   * @param layers so many layers, 0 for the embeddings alone
   */
  public Pass forwardHidden(PackedTexts texts, int layers) {
    List<Result> steps = steps(texts, layers);
    Optional<Result> finish =
        layers == layers()
            ? encoder.finish(steps.getLast().output(), texts.rows())
            : Optional.empty();
    return pass(texts, steps, finish, Optional.empty());
  }

  private List<Result> steps(PackedTexts texts, int layers) {
    List<Result> steps = new ArrayList<>();
    steps.add(encoder.embed(texts));
    for (int layer = 0; layer < layers; layer++) {
      steps.add(encoder.layer(layer, texts, steps.getLast().output(), memory == Memory.KEEP));
    }
    return steps;
  }

  private Pass pass(
      PackedTexts texts, List<Result> steps, Optional<Result> finish, Optional<Result> vectors) {
    int size = description.architecture().hiddenSize();
    return new Pass(pool, texts, size, steps, finish, vectors, lowestLearning());
  }

  /** Returns the first step with something that learns: 0 for the embeddings, n for layer n. */
  private int lowestLearning() {
    return parameters.stream()
        .filter(parameter -> !parameter.isFrozen())
        .mapToInt(parameter -> step(parameter.name()))
        .min()
        .orElse(layers() + 1);
  }

  private int step(String parameter) {
    if (parameter.startsWith(TensorNames.HEAD)) {
      return layers() + 1;
    }
    if (parameter.startsWith(TensorNames.FINAL_NORM)) {
      return layers();
    }
    OptionalInt layer = TensorNames.layer(parameter);
    return layer.isPresent() ? layer.getAsInt() + 1 : 0;
  }

  /**
   * Computes the vectors of texts and keeps nothing.
   *
   * @return {@code [texts][dimension]}
   */
  public float[] vectors(PackedTexts texts) {
    Result hidden = tokenVectors(texts, layers());
    Result vectors = head.forward(texts, unpooled(texts), hidden.output());
    float[] output = vectors.output();
    vectors.release();
    hidden.release();
    return output;
  }

  /**
   * Computes token vectors and keeps nothing.
   *
   * @param layers so many layers, 0 for the embeddings alone
   * @return {@code [rows][hidden]}, as {@link Pass#hidden} has them
   */
  public float[] hidden(PackedTexts texts, int layers) {
    Result hidden = tokenVectors(texts, layers);
    int size = texts.rows() * description.architecture().hiddenSize();
    float[] output = Arrays.copyOf(hidden.output(), size);
    hidden.release();
    return output;
  }

  /**
   * Computes the vectors that texts would have if the model ended after each of its layers, with
   * the norm behind the last layer, if there is one, and the head; keeps nothing.
   *
   * @param skipped for each text, so many tokens are not pooled from the first on
   * @return for 0, the embeddings alone, and each number of layers {@code [texts][dimension]}
   */
  public List<float[]> vectorsByLayer(PackedTexts texts, int[] skipped) {
    List<float[]> vectors = new ArrayList<>();
    Result x = encoder.embed(texts);
    for (int layers = 0; ; layers++) {
      Optional<Result> finished = encoder.finish(x.output(), texts.rows());
      float[] hidden = finished.orElse(x).output();
      Result head = this.head.forward(texts, skipped, hidden);
      vectors.add(head.output());
      head.release();
      finished.ifPresent(Result::release);
      if (layers == layers()) {
        x.release();
        return vectors;
      }
      Result before = x;
      x = encoder.layer(layers, texts, before.output(), true);
      before.release();
    }
  }

  /** Each step's memory is given back as soon as the next one is done. */
  private Result tokenVectors(PackedTexts texts, int layers) {
    Result x = encoder.embed(texts);
    for (int layer = 0; layer < layers; layer++) {
      Result before = x;
      x = encoder.layer(layer, texts, before.output(), true);
      before.release();
    }
    if (layers == layers()) {
      Result last = x;
      Optional<Result> finished = encoder.finish(last.output(), texts.rows());
      finished.ifPresent(f -> last.release());
      return finished.orElse(last);
    }
    return x;
  }

  /** Takes over values of parameters that have changed; passes begun before are void. */
  public void refresh() {
    encoder.refresh();
    head.refresh();
  }

  /** Sets all gradients to zero. */
  public void clearGradients() {
    parameters.forEach(Parameter::clearGradient);
  }

  /**
   * Writes the model with the parameters as they are, in F32; everything else is copied from the
   * file that was opened. The target is replaced when all is written.
   *
   * @throws IOException if the target cannot be written, or the file that was opened has been
   *     written to since
   */
  public void save(Path target) throws IOException {
    Map<String, Parameter> learned =
        parameters.stream().collect(Collectors.toMap(Parameter::name, Function.identity()));
    ModelWriter writer = new ModelWriter(target).metadata(file.metadata());
    for (Tensor tensor : file.tensors().values()) {
      if (learned.containsKey(tensor.name())) {
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        writer.floats(tensor.name(), learned.get(tensor.name()).values(), shape);
      } else {
        writer.copy(tensor.name(), tensor);
      }
    }
    file.state().requireSame();
    writer.write();
  }

  /** Unmaps the file and ends the threads. */
  @Override
  public void close() {
    threads.close();
    file.close();
  }
}
