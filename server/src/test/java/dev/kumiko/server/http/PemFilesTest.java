package dev.kumiko.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.server.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and keys in PEM files. */
class PemFilesTest {
  @TempDir private Path folder;

  private static String refused(Path certificate, Path key) {
    return assertThrows(IOException.class, () -> new PemFiles(new Address.Tls(certificate, key)))
        .getMessage();
  }

  private static void assertContains(String part, String whole) {
    assertTrue(whole.contains(part), whole);
  }

  /** Returns what a server would show. */
  private static X509Certificate shown(SslContextFactory.Server context) throws Exception {
    if (!context.isStarted()) {
      context.start();
    }
    return (X509Certificate) context.getKeyStore().getCertificate("kumiko");
  }

  @ParameterizedTest
  @CsvSource({"RSA, RSA", "EC, EC", "Ed25519, EdDSA", "Ed448, EdDSA"})
  void keysOfTheseAlgorithmsAreRead(String made, String algorithm) throws Exception {
    PemFiles files = new PemFiles(Certificates.make(folder, "a", made));
    X509Certificate shown = shown(files.context());
    assertEquals("CN=localhost", shown.getSubjectX500Principal().getName());
    assertEquals(algorithm, shown.getPublicKey().getAlgorithm());
    files.context().stop();
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    Address.Tls one = Certificates.make(folder, "one", "EC");
    Address.Tls two = Certificates.make(folder, "two", "EC");
    Address.Tls rsa = Certificates.make(folder, "rsa", "RSA");
    String message = one.key() + ": is not the key of the certificate in ";
    assertEquals(message + two.certificate(), refused(two.certificate(), one.key()));
    assertEquals(message + rsa.certificate(), refused(rsa.certificate(), one.key()));
    assertEquals(
        rsa.key() + ": is not the key of the certificate in " + one.certificate(),
        refused(one.certificate(), rsa.key()));
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    for (int day : new int[] {-1, 1}) {
      Address.Tls other = Certificates.makeForAnotherDay(folder, "other", day);
      String message = refused(other.certificate(), other.key());
      assertContains(other.certificate() + ": is good from ", message);
      assertContains("; renew it", message);
    }
  }

  @Test
  void otherFormsOfKeysAreRefusedWithTheWayOut() throws Exception {
    Address.Tls good = Certificates.make(folder, "good", "RSA");
    String der = Files.readString(good.key());
    for (String form : new String[] {"RSA ", "EC "}) {
      Path key =
          Certificates.writeKey(
              folder.resolve("other.key"), der.replace("PRIVATE", form + "PRIVATE"));
      assertEquals(
          "%s: has an %sPRIVATE KEY, expected PKCS #8: openssl pkcs8 -topk8 -nocrypt -in %s"
              .formatted(key, form, key),
          refused(good.certificate(), key));
    }
  }

  @Test
  void anEncryptedKeyIsRefusedWithTheWayOut() throws Exception {
    Address.Tls good = Certificates.make(folder, "good", "RSA");
    String encrypted = Files.readString(good.key()).replace("PRIVATE", "ENCRYPTED PRIVATE");
    Path key = Certificates.writeKey(folder.resolve("other.key"), encrypted);
    assertContains(key + ": the key is encrypted", refused(good.certificate(), key));
  }

  @Test
  void whatIsNoKeyIsRefused() throws Exception {
    Address.Tls good = Certificates.make(folder, "good", "EC");
    Path key = folder.resolve("bad.key");
    for (String pem :
        new String[] {"", "hello", Files.readString(good.certificate()), "-----BEGIN"}) {
      Certificates.writeKey(key, pem);
      assertEquals(
          key + ": has no private key; expected -----BEGIN PRIVATE KEY-----",
          refused(good.certificate(), key));
    }
    Certificates.writeKey(key, Certificates.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
    assertEquals(key + ": is no RSA, EC or EdDSA key", refused(good.certificate(), key));
    Certificates.writeKey(key, "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n");
    assertContains(key + ": is damaged", refused(good.certificate(), key));
    Files.delete(key);
    assertEquals(key + ": there is no such file", refused(good.certificate(), key));
  }

  @Test
  void whatIsNoCertificateIsRefused() throws Exception {
    Address.Tls good = Certificates.make(folder, "good", "EC");
    Path certificate = folder.resolve("bad.crt");
    byte[] random = new byte[100];
    for (String pem :
        new String[] {
          "",
          "hello",
          Files.readString(good.key()),
          Certificates.pem("CERTIFICATE", random),
          "-----BEGIN CERTIFICATE-----\n" + Base64.getEncoder().encodeToString(random)
        }) {
      Files.writeString(certificate, pem);
      String message = refused(certificate, good.key());
      assertContains(certificate + ": ", message);
      assertContains("certificate", message.replace(certificate.toString(), ""));
    }
    Files.delete(certificate);
    assertEquals(certificate + ": there is no such file", refused(certificate, good.key()));
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws Exception {
    Address.Tls good = Certificates.make(folder, "good", "EC");
    Files.setPosixFilePermissions(good.key(), PosixFilePermissions.fromString("rw-r--r--"));
    assertContains(
        "every user of this machine may read it", refused(good.certificate(), good.key()));
  }

  private static void replace(Path target, Path source, long time) throws IOException {
    Files.copy(
        source, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    Files.setLastModifiedTime(target, FileTime.fromMillis(1_700_000_000_000L + time));
  }

  @Test
  void newFilesAreTakenAndBadOnesAreNot() throws Exception {
    Address.Tls one = Certificates.make(folder, "one", "EC");
    Address.Tls two = Certificates.make(folder, "two", "RSA");
    PemFiles files = new PemFiles(one);
    X509Certificate first = shown(files.context());
    files.refresh();
    assertEquals(first, shown(files.context()));
    // Half of the new pair, then all of it.
    replace(one.certificate(), two.certificate(), 1000);
    files.refresh();
    assertEquals(first, shown(files.context()));
    replace(one.key(), two.key(), 2000);
    files.refresh();
    X509Certificate second = shown(files.context());
    assertNotEquals(first, second);
    assertEquals("RSA", second.getPublicKey().getAlgorithm());
    Files.writeString(one.key(), "no key any more");
    files.refresh();
    assertEquals(second, shown(files.context()));
    Files.delete(one.certificate());
    files.refresh();
    assertEquals(second, shown(files.context()));
    files.context().stop();
  }

  @Test
  void rightsMayBeMendedAfterwards() throws Exception {
    Address.Tls one = Certificates.make(folder, "one", "EC");
    Address.Tls two = Certificates.make(folder, "two", "EC");
    PemFiles files = new PemFiles(one);
    X509Certificate first = shown(files.context());
    replace(one.certificate(), two.certificate(), 1000);
    replace(one.key(), two.key(), 1000);
    Files.setPosixFilePermissions(one.key(), PosixFilePermissions.fromString("rw-r--r--"));
    files.refresh();
    assertEquals(first, shown(files.context()));
    Files.setPosixFilePermissions(one.key(), PosixFilePermissions.fromString("rw-------"));
    files.refresh();
    assertNotEquals(first, shown(files.context()));
    files.context().stop();
  }
}
