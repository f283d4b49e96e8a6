package dev.kumiko;

import java.net.URI;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The address of an entry of a JAR, or of an entry of a JAR that is itself an entry of a JAR. The
 * first is {@code jar:file:/app.jar!/entry}. The second has no standard; Spring Boot writes {@code
 * jar:nested:/app.jar/!BOOT-INF/lib/inner.jar!/entry}, where a name that ends in a slash is a
 * folder of the outer JAR, and escapes characters as in any URL.
 *
 * @param file the JAR, or the outer one
 * @param nested the name of the inner JAR's entry in the outer one, or empty if there is none
 * @param entry the entry's name in the JAR, or in the inner one
 */
record JarAddress(Path file, String nested, String entry) {
  private static final String ENTRY = "!/";
  private static final String NESTED_ENTRY = "/!";

  /** Returns nothing if the URL is not of such a form. */
  static Optional<JarAddress> of(URL url) {
    return url.getProtocol().equals("jar") ? parse(url.getFile()) : Optional.empty();
  }

  /** Parses what follows {@code jar:}. */
  static Optional<JarAddress> parse(String address) {
    int separator = address.indexOf(ENTRY);
    if (separator < 0 || separator + ENTRY.length() == address.length()) {
      return Optional.empty();
    }
    String jar = address.substring(0, separator);
    try {
      String entry = decode(address.substring(separator + ENTRY.length()));
      if (jar.startsWith("file:")) {
        return Optional.of(new JarAddress(Path.of(URI.create(jar)), "", entry));
      }
      return jar.startsWith("nested:")
          ? nested(decode(jar.substring("nested:".length())), entry)
          : Optional.empty();
    } catch (IllegalArgumentException e) { // no path, or escaped wrongly
      return Optional.empty();
    }
  }

  private static Optional<JarAddress> nested(String location, String entry) {
    int separator = location.lastIndexOf(NESTED_ENTRY);
    if (separator <= 0) {
      return Optional.empty();
    }
    Path file = Path.of(withoutSlashBeforeDrive(location.substring(0, separator)));
    String nested = location.substring(separator + NESTED_ENTRY.length());
    return Optional.of(
        nested.endsWith("/")
            ? new JarAddress(file, "", nested + entry)
            : new JarAddress(file, nested, entry));
  }

  /** On Windows a URL has {@code /C:/app.jar}, which is no path. */
  private static String withoutSlashBeforeDrive(String path) {
    return path.matches("/[A-Za-z]:.*") ? path.substring(1) : path;
  }

  /** A plus sign stands for itself: only forms write spaces so. */
  private static String decode(String escaped) {
    return URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
