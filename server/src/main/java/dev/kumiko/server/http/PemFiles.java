package dev.kumiko.server.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A certificate and its key in PEM files (RFC 7468), which are read again when they change. */
final class PemFiles {
  private static final System.Logger LOG = System.getLogger("dev.kumiko.server");
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END");
  private static final char[] NO_PASSWORD = {};

  private final Address.Tls files;
  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private List<FileTime> times;

  /** What was wrong when they were looked at last; empty if nothing was. */
  private String complaint = "";

  /**
   * Reads the files.
   *
   * @throws IOException if they cannot be read, do not belong together, or have expired
   */
  PemFiles(Address.Tls files) throws IOException {
    this.files = files;
    this.times = times();
    use(context);
  }

  SslContextFactory.Server context() {
    return context;
  }

  /** Reads the files again if they were changed; what is no good leaves things as they were. */
  void refresh() {
    try {
      List<FileTime> now = times();
      if (!now.equals(times)) {
        KeyStore store = keyStore();
        context.reload(factory -> factory.setKeyStore(store));
        times = now;
        LOG.log(Level.INFO, files.certificate() + ": read again");
      }
      complaint = "";
    } catch (Exception e) { // as Jetty declares it
      complain("The certificate stays as it was: " + e.getMessage());
    }
  }

  /** Once: what is no good is looked at again and again, since rights may be mended, too. */
  private void complain(String now) {
    if (!now.equals(complaint)) {
      LOG.log(Level.WARNING, now);
      complaint = now;
    }
  }

  private List<FileTime> times() throws IOException {
    return List.of(InputFile.modified(files.certificate()), InputFile.modified(files.key()));
  }

  private void use(SslContextFactory.Server factory) throws IOException {
    factory.setKeyStore(keyStore());
    factory.setKeyStorePassword("");
    factory.setKeyManagerPassword("");
  }

  private KeyStore keyStore() throws IOException {
    InputFile.requirePrivate(files.key());
    Certificate[] chain = chain();
    PrivateKey key = key();
    try {
      X509Certificate first = (X509Certificate) chain[0];
      requireValid(first);
      requirePair(key, first.getPublicKey());
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("kumiko", key, NO_PASSWORD, chain);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException(files.certificate() + ": " + e.getMessage(), e);
    }
  }

  private void requireValid(X509Certificate certificate) throws IOException {
    Instant now = Instant.now();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw new IOException(
          "%s: is good from %s to %s, and now it is %s; renew it"
              .formatted(files.certificate(), from, until, now.truncatedTo(ChronoUnit.SECONDS)));
    }
  }

  private Certificate[] chain() throws IOException {
    byte[] pem = InputFile.read(files.certificate());
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (all.isEmpty()) {
        throw new IOException(
            files.certificate() + ": has no certificate; expected -----BEGIN CERTIFICATE-----");
      }
      return all.toArray(Certificate[]::new);
    } catch (GeneralSecurityException e) {
      throw new IOException(files.certificate() + ": is no certificate: " + e.getMessage(), e);
    }
  }

  private PrivateKey key() throws IOException {
    String pem = new String(InputFile.read(files.key()), StandardCharsets.ISO_8859_1);
    Matcher found = KEY.matcher(pem);
    if (!found.find()) {
      throw new IOException(
          files.key() + ": has no private key; expected -----BEGIN PRIVATE KEY-----");
    }
    if (found.group(1).startsWith("ENCRYPTED")) {
      throw new IOException(
          "%s: the key is encrypted, and nobody types a passphrase here; decrypt it: openssl pkcs8 -in %s -out KEY"
              .formatted(files.key(), files.key()));
    }
    if (!found.group(1).isEmpty()) {
      throw new IOException(
          "%s: has an %sPRIVATE KEY, expected PKCS #8: openssl pkcs8 -topk8 -nocrypt -in %s"
              .formatted(files.key(), found.group(1), files.key()));
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(found.group(2));
    } catch (IllegalArgumentException e) {
      throw new IOException(files.key() + ": is damaged: " + e.getMessage(), e);
    }
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        LOG.log(Level.TRACE, algorithm, e); // another algorithm's
      }
    }
    throw new IOException(files.key() + ": is no RSA, EC or EdDSA key");
  }

  private void requirePair(PrivateKey key, PublicKey certified)
      throws IOException, GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] probe = "kumiko".getBytes(StandardCharsets.UTF_8);
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(probe);
    boolean pair = false;
    if (certified.getAlgorithm().equals(key.getAlgorithm())) {
      Signature checking = Signature.getInstance(algorithm);
      checking.initVerify(certified);
      checking.update(probe);
      pair = checking.verify(signing.sign());
    }
    if (!pair) {
      throw new IOException(
          "%s: is not the key of the certificate in %s"
              .formatted(files.key(), files.certificate()));
    }
  }
}
