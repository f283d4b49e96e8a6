package dev.kumiko.tools.convert.vocabulary;

import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code RobertaTokenizer}: BPE over bytes, from {@code vocab.json} and {@code merges.txt}. */
final class ByteLevelClass implements TokenizerClass {
  static final ByteLevelClass ROBERTA = new ByteLevelClass();

  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String TYPE = "BPE";

  private ByteLevelClass() {}

  @Override
  public List<String> files() {
    return List.of(VOCABULARY, MERGES);
  }

  @Override
  public SpecialDefaults defaults() {
    return SpecialDefaults.ROBERTA;
  }

  @Override
  public Set<String> needed() {
    return Set.of("cls_token", "sep_token");
  }

  @Override
  public Set<String> neededForStored() {
    return needed();
  }

  @Override
  public Json build(Path folder, Settings settings) throws IOException {
    Path file = folder.resolve(VOCABULARY);
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (Map.Entry<String, Json> token : JsonFile.read(file).members().entrySet()) {
      vocabulary.put(token.getKey(), token.getValue().asInt());
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", TYPE);
    model.put("vocab", vocabulary);
    model.put("merges", merges(folder.resolve(MERGES)));
    return describe(new TokenizerDocument(model, vocabulary), settings).json(file.toString());
  }

  @Override
  public Json rebuild(Json stored, Settings settings) throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    for (String name : List.of("byte_fallback", "fuse_unk", "ignore_merges")) {
      model.put(name, false);
    }
    for (String name : List.of("continuing_subword_prefix", "dropout", "end_of_word_suffix")) {
      model.put(name, null);
    }
    model.put("unk_token", null);
    return describe(TokenizerDocument.of(stored, TYPE, model).withoutNormalizer(), settings)
        .json(stored.source());
  }

  private static TokenizerDocument describe(TokenizerDocument document, Settings settings)
      throws IOException {
    boolean prefixSpace = settings.flag("add_prefix_space", false);
    return document
        .preTokenizer(Map.of("type", "ByteLevel", "add_prefix_space", prefixSpace))
        .addTokens(settings, Optional.empty())
        .enclose(
            "RobertaProcessing",
            settings.text("cls_token"),
            settings.text("sep_token"),
            settings.flag("trim_offsets", true),
            prefixSpace);
  }

  private static List<String> merges(Path file) throws IOException {
    List<String> merges = new ArrayList<>();
    int number = 0;
    for (String line : LineFile.read(file)) {
      number++;
      String merge = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      if (merge.startsWith("#version")) {
        continue;
      }
      if (merge.split(" ", -1).length != 2) {
        throw new ConversionException(
            "%s: line %d is no merge, which is two tokens with a blank between them."
                .formatted(file, number));
      }
      merges.add(merge);
    }
    return merges;
  }
}
