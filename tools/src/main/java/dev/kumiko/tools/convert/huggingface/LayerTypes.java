package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The list {@code layer_types}: which layers see a neighbourhood only. */
final class LayerTypes {
  static final String LOCAL = "sliding_attention";
  static final String GLOBAL = "full_attention";

  private LayerTypes() {}

  /** Returns the layers that do, ascending. */
  static List<Integer> local(Json types, int layers) throws IOException {
    List<Json> items = types.items();
    if (items.size() != layers) {
      throw types.error("has %d items, num_hidden_layers is %d".formatted(items.size(), layers));
    }
    List<Integer> local = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      String type = items.get(i).asString();
      if (type.equals(LOCAL)) {
        local.add(i);
      } else if (!type.equals(GLOBAL)) {
        throw items.get(i).error("is %s; Kumiko supports %s, %s".formatted(type, GLOBAL, LOCAL));
      }
    }
    return local;
  }
}
