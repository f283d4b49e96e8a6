package dev.kumiko.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.tools.convert.TestModels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
  @TempDir private Path folder;

  private static Outcome embed(byte[] input, String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "embed";
    all[1] = "--model";
    all[2] = SmallModel.path();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Outcome.of(input, all);
  }

  @Test
  void noText() {
    embed(new byte[0]).failed(1, "no text: the input is empty");
    Outcome.of("tokenize", "-m", SmallModel.path()).failed(1, "no text: the input is empty");
  }

  /** The model is written to between the first text and the second. */
  @Test
  void aModelThatIsWrittenToMeanwhile() throws IOException {
    Path model = Files.copy(Path.of(SmallModel.path()), folder.resolve("m.safetensors"));
    InputStream in =
        new FilterInputStream(new ByteArrayInputStream("roof\nbeam\n".getBytes(UTF_8))) {
          @Override
          public int read(byte[] bytes, int from, int count) throws IOException {
            Files.setLastModifiedTime(model, FileTime.fromMillis(1_000_000));
            return super.read(bytes, from, count);
          }
        };
    Outcome outcome = Outcome.of(in, Terminals.NONE, "embed", "--model", model.toString());
    assertEquals(1, outcome.code);
    assertTrue(outcome.err.startsWith("kumiko: " + model + ": was written to ("), outcome.err);
    assertTrue(outcome.err.contains("; load it again, and replace models by"), outcome.err);
    assertEquals(1, outcome.err.lines().count());
  }

  @Test
  void aFileThatIsCutShortWhileItIsRead() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream messages = new PrintStream(err, true, UTF_8);
    Streams streams =
        new Streams(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            messages,
            Terminals.NONE);
    InternalError fault =
        new InternalError("a fault occurred in an unsafe memory access operation");
    assertEquals(1, new ErrorReport(streams).failure(fault, false));
    assertTrue(err.toString(UTF_8).startsWith("kumiko: a file was cut short while"), err::toString);
  }

  @Test
  void notUtf8() throws IOException {
    byte[] input = "roof\nna\u00EFve\n".getBytes(StandardCharsets.ISO_8859_1);
    String message =
        ": line 2 is not UTF-8: byte 0xEF at byte offset 7 of the input; convert it first";
    embed(input).failed(1, "standard input" + message);
    Path file = Files.write(folder.resolve("latin1.txt"), input);
    embed(new byte[0], "--input", file.toString()).failed(1, file + message);
  }

  @Test
  void utf8ThatEndsInTheMiddleOfACharacter() {
    byte[] input = {'a', '\n', 'b', (byte) 0xE2, (byte) 0x82};
    embed(input)
        .failed(
            1,
            "standard input: line 2 is not UTF-8: byte 0xE2 at byte offset 3 of the input; convert it first");
  }

  @Test
  void anArgumentThatJavaCouldNotDecode() {
    String encoding = System.getProperty("sun.jnu.encoding");
    embed(new byte[0], "roof", "na\uFFFDve")
        .failed(
            1,
            "argument 2 has a character that is not UTF-8, or that the locale's encoding ("
                + encoding
                + ") does not have; set LC_ALL=C.UTF-8, or give the text on standard input");
  }

  @Test
  void aLineWithoutEnd() {
    InputStream zeros =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            return length;
          }
        };
    Outcome.of(zeros, Terminals.NONE, "embed", "-m", SmallModel.path())
        .failed(1, "standard input: line 1 is longer than 67,108,864 bytes; is it a text file?");
  }

  @Test
  void aTextOfTenMegabytes() throws IOException {
    byte[] input = "purlin rafter ".repeat(750_000).getBytes(StandardCharsets.UTF_8);
    Outcome outcome = embed(input);
    assertEquals(0, outcome.code);
    assertTrue(outcome.json().get(0).get("truncated").asBoolean());
  }

  @Test
  void missingInput() {
    Path file = folder.resolve("texts.txt");
    embed(new byte[0], "-i", file.toString()).failed(1, file + ": no such file");
    embed(new byte[0], "-i", folder.toString())
        .failed(1, folder + ": is a directory, expected a file of texts");
  }

  @Test
  void textsFromTwoSides() {
    embed(new byte[0], "-i", "texts.txt", "roof")
        .failed(2, "texts come either as arguments or from --input, not from both");
  }

  @Test
  void outputThatCannotBeWritten() throws IOException {
    Path missing = folder.resolve("missing");
    embed(new byte[0], "-o", missing.resolve("v.json").toString(), "roof")
        .failed(
            1,
            missing.resolve("v.json")
                + ": not written: the directory "
                + missing
                + " is not there");
    embed(new byte[0], "-o", folder.toString(), "roof")
        .failed(1, folder + ": not written: it is a directory");
    embed(new byte[0], "-o", "/dev/null", "roof")
        .failed(1, "/dev/null: not written: it is no regular file");
    assertEquals(List.of(), files());
  }

  @Test
  void aFailureLeavesTheOldOutputAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("v.csv"), "old");
    byte[] input = {'a', '\n', (byte) 0xFF};
    assertEquals(1, embed(input, "-f", "csv", "-o", file.toString()).code);
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void npyOnATerminal() {
    InputStream none = new ByteArrayInputStream(new byte[0]);
    Outcome.of(
            none, new Terminals(false, true, false), "embed", "-m", SmallModel.path(), "-f", "npy")
        .failed(2, "npy is no format for a terminal; use --output FILE or a pipe");
  }

  @Test
  void missingModel() {
    Path file = folder.resolve("none.safetensors");
    Outcome.of("embed", "-m", file.toString(), "a").failed(1, file + ": no such file");
  }

  @Test
  void noDefaultModel() {
    Outcome outcome = Outcome.of("embed", "roof");
    assertEquals(1, outcome.code);
    assertTrue(outcome.err.startsWith("kumiko: there is no default model: "), outcome.err);
  }

  @Test
  void modelsThatAreNotConverted() throws IOException {
    Path model = TestModels.copy(SmallModel.FIXTURE, folder.resolve("my model"));
    String convert =
        ", not a Kumiko model; convert it once: kumiko convert '%s' 'my model-kumiko.safetensors'"
            .formatted(model);
    Outcome.of("embed", "-m", model.toString(), "a")
        .failed(1, model + " is a Hugging Face folder" + convert);
    Path weights = model.resolve("model.safetensors");
    Outcome.of("embed", "-m", weights.toString(), "a")
        .failed(1, weights + " holds the weights of a Hugging Face folder" + convert);
    Outcome.of("inspect", "x/bert.ONNX")
        .failed(
            1,
            "x/bert.ONNX is an ONNX model, not a Kumiko model; convert it once:"
                + " kumiko convert x/bert.ONNX bert-kumiko.safetensors");
    Outcome.of("tokenize", "-m", "minilm.jar", "a")
        .failed(
            1,
            "minilm.jar is a JAR, not a Kumiko model; convert it once:"
                + " kumiko convert minilm.jar minilm-kumiko.safetensors");
    Outcome.of("embed", "-m", folder.toString(), "a")
        .failed(1, folder + ": is a directory, expected a Kumiko model file");
  }

  @Test
  void aModelWithDamagedWeights() throws IOException {
    Path damaged = folder.resolve("damaged.safetensors");
    try (ModelFile file = ModelFile.open(Path.of(SmallModel.path()))) {
      ModelWriter writer = new ModelWriter(damaged).metadata(file.metadata());
      for (Tensor tensor : file.tensors().values()) {
        if (tensor.name().equals("embeddings.norm.bias")) {
          float[] values = tensor.toFloats();
          values[3] = Float.NaN;
          writer.floats(tensor.name(), values, values.length);
        } else {
          writer.copy(tensor.name(), tensor);
        }
      }
      writer.write();
    }
    Outcome.of("embed", "-m", damaged.toString(), "roof")
        .failed(
            1,
            "argument 1: its vector has a component that is NaN; the model bert-mean is damaged");
  }

  @Test
  void optionsThatTheModelDoesNotHave() {
    embed(new byte[0], "--prompt", "passage", "a")
        .failed(2, "bert-mean has no prompt named \"passage\"; it has [query]");
    embed(new byte[0], "--truncate-dim", "49", "a")
        .failed(2, "--truncate-dim is 49, but the vectors of bert-mean have 48 components");
    embed(new byte[0], "--max-tokens", "129", "a")
        .failed(2, "--max-tokens is 129, but bert-mean takes from 3 to 128 tokens");
    embed(new byte[0], "--threads", "0", "a").failed(2, "--threads must be at least 1, not 0");
  }

  @Test
  void nobodyReadsOn() {
    Outcome outcome =
        Outcome.into(new Failing("Broken pipe"), "embed", "-m", SmallModel.path(), "roof");
    assertEquals("", outcome.err);
    assertEquals(0, outcome.code);
  }

  /** The message of a stream is that of a channel, in whatever language the system has. */
  @Test
  void aBrokenPipeIsKnownByWhatThisSystemSays() throws Exception {
    Process deaf = new ProcessBuilder("sh", "-c", "exec <&-; echo closed; sleep 60").start();
    try (InputStream said = deaf.getInputStream()) {
      assertEquals('c', said.read());
      OutputStream pipe = deaf.getOutputStream();
      pipe.write('x');
      IOException e = assertThrows(IOException.class, pipe::flush);
      assertEquals(e.getMessage(), StandardOutput.brokenPipe());
    } finally {
      deaf.destroy();
    }
  }

  @Test
  void standardInputStaysOpen() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    try (InputStream in =
        new FilterInputStream(new ByteArrayInputStream("roof".getBytes(StandardCharsets.UTF_8))) {
          @Override
          public void close() {
            closed.set(true);
          }
        }) {
      Outcome.of(in, Terminals.NONE, "embed", "-m", SmallModel.path()).silent();
      assertFalse(closed.get());
    }
  }

  @Test
  void aFullDisk() {
    Outcome.into(new Failing("No space left on device"), "embed", "-m", SmallModel.path(), "roof")
        .failed(1, "standard output: not written: No space left on device");
  }

  private static final class Failing extends OutputStream {
    private final String reason;

    Failing(String reason) {
      this.reason = reason;
    }

    @Override
    public void write(int value) throws IOException {
      throw new IOException(reason);
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }
}
