package dev.kumiko.tools.convert.vocabulary;

import static dev.kumiko.tools.convert.JsonFile.present;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a tokenizer class of {@code transformers} builds from its vocabulary files. */
interface TokenizerClass {
  /** All that Kumiko builds, by name; those of one family of models are often those of another. */
  Map<String, TokenizerClass> BY_NAME =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("AlbertTokenizer", SentencePieceClass.ALBERT),
              Map.entry("BartTokenizer", ByteLevelClass.ROBERTA),
              Map.entry("BertTokenizer", WordPieceClass.BERT),
              Map.entry("CamembertTokenizer", SentencePieceClass.CAMEMBERT),
              Map.entry("DPRContextEncoderTokenizer", WordPieceClass.BERT),
              Map.entry("DPRQuestionEncoderTokenizer", WordPieceClass.BERT),
              Map.entry("DistilBertTokenizer", WordPieceClass.BERT),
              Map.entry("ElectraTokenizer", WordPieceClass.BERT),
              Map.entry("LayoutLMTokenizer", WordPieceClass.BERT),
              Map.entry("LongformerTokenizer", ByteLevelClass.ROBERTA),
              Map.entry("MPNetTokenizer", WordPieceClass.MPNET),
              Map.entry("MobileBertTokenizer", WordPieceClass.BERT),
              Map.entry("RobertaTokenizer", ByteLevelClass.ROBERTA),
              Map.entry("SqueezeBertTokenizer", WordPieceClass.BERT),
              Map.entry("XLMRobertaTokenizer", SentencePieceClass.XLM_ROBERTA)));

  /** The class that {@code transformers} takes if none is stated, by {@code model_type}. */
  Map<String, String> BY_MODEL_TYPE =
      Map.of(
          "bert", "BertTokenizer",
          "camembert", "CamembertTokenizer",
          "distilbert", "BertTokenizer",
          "dpr", "DPRQuestionEncoderTokenizer",
          "mpnet", "MPNetTokenizer",
          "roberta", "RobertaTokenizer",
          "xlm-roberta", "XLMRobertaTokenizer");

  /** Returns the names of the files that hold the vocabulary. */
  List<String> files();

  /** Returns the special tokens it has if nothing is stated. */
  SpecialDefaults defaults();

  /** Returns the names of the special tokens that it cannot be built without. */
  Set<String> needed();

  /** Returns the same for a vocabulary that is taken out of a {@code tokenizer.json}. */
  Set<String> neededForStored();

  /**
   * Builds the sections of a {@code tokenizer.json}.
   *
   * @param folder where the files are
   * @param settings what is stated beside them
   */
  Json build(Path folder, Settings settings) throws IOException;

  /**
   * Makes all sections of a {@code tokenizer.json} anew but those from which the class takes its
   * vocabulary.
   *
   * @param stored the file
   * @param settings what is stated beside it
   */
  Json rebuild(Json stored, Settings settings) throws IOException;

  /** Returns the name that is stated, without the "Fast" at its end. */
  static Optional<String> stated(Optional<Json> config, Json modelConfig) throws IOException {
    Optional<Json> stated =
        config.isPresent() ? present(config.get(), "tokenizer_class") : Optional.empty();
    if (stated.isEmpty()) {
      stated = present(modelConfig, "tokenizer_class");
    }
    if (stated.isEmpty()) {
      return Optional.empty();
    }
    String name = stated.get().asString();
    return Optional.of(
        name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name);
  }
}
