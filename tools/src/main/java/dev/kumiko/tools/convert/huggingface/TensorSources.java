package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.TensorNames;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where Kumiko's tensors come from: a tensor of a checkpoint, or some of its rows. */
final class TensorSources {
  /**
   * A tensor of a checkpoint.
   *
   * @param name its name, without what stands before it in some checkpoints
   * @param slice the first of equal slices of its rows that are meant, from 0
   * @param count how many slices are meant
   * @param slices how many there are
   */
  record Source(String name, int slice, int count, int slices) {}

  private final Map<String, Source> sources = new LinkedHashMap<>();

  /** Names the source of one tensor. */
  TensorSources tensor(String tensor, String name) {
    sources.put(tensor, new Source(name, 0, 1, 1));
    return this;
  }

  /** Names the source of a part's weight and bias. */
  TensorSources part(String part, String name) {
    return slice(part, name, 0, 1);
  }

  /** Names the rows of weight and bias that are those of a part. */
  TensorSources slice(String part, String name, int slice, int slices) {
    return slices(part, name, slice, 1, slices);
  }

  /** As {@link #slice} with several of the slices. */
  TensorSources slices(String part, String name, int slice, int count, int slices) {
    sources.put(TensorNames.weight(part), new Source(name + ".weight", slice, count, slices));
    sources.put(TensorNames.bias(part), new Source(name + ".bias", slice, count, slices));
    return this;
  }

  /** Returns the tensors whose sources are named, by their names in Kumiko. */
  Map<String, Source> all() {
    return Collections.unmodifiableMap(sources);
  }

  /** Returns the source of a tensor. */
  Source of(String tensor) {
    Source source = sources.get(tensor);
    if (source == null) {
      throw new IllegalStateException("no source is named for " + tensor);
    }
    return source;
  }
}
