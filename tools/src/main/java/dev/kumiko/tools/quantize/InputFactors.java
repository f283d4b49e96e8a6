package dev.kumiko.tools.quantize;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.quantize.RecordingKernels.Recording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What the inputs of the layers' linear maps are multiplied with before they are quantised, and
 * their weights divided by: inputs that are always large become smaller, at the cost of larger
 * weights (SmoothQuant, Xiao et al., arXiv 2211.10438). Such inputs come from a LayerNorm; those
 * from elsewhere have the factor 1. How large they are, the model itself says when it runs on
 * random tokens: no texts are needed.
 */
final class InputFactors {
  /** The exponents of the largest input and of the largest weight. */
  private static final double INPUT_EXPONENT = 0.8;

  private static final double WEIGHT_EXPONENT = 0.5;

  private static final int TEXTS = 32;
  private static final int TOKENS = 32;

  private InputFactors() {}

  /** Returns the factors of each linear map of an encoder's layers; those with one input share. */
  static Map<String, float[]> of(ModelFile model, Architecture architecture) throws IOException {
    Set<String> behindNorm = new HashSet<>();
    for (int i = 0; i < architecture.layers(); i++) {
      behindNorm.add(TensorNames.attentionQuery(i));
      behindNorm.add(TensorNames.feedForwardUp(i));
      behindNorm.add(TensorNames.feedForwardGate(i));
    }
    Map<String, float[]> factors = new LinkedHashMap<>();
    Iterator<Map.Entry<String, List<Long>>> maps =
        TensorNames.linearMaps(architecture).entrySet().iterator();
    for (Recording recording : record(model, architecture)) {
      List<String> parts = new ArrayList<>();
      long rows = 0;
      while (rows < recording.outputs()) {
        Map.Entry<String, List<Long>> map = maps.next();
        parts.add(map.getKey());
        rows += map.getValue().get(0);
      }
      float[] common =
          behindNorm.contains(parts.getFirst())
              ? smooth(recording.largest(), largestWeights(model, parts, recording.inputs()))
              : ones(recording.inputs());
      parts.forEach(part -> factors.put(part, common));
    }
    return factors;
  }

  /** Returns the linear layers in the order of the computation. */
  private static List<Recording> record(ModelFile model, Architecture architecture)
      throws IOException {
    RecordingKernels kernels = new RecordingKernels();
    try (Encoder encoder = new Encoder(architecture, model, kernels)) {
      Workspace workspace = new Workspace(architecture);
      Random random = new Random(1);
      int tokens = Math.min(TOKENS, architecture.longestInput());
      for (int text = 0; text < TEXTS; text++) {
        int[] ids = random.ints(tokens, 0, architecture.vocabularySize()).toArray();
        workspace.texts().add(ids, tokens);
      }
      encoder.encode(workspace);
    }
    return kernels.recordings();
  }

  private static float[] ones(int inputs) {
    float[] ones = new float[inputs];
    Arrays.fill(ones, 1f);
    return ones;
  }

  /** Returns for each input the largest magnitude among the weights of maps that share it. */
  private static float[] largestWeights(ModelFile model, List<String> parts, int inputs)
      throws IOException {
    float[] largest = new float[inputs];
    float[] row = new float[inputs];
    for (String part : parts) {
      Tensor weight = model.tensor(TensorNames.weight(part));
      for (long from = 0; from < weight.elements(); from += inputs) {
        weight.copyFloats(from, row, 0, inputs);
        for (int i = 0; i < inputs; i++) {
          largest[i] = Math.max(largest[i], Math.abs(row[i]));
        }
      }
    }
    return largest;
  }

  private static float[] smooth(float[] largestInput, float[] largestWeight) {
    int inputs = largestInput.length;
    // Of an input or a weight that is always zero there is nothing to learn.
    double[] logarithms = new double[inputs];
    Arrays.fill(logarithms, Double.NaN);
    double sum = 0;
    int count = 0;
    for (int i = 0; i < inputs; i++) {
      if (largestInput[i] > 0 && largestWeight[i] > 0) {
        logarithms[i] =
            WEIGHT_EXPONENT * Math.log(largestWeight[i])
                - INPUT_EXPONENT * Math.log(largestInput[i]);
        sum += logarithms[i];
        count++;
      }
    }
    float[] factors = ones(inputs);
    for (int i = 0; i < inputs; i++) {
      if (!Double.isNaN(logarithms[i])) {
        factors[i] = (float) Math.exp(logarithms[i] - sum / count);
      }
    }
    return factors;
  }
}
