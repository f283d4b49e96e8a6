package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The families that Kumiko knows. */
final class Families {
  /** All that Kumiko knows, by {@code model_type}. */
  static final Map<String, Family> BY_TYPE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("bert", new Bert()),
              Map.entry("camembert", new Roberta("camembert", "a CamemBERT", 30522)),
              Map.entry("distilbert", new DistilBert()),
              Map.entry("dpr", new Dpr()),
              Map.entry("eurobert", new Decoder(DecoderKind.EUROBERT)),
              Map.entry("gemma2", new Decoder(DecoderKind.GEMMA2)),
              Map.entry("gemma3_text", new Decoder(DecoderKind.GEMMA3)),
              Map.entry("gte", new RotaryBert(RotaryBert.Kind.GTE)),
              Map.entry("llama", new Decoder(DecoderKind.LLAMA)),
              Map.entry("mistral", new Decoder(DecoderKind.MISTRAL)),
              Map.entry("modernbert", new ModernBert()),
              Map.entry("mpnet", new Mpnet()),
              Map.entry("new", new RotaryBert(RotaryBert.Kind.GTE)),
              Map.entry("nomic_bert", new RotaryBert(RotaryBert.Kind.NOMIC)),
              Map.entry("phi3", new Decoder(DecoderKind.PHI3)),
              Map.entry("qwen2", new Decoder(DecoderKind.QWEN2)),
              Map.entry("qwen3", new Decoder(DecoderKind.QWEN3)),
              Map.entry("roberta", new Roberta("roberta", "a RoBERTa", 50265)),
              Map.entry("xlm-roberta", new Roberta("xlm-roberta", "an XLM-RoBERTa", 30522))));

  private Families() {}

  /** Returns the family that a {@code config.json} names. */
  static Family of(Json config) throws IOException {
    Json type = config.get("model_type");
    Family family = BY_TYPE.get(type.asString());
    if (family == null) {
      throw type.error(
          "is %s; Kumiko supports %s"
              .formatted(type.asString(), String.join(", ", BY_TYPE.keySet())));
    }
    Optional<Json> position = HuggingFaceFolder.present(config, "position_embedding_type");
    boolean hasSlopes = position.isPresent() && position.get().toString().contains("alibi");
    return family instanceof Bert && hasSlopes ? new RotaryBert(RotaryBert.Kind.JINA) : family;
  }
}
