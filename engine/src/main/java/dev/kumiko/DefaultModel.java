package dev.kumiko;

import dev.kumiko.format.ModelFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

/** Finds the model that a JAR on the class path or module path brings along. */
final class DefaultModel {
  static final String RESOURCE = "META-INF/kumiko/default-model.safetensors";

  private DefaultModel() {}

  /** Opens the model, mapped where it lies if it lies in a file and is not compressed. */
  static ModelFile open() throws IOException {
    URL url = find();
    URLConnection connection = url.openConnection();
    try {
      if (url.getProtocol().equals("file")) {
        return ModelFile.open(Path.of(url.toURI()));
      }
      if (connection instanceof JarURLConnection jar
          && jar.getJarFileURL().getProtocol().equals("file")) {
        Path file = Path.of(new URI(jar.getJarFileURL().toString()));
        Optional<StoredEntry> entry = StoredEntry.find(file, jar.getEntryName());
        if (entry.isPresent()) {
          return ModelFile.open(file, entry.get().offset(), entry.get().length());
        }
      }
    } catch (ClosedByInterruptException e) {
      InterruptedIOException named =
          new InterruptedIOException(
              url + ": is not loaded, because the calling thread is interrupted");
      named.initCause(e);
      throw named;
    } catch (URISyntaxException e) {
      throw new IOException("The default model has an address that is no file name: " + url, e);
    }
    try (CheckedInputStream in = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
      ModelFile model = ModelFile.read(in, url.toString());
      try {
        requireChecksum(connection, in.getChecksum().getValue());
      } catch (IOException e) {
        model.close();
        throw e;
      }
      return model;
    } catch (ZipException e) {
      throw new IOException(url + ": the JAR is damaged: " + e.getMessage(), e);
    }
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

  /** A module that nobody requires is not there, although its JAR is on the module path. */
  private static String advice() {
    return DefaultModel.class.getModule().isNamed()
        ? "; if its JAR is on the module path, start java with --add-modules ALL-MODULE-PATH"
        : "";
  }

  private static URL find() throws IOException {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    URL url = context == null ? null : context.getResource(RESOURCE);
    if (url == null) {
      url = DefaultModel.class.getClassLoader().getResource(RESOURCE);
    }
    if (url == null) {
      throw new IOException(
          "there is no default model: "
              + RESOURCE
              + " is not on the class path; add the dependency"
              + " dev.kumiko:kumiko-all-minilm-l6-v2, or load a model file by its path"
              + advice());
    }
    return url;
  }
}
