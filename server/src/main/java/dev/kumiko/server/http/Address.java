package dev.kumiko.server.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a server listens, and to whom.
 *
 * @param host a name or address of this machine
 * @param port 0 for any free one
 * @param keys a file with one API key a line; empty if anybody may ask
 * @param insecure whether it may listen to other machines without keys
 * @param tls PEM files; empty for plain HTTP
 * @param origin the web pages of this origin may ask, too; empty for none
 */
public record Address(
    String host,
    int port,
    Optional<Path> keys,
    boolean insecure,
    Optional<Tls> tls,
    Optional<String> origin) {
  /**
   * PEM files.
   *
   * @param certificate the certificate, and those of its issuers after it
   * @param key its private key in PKCS #8
   */
  public record Tls(Path certificate, Path key) {}
}
