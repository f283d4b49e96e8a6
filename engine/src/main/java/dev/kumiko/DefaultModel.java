package dev.kumiko;

import dev.kumiko.format.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/** Finds the model that a JAR on the class path or module path brings along. */
final class DefaultModel {
  static final String RESOURCE = "META-INF/kumiko/default-model.safetensors";

  private DefaultModel() {}

  /** Opens the model, mapped where it lies if it lies in a file and is not compressed. */
  static ModelFile open() throws IOException {
    URL url = find();
    try {
      if (url.getProtocol().equals("file")) {
        return ModelFile.open(Path.of(url.toURI()));
      }
      URLConnection connection = url.openConnection();
      if (connection instanceof JarURLConnection jar
          && jar.getJarFileURL().getProtocol().equals("file")) {
        Path file = Path.of(new URI(jar.getJarFileURL().toString()));
        Optional<StoredEntry> entry = StoredEntry.find(file, jar.getEntryName());
        if (entry.isPresent()) {
          return ModelFile.open(file, entry.get().offset(), entry.get().length());
        }
      }
    } catch (URISyntaxException e) {
      throw new IOException("The default model has an address that is no file name: " + url, e);
    }
    try (InputStream in = url.openStream()) {
      return ModelFile.read(in, url.toString());
    } catch (ZipException e) {
      throw new IOException(url + ": the JAR is damaged: " + e.getMessage(), e);
    }
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
              + " dev.kumiko:kumiko-all-minilm-l6-v2, or load a model file by its path");
    }
    return url;
  }
}
