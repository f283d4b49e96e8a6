package dev.kumiko.server;

import dev.kumiko.server.http.Address;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes certificates of this machine that nobody else trusts (RFC 5280). */
public final class Certificates {
  private static final int SEQUENCE = 0x30;
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Certificates() {}

  /** Makes a certificate that is good today; of {@code RSA}, {@code EC} or {@code Ed25519}. */
  public static Address.Tls make(Path folder, String name, String algorithm) throws IOException {
    Instant now = Instant.now();
    return make(
        folder, name, algorithm, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1)));
  }

  /** Makes a certificate that was good until yesterday, or will be from tomorrow on. */
  public static Address.Tls makeForAnotherDay(Path folder, String name, int days)
      throws IOException {
    Instant begin = Instant.now().plus(Duration.ofDays(days));
    return make(folder, name, "EC", begin, begin.plus(Duration.ofHours(1)));
  }

  private static Address.Tls make(
      Path folder, String name, String algorithm, Instant from, Instant until) throws IOException {
    try {
      KeyPair pair = pair(algorithm);
      Path certificate = folder.resolve(name + ".crt");
      Files.writeString(certificate, pem("CERTIFICATE", certificate(algorithm, pair, from, until)));
      return new Address.Tls(
          certificate,
          writeKey(
              folder.resolve(name + ".key"), pem("PRIVATE KEY", pair.getPrivate().getEncoded())));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static KeyPair pair(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator =
        KeyPairGenerator.getInstance(algorithm.startsWith("Ed") ? "EdDSA" : algorithm);
    switch (algorithm) {
      case "RSA" -> generator.initialize(2048);
      case "EC" -> generator.initialize(new ECGenParameterSpec("secp256r1"));
      default -> generator.initialize(new NamedParameterSpec(algorithm));
    }
    return generator.generateKeyPair();
  }

  private static byte[] certificate(String algorithm, KeyPair pair, Instant from, Instant until)
      throws GeneralSecurityException {
    byte[] signed =
        switch (algorithm) {
          case "RSA" -> hex("300d06092a864886f70d01010b0500");
          case "EC" -> hex("300a06082a8648ce3d040302");
          case "Ed25519" -> hex("300506032b6570");
          default -> hex("300506032b6571");
        };
    byte[] localhost = "localhost".getBytes(StandardCharsets.US_ASCII);
    byte[] name = der(SEQUENCE, der(0x31, der(SEQUENCE, hex("0603550403"), der(0x0c, localhost))));
    byte[] names = der(SEQUENCE, der(0x82, localhost), der(0x87, new byte[] {127, 0, 0, 1}));
    byte[] toBeSigned =
        der(
            SEQUENCE,
            hex("a003020102"), // version 3
            hex("0204"), // a serial number of four bytes
            new byte[] {1, 2, 3, 4},
            signed,
            name,
            der(SEQUENCE, time(from), time(until)),
            name,
            pair.getPublic().getEncoded(),
            der(0xa3, der(SEQUENCE, der(SEQUENCE, hex("0603551d11"), der(0x04, names)))));
    Signature signature =
        Signature.getInstance(
            switch (algorithm) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> "EdDSA";
            });
    signature.initSign(pair.getPrivate());
    signature.update(toBeSigned);
    return der(SEQUENCE, toBeSigned, signed, der(0x03, new byte[1], signature.sign()));
  }

  private static byte[] time(Instant instant) {
    return der(0x17, UTC_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length >= 0x80) {
      out.write(length < 0x100 ? 0x81 : 0x82);
    }
    if (length >= 0x100) {
      out.write(length >> 8);
    }
    out.write(length);
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  /** Writes what its owner alone may read. */
  public static Path writeKey(Path file, String pem) throws IOException {
    Files.writeString(file, pem);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  public static String pem(String what, byte[] der) {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what);
  }

  /** Returns what trusts this certificate alone. */
  static SSLContext trusting(Path certificate) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "server",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate))));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
