package dev.kumiko.server.model;

import dev.kumiko.Embedder;
import dev.kumiko.Precision;
import dev.kumiko.Reranker;
import dev.kumiko.TextClassifier;
import dev.kumiko.format.Classifier;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a model comes from.
 *
 * @param name in requests and answers; empty for the model's own
 * @param file a Kumiko model file; empty for the default model of the class path
 */
public record ModelSource(Optional<String> name, Optional<Path> file) {
  /** The model of the class path, under its own name. */
  public static final ModelSource DEFAULT = new ModelSource(Optional.empty(), Optional.empty());

  /**
   * Loads the model as what it is.
   *
   * @param threads so many compute at a time
   * @param precision what a model with int8 activations is computed with
   * @return to be closed
   * @throws IOException if it cannot be read, or is no model
   */
  ServedModel load(int threads, Precision precision) throws IOException {
    Optional<Classifier> classifier = classifier();
    if (classifier.isEmpty()) {
      Embedder embedder = embedder(threads, precision);
      return new ServedEmbedder(name.orElse(embedder.model().name()), embedder);
    }
    if (classifier.get().labels().size() == 1) {
      Reranker reranker =
          Reranker.builder()
              .rawScores()
              .threads(threads)
              .precision(precision)
              .load(file.orElseThrow());
      return new ServedReranker(name.orElse(reranker.model().name()), reranker);
    }
    TextClassifier labels =
        TextClassifier.builder()
            .rawScores()
            .threads(threads)
            .precision(precision)
            .load(file.orElseThrow());
    return new ServedClassifier(
        name.orElse(labels.model().name()), labels, classifier.get().function());
  }

  private Optional<Classifier> classifier() throws IOException {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (ModelFile opened = ModelFile.open(file.get())) {
      return ModelDescription.of(opened).classifier();
    }
  }

  private Embedder embedder(int threads, Precision precision) throws IOException {
    var builder = Embedder.builder().threads(threads).precision(precision);
    return file.isEmpty() ? builder.loadDefault() : builder.load(file.get());
  }
}
