package dev.kumiko;

/**
 * Says which Java is needed, to people with an older one. This class and those that an application
 * touches first are compiled for Java 17 (the file {@code src/build/java17} lists them), so that
 * their static methods run there and can call {@link #check} before anything else is linked.
 */
final class RequiredJava {
  private static final int FEATURE = 25;

  private RequiredJava() {}

  /**
   * Checks the JVM that runs this.
   *
   * @throws UnsupportedClassVersionError if it is too old
   */
  static void check() {
    check(Runtime.version(), System.getProperty("java.home"));
  }

  static void check(Runtime.Version version, String home) {
    if (version.feature() < FEATURE) {
      throw new UnsupportedClassVersionError(
          String.format(
              "Kumiko needs Java %d or newer; this is Java %s at %s; start the application with a"
                  + " newer java, such as Eclipse Temurin %d (https://adoptium.net)",
              FEATURE, version, home, FEATURE));
    }
  }
}
