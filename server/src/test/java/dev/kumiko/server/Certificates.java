package dev.kumiko.server;

import dev.kumiko.server.http.Address;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes certificates that nobody else trusts. */
final class Certificates {
  private static final char[] PASSWORD = "of-a-test".toCharArray();

  private Certificates() {}

  /** Makes a certificate for this machine, good for a day. */
  static Address.Tls make(Path folder, String name, String... algorithm)
      throws IOException, InterruptedException {
    return make(folder, name, "-1H", 1, List.of(algorithm));
  }

  /** Makes a certificate that was good the day before yesterday. */
  static Address.Tls makeExpired(Path folder, String name)
      throws IOException, InterruptedException {
    return make(folder, name, "-3d", 1, List.of("EC"));
  }

  private static Address.Tls make(
      Path folder, String name, String start, int days, List<String> algorithm)
      throws IOException, InterruptedException {
    Path store = folder.resolve(name + ".p12");
    ProcessBuilder keytool =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            name,
            "-keyalg",
            algorithm.getFirst(),
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1",
            "-startdate",
            start,
            "-validity",
            Integer.toString(days),
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            new String(PASSWORD));
    if (algorithm.size() > 1) {
      keytool.command().addAll(List.of("-keysize", algorithm.get(1)));
    }
    Process process = keytool.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD);
      Certificate certificate = keys.getCertificate(name);
      Key key = keys.getKey(name, PASSWORD);
      Path certificateFile = folder.resolve(name + ".crt");
      Files.writeString(certificateFile, pem("CERTIFICATE", certificate.getEncoded()));
      return new Address.Tls(
          certificateFile,
          writeKey(folder.resolve(name + ".key"), pem("PRIVATE KEY", key.getEncoded())));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Writes what its owner alone may read. */
  static Path writeKey(Path file, String pem) throws IOException {
    Files.writeString(file, pem);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  static String pem(String what, byte[] der) {
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
