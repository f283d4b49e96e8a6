package dev.kumiko.spring.boot;

import dev.kumiko.model.ModelFormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/** Where a property says that a model lies. */
final class ModelLocation {
  /** A scheme has two letters at least: one is a drive of Windows. */
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  private final String property;
  private final String value;
  private final Resource resource;

  ModelLocation(String property, String value, ResourceLoader loader) {
    this.property = property;
    this.value = value;
    this.resource =
        ADDRESS.matcher(value).matches()
            ? loader.getResource(value)
            : new FileSystemResource(value);
  }

  /** Loads what lies somewhere: in a file, in a JAR or on a server. */
  interface Loader<T> {
    T load(URL url) throws IOException;
  }

  /**
   * Loads the model.
   *
   * @throws KumikoStartException if it is missing, damaged or unreadable
   */
  <T> T load(Loader<T> loader) {
    if (!resource.exists()) {
      throw missing(null);
    }
    try {
      return loader.load(url());
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw missing(e);
    } catch (ModelFormatException e) {
      throw new KumikoStartException(
          said() + "which cannot be loaded: " + e.getMessage(),
          "If the message says that the file is damaged, fetch or convert it again; a checkpoint of"
              + " another form is converted by `kumiko convert`.",
          e);
    } catch (IOException e) {
      throw new KumikoStartException(
          said() + "which cannot be read: " + e + ".",
          "Make it readable for the user who runs the application.",
          e);
    }
  }

  /** A file's is made of its path, so that a relative one is relative to the working directory. */
  private URL url() throws IOException {
    if (!resource.isFile()) {
      return resource.getURL();
    }
    Path file = resource.getFile().toPath();
    if (Files.isDirectory(file)) {
      throw folder(file);
    }
    return file.toUri().toURL();
  }

  private KumikoStartException missing(Exception cause) {
    return new KumikoStartException(
        said() + "but there is no " + resource.getDescription() + ".",
        "Correct the property. A path is relative to the working directory, which is %s; what is on the class path begins with classpath:%s"
            .formatted(
                Path.of("").toAbsolutePath(),
                property.equals("kumiko.model")
                    ? "; without the property the default model is loaded."
                    : "."),
        cause);
  }

  private KumikoStartException folder(Path file) {
    return new KumikoStartException(
        said() + "which is a folder.",
        "A Kumiko model is one file: make it of the checkpoint in the folder by `kumiko convert %s MODEL`, and set the property to it."
            .formatted(file),
        null);
  }

  private String said() {
    return property + " is \"" + value + "\", ";
  }
}
