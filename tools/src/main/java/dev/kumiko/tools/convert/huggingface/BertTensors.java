package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.tools.convert.BertNames;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Takes the tensors of BERT out of a {@code model.safetensors}. */
final class BertTensors {
  /** The pooler and the heads of pre-training and classification, and the position numbers. */
  private static final Pattern NOT_NEEDED =
      Pattern.compile(
          "(bert\\.)?(pooler\\.dense\\..*|embeddings\\.(position|token_type)_ids)|"
              + "cls\\..*|classifier\\..*|qa_outputs\\..*");

  private final ModelFile file;
  private final Architecture architecture;

  BertTensors(ModelFile file, Architecture architecture) {
    this.file = file;
    this.architecture = architecture;
  }

  /** Returns the tensors by their names without prefix; names the others in the log. */
  Map<String, Weight> read(Consumer<String> log) throws ConversionException {
    String prefix = file.find("bert.embeddings.word_embeddings.weight").isPresent() ? "bert." : "";
    Set<String> left = new HashSet<>(file.tensors().keySet());
    Map<String, Weight> weights = new LinkedHashMap<>();
    for (String name : BertNames.inPyTorch(architecture.layers()).values()) {
      if (left.remove(prefix + name)) {
        Tensor tensor = file.tensors().get(prefix + name);
        weights.put(
            name, new Weight(tensor.name(), tensor.type(), tensor.shape(), tensor.data(), false));
      }
    }
    report(left, log);
    return weights;
  }

  private void report(Set<String> left, Consumer<String> log) throws ConversionException {
    List<String> notNeeded = new ArrayList<>();
    List<String> unexplained = new ArrayList<>();
    for (String name : left.stream().sorted().toList()) {
      (NOT_NEEDED.matcher(name).matches() ? notNeeded : unexplained).add(name);
    }
    if (!unexplained.isEmpty()) {
      throw new ConversionException(
          "%s: these tensors belong to no part of a BERT with %d layers: %s."
              .formatted(file.source(), architecture.layers(), String.join(", ", unexplained)));
    }
    if (!notNeeded.isEmpty()) {
      log.accept("Not needed by the encoder: " + String.join(", ", notNeeded));
    }
  }
}
