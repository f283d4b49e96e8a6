package dev.kumiko.tools.convert.tokenizer;

import static dev.kumiko.tools.convert.tokenizer.TokenizerJson.present;
import static dev.kumiko.tools.convert.tokenizer.TokenizerJson.unsupported;

import dev.kumiko.format.Json;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The section {@code normalizer}: one step, or a sequence of them. */
final class NormalizerJson {
  private static final String SUPPORTED =
      "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Replace, Prepend,"
          + " Precompiled and Sequence";

  private final List<NormalizerStep> steps = new ArrayList<>();
  private byte[] characterMap = {};

  private NormalizerJson() {}

  static NormalizerJson read(Optional<Json> normalizer) throws ModelFormatException {
    NormalizerJson result = new NormalizerJson();
    if (normalizer.isPresent()) {
      result.add(normalizer.get());
    }
    return result;
  }

  List<NormalizerStep> steps() {
    return steps;
  }

  /** SentencePiece's compiled rules; empty if there is no such step. */
  byte[] characterMap() {
    return characterMap;
  }

  private void add(Json normalizer) throws ModelFormatException {
    Json type = normalizer.get("type");
    if (type.asString().equals("Sequence")) {
      for (Json step : normalizer.get("normalizers").items()) {
        add(step);
      }
    } else {
      steps.add(step(normalizer, type));
    }
  }

  private NormalizerStep step(Json normalizer, Json type) throws ModelFormatException {
    return switch (type.asString()) {
      case "BertNormalizer" -> bert(normalizer);
      case "NFC", "NFD", "NFKC", "NFKD" -> NormalizerStep.Form.valueOf(type.asString());
      case "Lowercase" -> NormalizerStep.Simple.LOWERCASE;
      case "StripAccents" -> NormalizerStep.Simple.STRIP_ACCENTS;
      case "Strip" ->
          new NormalizerStep.Strip(
              normalizer.get("strip_left").asBoolean(), normalizer.get("strip_right").asBoolean());
      case "Replace" ->
          new NormalizerStep.Replace(
              PatternJson.read(normalizer.get("pattern")), normalizer.get("content").asString());
      case "Prepend" -> new NormalizerStep.Prepend(normalizer.get("prepend").asString());
      case "Precompiled" -> precompiled(normalizer);
      default -> throw unsupported(type, SUPPORTED);
    };
  }

  private static NormalizerStep bert(Json normalizer) throws ModelFormatException {
    boolean lowercase = normalizer.get("lowercase").asBoolean();
    Optional<Json> stripAccents = present(normalizer, "strip_accents");
    return new NormalizerStep.Bert(
        normalizer.get("clean_text").asBoolean(),
        normalizer.get("handle_chinese_chars").asBoolean(),
        stripAccents.isPresent() ? stripAccents.get().asBoolean() : lowercase,
        lowercase);
  }

  private NormalizerStep precompiled(Json normalizer) throws ModelFormatException {
    Json map = normalizer.get("precompiled_charsmap");
    if (characterMap.length > 0) {
      throw map.error("is the second one; Kumiko supports one Precompiled");
    }
    try {
      characterMap = Base64.getDecoder().decode(map.asString());
    } catch (IllegalArgumentException e) {
      throw map.error("is not Base64: " + e.getMessage());
    }
    if (characterMap.length == 0) {
      throw map.error("is empty");
    }
    return NormalizerStep.Simple.PRECOMPILED;
  }
}
