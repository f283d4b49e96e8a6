package dev.kumiko.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime. It gets its token ids from Kumiko, so that what is compared is the encoder, and
 * pools by the mean, as Kumiko does, what a published export gives.
 */
final class OnnxRuntimeEngine implements Engine {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Tokenizer tokenizer;
  private final int batchSize;

  /**
   * Creates the session of a published export of the default model.
   *
   * @param model the export
   * @param threads threads within an operator
   * @param batchSize texts that are padded to the longest and run together; 1 for one at a time
   */
  OnnxRuntimeEngine(Models models, Path model, int threads, int batchSize) {
    this(models.kumikoFp32(), model, threads, batchSize);
  }

  /**
   * Creates the session of any graph of a BERT encoder that gives token vectors, or pools them by
   * itself as those do that {@link dev.kumiko.bench.onnx.BertGraph} writes.
   *
   * @param kumiko the same model, which has the tokenizer
   */
  OnnxRuntimeEngine(Path kumiko, Path graph, int threads, int batchSize) {
    this.batchSize = batchSize;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        ModelFile file = ModelFile.open(kumiko)) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      this.session = environment.createSession(graph.toString(), options);
      ModelDescription described = ModelDescription.of(file);
      TokenizerDescription description = described.tokenizer();
      int rows = described.architecture().vocabularySize();
      this.tokenizer = Tokenizers.of(description, TokenizerTables.read(file, description, rows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public float[][] embed(List<String> texts) {
    List<int[]> ids = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (String text : texts) {
      order.add(ids.size());
      ids.add(tokenizer.encode(text, Workload.LONGEST).ids());
    }
    order.sort(Comparator.comparingInt(i -> ids.get(i).length));
    float[][] vectors = new float[texts.size()][];
    for (int from = 0; from < order.size(); from += batchSize) {
      run(order.subList(from, Math.min(from + batchSize, order.size())), ids, vectors);
    }
    return vectors;
  }

  private void run(List<Integer> batch, List<int[]> ids, float[][] vectors) {
    int tokens = ids.get(batch.getLast()).length;
    long[] input = new long[batch.size() * tokens];
    long[] mask = new long[input.length];
    for (int row = 0; row < batch.size(); row++) {
      int[] text = ids.get(batch.get(row));
      for (int t = 0; t < text.length; t++) {
        input[row * tokens + t] = text[t];
        mask[row * tokens + t] = 1;
      }
    }
    long[] shape = {batch.size(), tokens};
    try (OnnxTensor inputTensor =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(input), shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OnnxTensor typeTensor =
            OnnxTensor.createTensor(environment, LongBuffer.allocate(input.length), shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", inputTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      OnnxTensor output = (OnnxTensor) result.get(0);
      boolean pooled = output.getInfo().getShape().length == 2;
      FloatBuffer values = output.getFloatBuffer();
      int size = values.remaining() / (pooled ? batch.size() : input.length);
      for (int row = 0; row < batch.size(); row++) {
        int text = batch.get(row);
        if (pooled) {
          vectors[text] = new float[size];
          values.get(row * size, vectors[text]);
        } else {
          vectors[text] = meanPool(values, row * tokens * size, ids.get(text).length, size);
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static float[] meanPool(FloatBuffer hidden, int from, int tokens, int size) {
    float[] vector = new float[size];
    float[] row = new float[size];
    for (int t = 0; t < tokens; t++) {
      hidden.get(from + t * size, row);
      for (int i = 0; i < size; i++) {
        vector[i] += row[i];
      }
    }
    double squares = 0;
    for (float v : vector) {
      squares += (double) v * v;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < size; i++) {
      vector[i] *= scale;
    }
    return vector;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
