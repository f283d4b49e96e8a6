package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.Pooling;
import dev.kumiko.tools.convert.Traits;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What published models state on their model cards and their {@code .onnx} files do not. The keys
 * are the names of those files.
 */
final class KnownModels {
  private static final Map<String, Traits> MODELS =
      Map.of(
          "all-minilm-l6-v2",
          Traits.normalized("all-MiniLM-L6-v2", Pooling.MEAN, 256, Map.of()),
          "bge-small-en-v1.5",
          Traits.normalized("bge-small-en-v1.5", Pooling.CLS, 512, Map.of()),
          "bge-small-zh-v1.5",
          Traits.normalized("bge-small-zh-v1.5", Pooling.CLS, 512, Map.of()),
          "e5-small-v2",
          Traits.normalized(
              "e5-small-v2",
              Pooling.MEAN,
              512,
              prompts("query", "query: ", "passage", "passage: ")));

  private KnownModels() {}

  /** Returns the traits of the model whose file is {@code name.onnx}. */
  static Optional<Traits> find(String name) {
    return Optional.ofNullable(MODELS.get(name.toLowerCase(Locale.ROOT)));
  }

  private static Map<String, String> prompts(
      String name1, String text1, String name2, String text2) {
    Map<String, String> prompts = new LinkedHashMap<>();
    prompts.put(name1, text1);
    prompts.put(name2, text2);
    return prompts;
  }
}
