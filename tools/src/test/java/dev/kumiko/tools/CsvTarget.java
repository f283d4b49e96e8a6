package dev.kumiko.tools;

import dev.kumiko.tools.fuzz.Loading;
import dev.kumiko.tools.fuzz.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Pairs of sentences with scores. */
public final class CsvTarget implements Target {
  private final Path file;

  /** Makes a file for inputs. */
  public CsvTarget() throws IOException {
    this.file = Loading.folder().resolve("fuzz.csv");
  }

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        bytes("A roof.,Rafters.,4.5\nA salad.,\"An invoice, due\",0\n"),
        bytes("\"a \"\"b\"\"\nc\",é,1e0\r\n\r\n木,\"\",5\r\n"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void read(byte[] input) throws IOException {
    StsPairs.read(Files.write(file, input));
  }
}
