package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxRefusalTest {
  private static final String WORDS = "embeddings.word_embeddings.weight";

  @TempDir private Path folder;
  private Path model;
  private byte[] whole;

  @BeforeEach
  void copy() throws IOException {
    model = TestModels.copy("tiny-bert", folder.resolve("model")).resolve("tiny-bert.onnx");
    whole = Files.readAllBytes(model);
  }

  private void assertRefused(byte[] bytes, String... parts) throws IOException {
    Files.write(model, bytes);
    assertRefused(parts);
  }

  private void assertRefused(String... parts) throws IOException {
    String message = TestModels.refusal(model, folder, TestModels.STATED);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void anEmptyFile() throws IOException {
    assertRefused(new byte[0], "tiny-bert.onnx is empty; an ONNX model was expected.");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100, 5_000, 20_000, 50_000})
  void aTruncatedFile(int length) throws IOException {
    assertRefused(
        Arrays.copyOf(whole, length), "tiny-bert.onnx is not a whole ONNX model: ", ", at byte ");
  }

  @Test
  void foreignBytes() throws IOException {
    String reason = "tiny-bert.onnx is not a whole ONNX model: ";
    assertRefused("PK\u0003\u0004 a zip file".getBytes(StandardCharsets.UTF_8), reason);
    assertRefused("{\"model_type\": \"bert\"}".getBytes(StandardCharsets.UTF_8), reason);
    byte[] zeros = new byte[1000];
    assertRefused(zeros, reason, "bytes that are not protobuf");
    byte[] noGraph =
        UnknownFieldSet.newBuilder().addField(1, OnnxEdits.number(6)).build().toByteArray();
    assertRefused(noGraph, reason + "it has no graph, at byte 2 of 2.");
  }

  @Test
  void anAbsurdLength() throws IOException {
    byte[] graphOfTwoGigabytes = {0x3a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07};
    assertRefused(
        graphOfTwoGigabytes,
        "the graph claims 2,147,483,647 bytes where 0 are left, at byte 6 of 6.");
  }

  @Test
  void aTensorWhoseShapeDoesNotFitItsData() throws IOException {
    UnaryOperator<UnknownFieldSet> huge =
        tensor -> OnnxEdits.with(tensor, OnnxEdits.TENSOR_DIMS, OnnxEdits.number(Long.MAX_VALUE));
    assertRefused(
        OnnxEdits.initializer(whole, WORDS, huge),
        "tensor embeddings.word_embeddings.weight has the shape [9223372036854775807], at byte ");
    UnaryOperator<UnknownFieldSet> small =
        tensor -> OnnxEdits.with(tensor, OnnxEdits.TENSOR_DIMS, OnnxEdits.number(7));
    assertRefused(
        OnnxEdits.initializer(whole, WORDS, small),
        "of shape [7] and type FLOAT needs 28 bytes and has 1,152");
    UnaryOperator<UnknownFieldSet> unknownType =
        tensor -> OnnxEdits.with(tensor, OnnxEdits.TENSOR_TYPE, OnnxEdits.number(99));
    assertRefused(
        OnnxEdits.initializer(whole, WORDS, unknownType),
        "has the ONNX element type 99, which Kumiko does not know");
  }

  @Test
  void aWrongButConsistentShape() throws IOException {
    ByteString half = ByteString.copyFrom(new byte[4 * 6]);
    UnaryOperator<UnknownFieldSet> shorter =
        tensor ->
            OnnxEdits.with(
                OnnxEdits.with(tensor, OnnxEdits.TENSOR_DIMS, OnnxEdits.number(6)),
                OnnxEdits.TENSOR_RAW,
                OnnxEdits.bytes(half));
    assertRefused(
        OnnxEdits.initializer(whole, "encoder.layer.1.output.dense.bias", shorter),
        "node /encoder/layer.1/output/dense/Add (Add) cannot be computed from inputs",
        "FLOAT[6]");
  }

  @Test
  void externalData() throws IOException {
    UnaryOperator<UnknownFieldSet> external =
        tensor ->
            OnnxEdits.with(tensor, OnnxEdits.TENSOR_LOCATION, OnnxEdits.number(1)).toBuilder()
                .clearField(OnnxEdits.TENSOR_RAW)
                .build();
    assertRefused(
        OnnxEdits.initializer(whole, WORDS, external),
        "The data of tensor "
            + WORDS
            + " is in the file \"\" (ONNX external data), which is no name");
  }

  @Test
  void aMissingTensor() throws IOException {
    assertRefused(
        OnnxEdits.initializer(whole, "encoder.layer.1.output.LayerNorm.weight", tensor -> null),
        "reads the value encoder.layer.1.output.LayerNorm.weight, which nothing before it computes");
  }

  private static byte[] renameInputs(byte[] model, String before, String after) {
    return OnnxEdits.nodes(
        model,
        node -> {
          Field.Builder inputs = Field.newBuilder();
          for (ByteString input : node.getField(OnnxEdits.NODE_INPUT).getLengthDelimitedList()) {
            boolean same = input.toStringUtf8().equals(before);
            inputs.addLengthDelimited(same ? ByteString.copyFromUtf8(after) : input);
          }
          return OnnxEdits.with(node, OnnxEdits.NODE_INPUT, inputs.build());
        });
  }

  @Test
  void operatorsOfARunTime() throws IOException {
    byte[] fused =
        OnnxEdits.nodes(
            whole,
            node ->
                OnnxEdits.text(node, OnnxEdits.NODE_OPERATOR).equals("Erf")
                    ? OnnxEdits.with(node, OnnxEdits.NODE_DOMAIN, OnnxEdits.text("com.microsoft"))
                    : node);
    assertRefused(fused, "the operator com.microsoft.Erf is not one of ONNX itself");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Erf | Sigmoid | the activation between /encoder/layer.0/intermediate/dense/Add_output_0",
        "Erf | Tanh | the activation between /encoder/layer.0/intermediate/dense/Add_output_0",
        "Softmax | LogSoftmax | has the operator LogSoftmax, which Kumiko does not know",
        "Sqrt | Exp | no layer normalisation follows /embeddings/Add_1_output_0",
        "Slice | Pad | has the operator Pad, which Kumiko does not know",
      })
  void anotherOperatorInItsPlace(String before, String after, String message) throws IOException {
    byte[] changed =
        OnnxEdits.nodes(
            whole,
            node ->
                OnnxEdits.text(node, OnnxEdits.NODE_OPERATOR).equals(before)
                    ? OnnxEdits.with(node, OnnxEdits.NODE_OPERATOR, OnnxEdits.text(after))
                    : node);
    assertRefused(changed, message);
  }

  @Test
  void anotherFlowThroughTheLayers() throws IOException {
    assertRefused(
        renameInputs(
            whole,
            "/encoder/layer.0/output/LayerNorm/Add_1_output_0",
            "/embeddings/LayerNorm/Add_1_output_0"),
        "the embeddings are read by 6 linear maps, not by three (query, key, value)");
    assertRefused(
        renameInputs(whole, "token_type_ids", "input_ids"),
        "node /embeddings/token_type_embeddings/Gather (Gather) cannot be computed",
        "the index 4 of 2");
    assertRefused(
        renameInputs(whole, "attention_mask", "token_type_ids"),
        "the graph computes the attention of layer 0 otherwise than BERT and its relatives");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int8.onnx | the graph is quantised (operators DequantizeLinear, DynamicQuantizeLinear, MatMulInteger)."
            + " Kumiko converts the fp32 export of the model.",
        "causal.onnx | differs by the place in a text without padding: a causal mask",
      })
  void otherKindsOfModel(String file, String message) throws IOException {
    model = model.resolveSibling(file);
    assertRefused(message);
  }

  @Test
  void whatAnOnnxDoesNotState() throws IOException {
    assertEquals(
        model
            + " does not state the pooling (--pooling mean, cls, max, ...), nor whether "
            + "vectors are normalised (--normalize or --no-normalize), nor the longest input "
            + "(--max-tokens, at most 16). The model's card has it; state it with the option.",
        TestModels.refusal(model, folder, ConversionOptions.NONE));
  }

  @Test
  void noTokenizer() throws IOException {
    Files.delete(model.resolveSibling("tokenizer.json"));
    assertRefused(
        "no tokenizer lies beside it; put its tiny-bert-tokenizer.json or tokenizer.json there");
  }

  @Test
  void aTokenizerWithMoreTokensThanTheTableHasRows() throws IOException {
    TestModels.edit(
        model.resolveSibling("tokenizer.json"), "\"of\": 21,", "\"of\": 21, \"more\": 24,");
    assertRefused("has 25 tokens, but the token table of ", " has only 24 rows");
  }

  @Test
  void jarsThatHoldNoModel() throws IOException {
    model = folder.resolve("model.jar");
    assertRefused("no zip".getBytes(StandardCharsets.UTF_8), "model.jar is not a whole JAR: ");
    assertRefused(jar("a.txt"), "model.jar holds 0 .onnx files [], expected one.");
    assertRefused(
        jar("a.onnx", "b.onnx"), "model.jar holds 2 .onnx files [a.onnx, b.onnx], expected one.");
    assertRefused(
        jar("x/a.onnx", "tokenizer.json"),
        "holds x/a.onnx but no a-tokenizer.json or tokenizer.json beside it.");
  }

  private byte[] jar(String... entries) throws IOException {
    Path jar = Files.createTempFile(folder, "", ".jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
      }
    }
    return Files.readAllBytes(jar);
  }
}
