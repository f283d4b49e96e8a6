package dev.kumiko.tools.quantize;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.quantize.RecordingKernels.Recording;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
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
    List<Recording> recordings = record(model, architecture);
    int next = 0;
    int rows = 0;
    float[] current = {};
    for (Map.Entry<String, List<Long>> part : TensorNames.linearMaps(architecture).entrySet()) {
      if (rows == 0) {
        Recording recording = recordings.get(next);
        next++;
        rows = recording.outputs();
        current = behindNorm.contains(part.getKey()) ? smooth(recording) : ones(recording);
      }
      factors.put(part.getKey(), current);
      rows -= Math.toIntExact(part.getValue().get(0));
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

  private static float[] ones(Recording recording) {
    float[] ones = new float[recording.inputs()];
    Arrays.fill(ones, 1f);
    return ones;
  }

  private static float[] smooth(Recording recording) {
    int inputs = recording.inputs();
    float[] largestWeight = new float[inputs];
    for (int i = 0; i < recording.weight().length; i++) {
      float magnitude = Math.abs(recording.weight()[i]);
      largestWeight[i % inputs] = Math.max(largestWeight[i % inputs], magnitude);
    }
    // Of an input or a weight that is always zero there is nothing to learn.
    double[] logarithms = new double[inputs];
    Arrays.fill(logarithms, Double.NaN);
    double sum = 0;
    int count = 0;
    for (int i = 0; i < inputs; i++) {
      if (recording.largest()[i] > 0 && largestWeight[i] > 0) {
        logarithms[i] =
            WEIGHT_EXPONENT * Math.log(largestWeight[i])
                - INPUT_EXPONENT * Math.log(recording.largest()[i]);
        sum += logarithms[i];
        count++;
      }
    }
    float[] factors = ones(recording);
    for (int i = 0; i < inputs; i++) {
      if (!Double.isNaN(logarithms[i])) {
        factors[i] = (float) Math.exp(logarithms[i] - sum / count);
      }
    }
    return factors;
  }
}
