package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Classifier;
import dev.kumiko.format.Head;
import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.SourceModel;
import dev.kumiko.tools.convert.Traits;
import dev.kumiko.tools.convert.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes a Kumiko model as a folder of {@code transformers} and {@code sentence-transformers}. What
 * was written is read back and compared, so that a model that the folder could not express is
 * refused instead of changed.
 */
public final class HuggingFaceExport {
  private final ModelFile file;
  private final ModelDescription model;
  private final Family family;
  private final Path folder;
  private final ExportedWeights weights;
  private final ExportedTokenizer tokenizer;

  private HuggingFaceExport(ModelFile file, ModelDescription model, Path folder)
      throws IOException {
    this.file = file;
    this.model = model;
    this.folder = folder;
    this.family = Families.BY_TYPE.get(model.architecture().family());
    if (family == null) {
      throw new ConversionException(
          "%s is of the family %s, which has no name in transformers; Kumiko exports %s."
              .formatted(
                  file.source(),
                  model.architecture().family(),
                  String.join(", ", Families.BY_TYPE.keySet())));
    }
    this.weights = new ExportedWeights(file, model.architecture());
    this.tokenizer = new ExportedTokenizer(file, model);
  }

  /**
   * Exports a model.
   *
   * @param source a Kumiko model file that is not quantised
   * @param folder an empty folder
   * @param log receives lines for people: what is stored otherwise than in the source
   * @throws IOException if the source is no such model, cannot be expressed as such a folder, or
   *     the folder cannot be written to
   */
  public static void export(Path source, Path folder, Consumer<String> log) throws IOException {
    try (ModelFile file = ModelFile.open(source)) {
      ModelDescription model = ModelDescription.of(file);
      TensorNames.check(file, model);
      refuseInt8(file, model.architecture());
      HuggingFaceExport export = new HuggingFaceExport(file, model, folder);
      export.write();
      export.readBack();
      if (export.weights.tableIsComposed()) {
        log.accept(
            "The token table is composed of parts; it is exported dense, %,d rows of %,d numbers."
                .formatted(
                    model.architecture().vocabularySize(), model.architecture().hiddenSize()));
      }
    }
  }

  private static void refuseInt8(ModelFile file, Architecture architecture) throws IOException {
    List<String> parts = new ArrayList<>(TensorNames.quantizable(file, architecture).keySet());
    parts.add(TensorNames.POSITION_EMBEDDINGS_PART);
    for (String part : parts) {
      if (Int8Matrix.isStored(file, part)) {
        throw new ConversionException(
            "%s is quantised: %s is I8. Export the model it was made from."
                .formatted(file.source(), TensorNames.weight(part)));
      }
    }
  }

  private void write() throws IOException {
    json("config.json", config());
    json("tokenizer.json", tokenizer.document());
    json("tokenizer_config.json", tokenizer.config());
    json("special_tokens_map.json", tokenizer.roles());
    SentenceConfig sentences =
        new SentenceConfig(model.prompts(), model.defaultPrompt(), model.similarity());
    json("config_sentence_transformers.json", sentences.members());
    TensorSources sources = family.sources(model.architecture());
    List<String> tensors = new ArrayList<>(TensorNames.required(model.architecture()).keySet());
    Optional<Classifier> classifier = model.classifier();
    if (classifier.isPresent()) {
      ClassifierHead head = classifierHead(classifier.get());
      head.addTo(sources);
      int pooled = model.head().inputs(0, model.architecture().hiddenSize());
      tensors.addAll(TensorNames.head(head.steps(), pooled).keySet());
    } else {
      json(
          "sentence_bert_config.json",
          Map.of("max_seq_length", model.maxTokens(), "do_lower_case", false));
      new ExportedModules(model, weights, folder).write();
    }
    Map<String, List<String>> named = new LinkedHashMap<>();
    ExportedWeights.sources(sources, tensors)
        .forEach((name, rows) -> named.put(prefix(name, rows) + name, rows));
    weights.write(folder.resolve("model.safetensors"), named);
  }

  /** The encoder is a part of a model for sequence classification, and its pooler a part of it. */
  private String prefix(String name, List<String> rows) {
    boolean isHead = rows.getFirst().startsWith(TensorNames.headStep(0).replace("0", ""));
    boolean inEncoder = !isHead || name.startsWith("pooler.");
    return model.classifier().isPresent() && inEncoder ? family.encoderName() + "." : "";
  }

  private void json(String name, Map<String, Object> members) throws IOException {
    Files.writeString(folder.resolve(name), Json.text(members));
  }

  private Map<String, Object> config() throws IOException {
    Map<String, Object> config = new LinkedHashMap<>();
    String task = model.classifier().isPresent() ? "ForSequenceClassification" : "Model";
    config.put("architectures", List.of(family.className() + task));
    config.put("model_type", model.architecture().family());
    config.put("dtype", weights.torchType(TensorNames.required(model).keySet()));
    config.putAll(family.config(model.architecture()));
    config.put("pad_token_id", tokenizer.padding());
    if (model.classifier().isPresent()) {
      config.putAll(Labels.members(model.classifier().get()));
      config.putAll(family.classifierConfig(model.head()));
    }
    return config;
  }

  private ClassifierHead classifierHead(Classifier classifier) throws IOException {
    Json json = Json.parse("config.json", Json.text(config()));
    Config config = Config.of(json, family);
    ClassifierHead head = family.classifierHead(config, classifier.labels().size());
    Head stated = model.head();
    boolean same =
        head.steps().equals(stated.steps())
            && stated.pooling().equals(List.of(head.pooling()))
            && !stated.normalize();
    if (!same) {
      throw new ConversionException(
          "%s has another head than %s%s: it cannot be exported."
              .formatted(file.source(), family.className(), "ForSequenceClassification"));
    }
    return head;
  }

  private void readBack() throws IOException {
    try (HuggingFaceFolder read = HuggingFaceFolder.open(folder, ConversionOptions.NONE)) {
      SourceModel found = read.read(line -> {});
      Traits traits = found.traits();
      compare("sizes and choices", model.architecture(), found.architecture());
      compare(
          "head",
          model.head(),
          new Head(
              traits.pooling().orElseThrow(),
              traits.poolPrompt(),
              traits.steps(),
              traits.normalize().orElseThrow()));
      compare("longest input", model.maxTokens(), traits.maxTokens().orElseThrow());
      compare("prompts", model.prompts(), traits.prompts());
      compare("default prompt", model.defaultPrompt(), traits.defaultPrompt());
      compare("similarity", model.similarity(), traits.similarity());
      compare("labels", model.classifier(), traits.classifier());
      compare("tokenizer", model.tokenizer(), TokenizerJson.read(found.tokenizer()).description());
    }
  }

  private void compare(String what, Object expected, Object found) throws ConversionException {
    if (!expected.equals(found)) {
      throw new ConversionException(
          "%s cannot be exported: as a folder its %s would be %s instead of %s."
              .formatted(file.source(), what, found, expected));
    }
  }
}
