package dev.kumiko.tools.convert;

import dev.kumiko.format.TensorNames;
import java.util.LinkedHashMap;
import java.util.Map;

/** What Kumiko's tensors are called in PyTorch's {@code BertModel}. */
public final class BertNames {
  private BertNames() {}

  /** Returns the name in PyTorch for each name in Kumiko. */
  public static Map<String, String> inPyTorch(int layers) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put(TensorNames.TOKEN_EMBEDDINGS, "embeddings.word_embeddings.weight");
    names.put(TensorNames.POSITION_EMBEDDINGS, "embeddings.position_embeddings.weight");
    names.put(TensorNames.TOKEN_TYPE_EMBEDDINGS, "embeddings.token_type_embeddings.weight");
    putPart(names, TensorNames.EMBEDDINGS_NORM, "embeddings.LayerNorm");
    for (int i = 0; i < layers; i++) {
      String layer = "encoder.layer." + i;
      putPart(names, TensorNames.attentionQuery(i), layer + ".attention.self.query");
      putPart(names, TensorNames.attentionKey(i), layer + ".attention.self.key");
      putPart(names, TensorNames.attentionValue(i), layer + ".attention.self.value");
      putPart(names, TensorNames.attentionOutput(i), layer + ".attention.output.dense");
      putPart(names, TensorNames.attentionNorm(i), layer + ".attention.output.LayerNorm");
      putPart(names, TensorNames.feedForwardUp(i), layer + ".intermediate.dense");
      putPart(names, TensorNames.feedForwardDown(i), layer + ".output.dense");
      putPart(names, TensorNames.feedForwardNorm(i), layer + ".output.LayerNorm");
    }
    return names;
  }

  private static void putPart(Map<String, String> names, String part, String inPyTorch) {
    names.put(TensorNames.weight(part), inPyTorch + ".weight");
    names.put(TensorNames.bias(part), inPyTorch + ".bias");
  }
}
