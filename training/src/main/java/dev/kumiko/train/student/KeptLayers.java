package dev.kumiko.train.student;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.LocalAttention;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A student that consists of some of its teacher's layers; all else is the teacher's. Any family, a
 * dense or a composed token table, floating-point numbers or int8. Immutable.
 *
 * <p>Source: Sajjad et al., arXiv 2004.03844; sentence-transformers' example of model distillation.
 */
public final class KeptLayers {
  private final List<Integer> layers;

  private KeptLayers(List<Integer> layers) {
    this.layers = List.copyOf(layers);
  }

  /**
   * Chooses layers by their numbers.
   *
   * @param layers from 0, ascending
   * @return the choice
   * @throws IllegalArgumentException if there are none, or they do not ascend
   */
  public static KeptLayers of(List<Integer> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("No layer is kept, expected one at least");
    }
    for (int i = 0; i < layers.size(); i++) {
      int least = i == 0 ? 0 : layers.get(i - 1) + 1;
      if (layers.get(i) < least) {
        throw new IllegalArgumentException(
            "The layers to keep are %s; they are counted from 0 and must ascend".formatted(layers));
      }
    }
    return new KeptLayers(layers);
  }

  /**
   * Writes the student.
   *
   * @param teacher a Kumiko model file
   * @param target the file to write, replaced when all is written
   * @throws IllegalArgumentException if the teacher has not these layers, or they cannot follow
   *     each other
   * @throws IOException if the teacher cannot be read, is no model, or the target cannot be written
   */
  public void write(Path teacher, Path target) throws IOException {
    try (ModelFile file = ModelFile.open(teacher)) {
      ModelDescription description = ModelDescription.of(file);
      TensorNames.check(file, description);
      Architecture architecture = description.architecture();
      check(file, architecture);
      Architecture kept = architecture.withLayers(layers.size(), layout(architecture.layout()));
      Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
      metadata.putAll(description.withArchitecture(kept).toMetadata());
      ModelWriter writer = new ModelWriter(target).metadata(metadata);
      for (Tensor tensor : tensors(file)) {
        writer.copy(name(tensor.name()), tensor);
      }
      file.state().requireSame();
      writer.write();
    }
  }

  private void check(ModelFile file, Architecture teacher) {
    if (layers.getLast() >= teacher.layers()) {
      throw new IllegalArgumentException(
          "%s: has the layers 0 to %d, but layer %d is to be kept"
              .formatted(file.source(), teacher.layers() - 1, layers.getLast()));
    }
    if (teacher.layout().norm() == NormPlace.BEFORE && layers.getFirst() != 0) {
      throw new IllegalArgumentException(
          "%s: a %s has no LayerNorm before the attention of its first layer, but layer %d has one; keep layer 0 as well"
              .formatted(file.source(), teacher.family(), layers.getFirst()));
    }
  }

  /** Layers that see a neighbourhood only go on doing so under their new number. */
  private Layout layout(Layout teacher) {
    if (teacher.localAttention().isEmpty()) {
      return teacher;
    }
    LocalAttention local = teacher.localAttention().get();
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      if (local.layers().contains(layers.get(i))) {
        kept.add(i);
      }
    }
    return teacher.withLocalAttention(
        kept.isEmpty() ? Optional.empty() : Optional.of(new LocalAttention(local.window(), kept)));
  }

  /** Returns the tensors that stay. */
  private List<Tensor> tensors(ModelFile file) {
    return file.tensors().values().stream()
        .filter(
            tensor -> {
              OptionalInt layer = TensorNames.layer(tensor.name());
              return layer.isEmpty() || layers.contains(layer.getAsInt());
            })
        .toList();
  }

  private String name(String teacher) {
    OptionalInt layer = TensorNames.layer(teacher);
    return layer.isEmpty()
        ? teacher
        : TensorNames.inLayer(teacher, layers.indexOf(layer.getAsInt()));
  }
}
