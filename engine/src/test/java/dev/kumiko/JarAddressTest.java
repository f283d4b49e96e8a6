package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as the JDK and Spring Boot write them. */
class JarAddressTest {
  private static void assertParsed(String file, String nested, String entry, String address) {
    JarAddress expected = new JarAddress(Path.of(file), nested, entry);
    assertEquals(Optional.of(expected), JarAddress.parse(address), address);
  }

  @Test
  void anEntryOfAJar() {
    assertParsed("/a/b.jar", "", "c/d", "file:/a/b.jar!/c/d");
    assertParsed("/a/b.jar", "", "c/d", "file:///a/b.jar!/c/d");
  }

  @Test
  void anEntryOfAJarInAJar() {
    assertParsed(
        "/a/app.jar",
        "BOOT-INF/lib/b-1.0.jar",
        "META-INF/c",
        "nested:/a/app.jar/!BOOT-INF/lib/b-1.0.jar!/META-INF/c");
  }

  @Test
  void anEntryOfAFolderInAJar() {
    assertParsed(
        "/a/app.jar", "", "BOOT-INF/classes/c/d", "nested:/a/app.jar/!BOOT-INF/classes/!/c/d");
  }

  @Test
  void escapedCharactersAreThemselves() {
    assertParsed(
        "/a b/100% \u00E4!.jar",
        "", "c+\u00FC d", "file:/a%20b/100%25%20%C3%A4%21.jar!/c+%c3%bc%20d");
    assertParsed(
        "/a b/100% \u00E4!.jar",
        "lib/e f+\u00E9.jar",
        "c+\u00FC d",
        "nested:/a%20b/100%25%20%C3%A4%21.jar/!lib/e f+\u00E9.jar!/c+%c3%bc%20d");
  }

  /** Where the file's own name has the separator, the last one counts. */
  @Test
  void aFolderThatBeginsWithAnExclamationMark() {
    assertParsed("/a/!b/c.jar", "lib/d.jar", "e", "nested:/a/!b/c.jar/!lib/d.jar!/e");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "file:/a.jar",
        "file:/a.jar!/",
        "file:a.jar!/b",
        "file://host/a.jar!/b",
        "file:/a%2.jar!/b",
        "file:/a.jar!/b%zz",
        "http://host/a.jar!/b",
        "nested:/a.jar!/b",
        "nested:/!b.jar!/c",
        "nested:/a%00.jar/!b.jar!/c",
        "nested:/a%.jar/!b.jar!/c",
        "nested:!/c"
      })
  void allElseIsLeftToWhoeverMadeTheUrl(String address) {
    assertEquals(Optional.empty(), JarAddress.parse(address));
  }
}
