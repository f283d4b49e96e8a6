package dev.kumiko.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** Kumiko's version, which the build writes into a resource, and Java's. */
final class ServerVersion implements IVersionProvider {
  private static final String RESOURCE = "version.txt";

  /** Returns Kumiko's. */
  static String kumiko() throws IOException {
    try (InputStream in = ServerVersion.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {"kumiko " + kumiko(), "Java " + Runtime.version()};
  }
}
