package dev.kumiko;

import dev.kumiko.format.ModelFile;
import dev.kumiko.model.ModelFormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.JarURLConnection;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

/** Opens a model that is given by a URL or as a stream. */
final class ModelResource {
  /** For a server that does not answer, or stops in between. */
  private static final int TIMEOUT_MILLIS = 30_000;

  private static final String NO_URL =
      "url is null, as Class.getResource gives it if there is no such resource: a name without a"
          + " slash before it is looked for in the package of the class, and the folder of a"
          + " resource in another module must be open";

  private ModelResource() {}

  /** Opens the model, mapped where it lies if it lies in a file and is not compressed. */
  static ModelFile open(URL url) throws IOException {
    Objects.requireNonNull(url, NO_URL);
    try {
      Optional<Path> file = file(url);
      if (file.isPresent()) {
        return ModelFile.open(file.get());
      }
      Optional<JarAddress> address = JarAddress.of(url);
      if (address.isPresent() && Files.isRegularFile(address.get().file())) {
        Optional<StoredEntry> entry = StoredEntry.find(address.get());
        if (entry.isPresent()) {
          return ModelFile.open(address.get().file(), entry.get().offset(), entry.get().length());
        }
      }
      return copy(url);
    } catch (ClosedByInterruptException e) {
      throw unreadable(url.toString(), e, "");
    }
  }

  /** Reads the model, and leaves the stream open. */
  static ModelFile read(InputStream stream, String name) throws IOException {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(name, "name");
    try {
      return ModelFile.read(stream, name);
    } catch (IOException e) {
      throw unreadable(name, e, "open the stream again, or load the model from a file");
    }
  }

  /**
   * Returns nothing if the address names no file, or one in a way that only the JDK understands.
   */
  private static Optional<Path> file(URL url) {
    if (!url.getProtocol().equals("file")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(url.toURI()));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ModelFile copy(URL url) throws IOException {
    try {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false); // or a JAR that was replaced would be read as it was
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      requireHere(connection);
      return copy(connection, url.toString());
    } catch (FileNotFoundException | NoSuchFileException e) { // the JDK does not name the entry
      FileNotFoundException named =
          new FileNotFoundException(
              url + ": there is no such resource; check the address: " + e.getMessage());
      named.initCause(e);
      throw named;
    } catch (ZipException e) {
      throw new IOException(url + ": the JAR is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw unreadable(
          url.toString(),
          e,
          "check the address and whether it answers within "
              + TIMEOUT_MILLIS / 1000
              + " seconds, or fetch the model and load its file");
    }
  }

  /** The JDK does not follow from http to https, and reads the page that says so. */
  private static void requireHere(URLConnection connection) throws IOException {
    if (connection instanceof HttpURLConnection http && http.getResponseCode() / 100 == 3) {
      throw new IOException("its server sends one on to " + http.getHeaderField("Location"));
    }
  }

  private static ModelFile copy(URLConnection connection, String name) throws IOException {
    try (CheckedInputStream in = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
      ModelFile model = ModelFile.read(in, name);
      try {
        requireChecksum(connection, in.getChecksum().getValue());
      } catch (IOException e) {
        model.close();
        throw e;
      }
      return model;
    }
  }

  /** What is thrown for a failure whose own message need not say what could not be read. */
  private static IOException unreadable(String name, IOException e, String advice) {
    if (e instanceof ModelFormatException) {
      return e;
    }
    boolean interrupted =
        e instanceof ClosedByInterruptException
            || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException));
    IOException named =
        interrupted
            ? new InterruptedIOException(
                name + ": is not loaded, because the calling thread is interrupted")
            : new IOException(name + ": cannot be read: " + e + "; " + advice);
    named.initCause(e);
    return named;
  }

  /** What inflates without an error may be damaged all the same, and the JDK does not look. */
  private static void requireChecksum(URLConnection connection, long actual) throws IOException {
    if (connection instanceof JarURLConnection jar) {
      long expected = jar.getJarEntry().getCrc();
      if (expected >= 0 && expected != actual) {
        throw new ZipException(
            "the model's CRC-32 is %08x, but the directory says %08x; fetch the JAR again"
                .formatted(actual, expected));
      }
    }
  }
}
