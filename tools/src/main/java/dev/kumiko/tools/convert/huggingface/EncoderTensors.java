package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.huggingface.TensorSources.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Takes the tensors of an encoder out of a checkpoint. */
final class EncoderTensors {
  /**
   * What stands where an encoder's parts do, but is none: poolers, the position numbers and the
   * frequencies of rotations.
   */
  private static final Pattern NOT_NEEDED =
      Pattern.compile(
          "pooler\\.dense\\..*|embeddings\\.(position|token_type)_ids"
              + "|layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq");

  private final Checkpoint checkpoint;
  private final Family family;
  private final Architecture architecture;
  private final TensorSources sources;
  private final String prefix;
  private final Set<String> left;

  /** What the names of the encoder's parts begin with. */
  private final Set<String> roots = new HashSet<>();

  EncoderTensors(
      Checkpoint checkpoint, Family family, Architecture architecture, TensorSources sources)
      throws ConversionException {
    this.checkpoint = checkpoint;
    this.family = family;
    this.architecture = architecture;
    this.sources = sources;
    this.prefix = prefix(sources.of(TensorNames.TOKEN_EMBEDDINGS).name());
    this.left = new HashSet<>(checkpoint.tensors().keySet());
    for (String tensor : TensorNames.required(architecture).keySet()) {
      roots.add(root(sources.of(tensor).name()));
    }
  }

  private static String root(String name) {
    return name.substring(0, name.indexOf('.') + 1);
  }

  /** Finds what stands before all names, such as {@code bert.} or {@code 0.auto_model.}. */
  private String prefix(String table) throws ConversionException {
    List<String> found =
        checkpoint.tensors().keySet().stream()
            .filter(name -> name.equals(table) || name.endsWith("." + table))
            .toList();
    if (found.size() != 1) {
      throw new ConversionException(
          found.isEmpty()
              ? "%s: the tensor %s is missing: this is not %s."
                  .formatted(checkpoint.source(), table, family.title())
              : "%s has more than one encoder: %s."
                  .formatted(checkpoint.source(), String.join(", ", found)));
    }
    return found.get(0).substring(0, found.get(0).length() - table.length());
  }

  /** Returns the tensors with these names of Kumiko, by name. */
  Map<String, Weight> take(Collection<String> names) throws ConversionException {
    Map<String, Weight> weights = new LinkedHashMap<>();
    for (String name : names) {
      weights.put(name, take(sources.of(name)));
    }
    return weights;
  }

  private Weight take(Source source) throws ConversionException {
    String name = prefix + source.name();
    if (!checkpoint.tensors().containsKey(name)) {
      // A head stands beside the encoder.
      boolean isBeside = checkpoint.tensors().containsKey(source.name());
      name = isBeside ? source.name() : olderName(name);
    }
    Tensor tensor = checkpoint.tensors().get(name);
    if (tensor == null) {
      name = prefix + source.name();
      throw new ConversionException(
          "%s: the tensor %s is missing.".formatted(checkpoint.source(), name));
    }
    left.remove(name);
    List<Long> shape = tensor.shape();
    if (shape.isEmpty() || shape.size() > 2 || shape.get(0) % source.slices() != 0) {
      throw new ConversionException(
          "%s: the tensor %s has the shape %s, expected one or two dimensions, the first of them divisible by %d."
              .formatted(checkpoint.source(), name, shape, source.slices()));
    }
    Weight whole = new Weight(name, tensor.type(), shape, tensor.data(), false);
    return source.slices() == 1
        ? whole
        : whole.rows(source.slice(), source.count(), source.slices());
  }

  /** The first checkpoints of BERT name the parts of LayerNorm as TensorFlow does. */
  private static String olderName(String name) {
    return name.replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma")
        .replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta");
  }

  /** Names the tensors that were not taken, or refuses them if they could be a part. */
  void report(Consumer<String> log) throws ConversionException {
    List<String> notNeeded = new ArrayList<>();
    List<String> unexplained = new ArrayList<>();
    for (String name : left.stream().sorted().toList()) {
      String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
      boolean couldBePart = name.startsWith(prefix) && roots.contains(root(bare));
      boolean isKnown = NOT_NEEDED.matcher(bare).matches();
      (couldBePart && !isKnown ? unexplained : notNeeded).add(name);
    }
    if (!unexplained.isEmpty()) {
      throw new ConversionException(
          "%s: these tensors belong to no part of %s with %d layers: %s."
              .formatted(
                  checkpoint.source(),
                  family.title(),
                  architecture.layers(),
                  String.join(", ", unexplained)));
    }
    if (!notNeeded.isEmpty()) {
      log.accept("Not needed by the encoder: " + String.join(", ", notNeeded));
    }
  }
}
