package dev.kumiko.tools.convert;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.Head;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.tools.convert.huggingface.HuggingFaceFolder;
import dev.kumiko.tools.convert.onnx.OnnxFile;
import dev.kumiko.tools.convert.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Converts published models into Kumiko's one-file form. */
public final class Converter {
  private Converter() {}

  /**
   * Converts a model.
   *
   * @param source an {@code .onnx} with its {@code tokenizer.json} (or {@code
   *     <name>-tokenizer.json}) beside it, a JAR that holds both, or a Hugging Face folder
   * @param target the file to write; it appears whole or not at all
   * @param options what the source does not state, or what shall differ from it
   * @param log receives lines for people: what was left out and what was assumed
   * @throws IOException if the source cannot be read, is damaged or not supported, or the target
   *     cannot be written; the message is for people
   */
  public static void convert(
      Path source, Path target, ConversionOptions options, Consumer<String> log)
      throws IOException {
    try (ModelSource opened = open(source, options)) {
      write(opened.read(log), target, options, log);
    }
  }

  private static ModelSource open(Path source, ConversionOptions options) throws IOException {
    String name = source.toString().toLowerCase(Locale.ROOT);
    if (Files.isDirectory(source)) {
      return HuggingFaceFolder.open(source, options);
    }
    if (!Files.exists(source)) {
      throw new ConversionException(source + " does not exist.");
    }
    if (options.variant().isPresent()) {
      throw new ConversionException(
          source + " is no Hugging Face folder; only for such a one --variant can be stated.");
    }
    if (name.endsWith(".onnx")) {
      return OnnxFile.open(source);
    }
    if (name.endsWith(".jar")) {
      return OnnxFile.openJar(source);
    }
    if (name.endsWith(".gguf")) {
      throw new ConversionException(
          source
              + " is a GGUF file, which Kumiko does not read; convert the Hugging Face folder with a"
              + " model.safetensors that it was made from.");
    }
    throw new ConversionException(
        source + " is neither an .onnx file, nor a .jar, nor a Hugging Face folder.");
  }

  private static void write(
      SourceModel model, Path target, ConversionOptions options, Consumer<String> log)
      throws IOException {
    Architecture architecture = model.architecture();
    TokenizerJson.Tokenizer tokenizer =
        withRows(TokenizerJson.read(model.tokenizer()), architecture.vocabularySize(), log);
    if (model.traits().lowerCase()) {
      tokenizer = tokenizer.lowerCasing();
    }
    if (options.variant().isPresent()) {
      tokenizer = options.variant().get().tokenizer(tokenizer, model.label());
    }
    if (tokenizer.ids() > architecture.vocabularySize()) {
      throw new ConversionException(
          "%s has %,d tokens, but the token table of %s has only %,d rows: they do not belong together."
              .formatted(
                  model.tokenizer().source(),
                  tokenizer.ids(),
                  model.label(),
                  architecture.vocabularySize()));
    }
    ModelWriter writer = new ModelWriter(target);
    ModelDescription description = describe(model, options, tokenizer.description());
    writer.metadata(metadata(description, model.label()));
    addWeights(writer, model, description, options.weights());
    tokenizer.tables().addTo(writer, tokenizer.description());
    writer.write();
  }

  /** Leaves out tokens that were added without enlarging the token table. */
  private static TokenizerJson.Tokenizer withRows(
      TokenizerJson.Tokenizer tokenizer, int rows, Consumer<String> log) {
    List<AddedToken> without = tokenizer.dispensableFrom(rows);
    for (AddedToken token : without) {
      log.accept(
          "Left out: the added token %s with the id %d; the token table has %,d rows. The reference fails at texts with it."
              .formatted(Json.text(token.content()), token.id(), rows));
    }
    return without.isEmpty() ? tokenizer : tokenizer.without(without);
  }

  private static ModelDescription describe(
      SourceModel model, ConversionOptions options, TokenizerDescription tokenizer)
      throws ConversionException {
    Traits traits = model.traits();
    Optional<List<Pooling>> pooling = options.pooling().map(List::of).or(traits::pooling);
    Optional<Boolean> normalize = options.normalize().or(traits::normalize);
    Optional<Integer> maxTokens = options.maxTokens().or(traits::maxTokens);
    int positions = model.architecture().longestInput();
    List<String> missing = new ArrayList<>();
    if (pooling.isEmpty()) {
      missing.add("the pooling (--pooling mean, cls, max, ...)");
    }
    if (normalize.isEmpty()) {
      missing.add("whether vectors are normalised (--normalize or --no-normalize)");
    }
    if (maxTokens.isEmpty()) {
      missing.add("the longest input (--max-tokens, at most %d)".formatted(positions));
    }
    if (!missing.isEmpty()) {
      throw new ConversionException(
          "%s does not state %s. The model's card has it; state it with the option."
              .formatted(model.label(), String.join(", nor ", missing)));
    }
    return new ModelDescription(
        options.name().orElse(traits.name()),
        model.origin(),
        model.architecture(),
        new Head(pooling.get(), traits.poolPrompt(), traits.steps(), normalize.get()),
        traits.similarity(),
        maxTokens.get(),
        traits.prompts(),
        traits.defaultPrompt(),
        tokenizer,
        traits.classifier());
  }

  private static Map<String, String> metadata(ModelDescription description, String label)
      throws ConversionException {
    try {
      return description.toMetadata();
    } catch (IllegalArgumentException e) {
      throw new ConversionException(label + ": " + e.getMessage());
    }
  }

  private static void addWeights(
      ModelWriter writer, SourceModel model, ModelDescription description, WeightType type)
      throws ConversionException {
    for (Map.Entry<String, List<Long>> required : TensorNames.required(description).entrySet()) {
      Weight weight = model.weights().get(required.getKey());
      if (!required.getValue().equals(weight.shape())) {
        throw new ConversionException(
            "%s: the tensor %s has the shape %s, expected %s."
                .formatted(model.label(), weight.origin(), weight.shape(), required.getValue()));
      }
      weight.requireFloatingPoint();
      long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
      DType stored = type.of(weight);
      writer.tensor(required.getKey(), stored, shape, out -> weight.writeTo(out, stored));
    }
  }
}
