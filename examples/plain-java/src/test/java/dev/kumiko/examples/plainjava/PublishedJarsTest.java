package dev.kumiko.examples.plainjava;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JARs of everything that {@code kumiko-bom} lists, as this build has packed them. */
class PublishedJarsTest {
  private static final Path TOP = Path.of("..", "..");
  private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
  private static final Pattern OWN_NAME =
      Pattern.compile("</parent>\\s*<artifactId>(.*?)</artifactId>");
  private static final Pattern LISTED =
      Pattern.compile("<groupId>dev\\.kumiko</groupId>\\s*<artifactId>(.*?)</artifactId>");
  private static final Pattern NATIVE_NAME =
      Pattern.compile(".*\\.(so|so\\.[0-9.]+|dll|dylib|jnilib|exe|a|o)");

  /** As many bytes as are looked at; Windows' header begins a little way into the file. */
  private static final int HEAD = 4096;

  @TempDir private Path folder;

  private static List<String> found(Pattern pattern, Path file) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(file));
    List<String> all = new ArrayList<>();
    while (matcher.find()) {
      all.add(matcher.group(1));
    }
    return all;
  }

  /** Returns the JARs by artifact. One that is missing fails the test that wants it. */
  private static Map<String, Path> jars() throws IOException {
    Map<String, Path> folders = new TreeMap<>();
    for (String module : found(MODULE, TOP.resolve("pom.xml"))) {
      List<String> names = found(OWN_NAME, TOP.resolve(module).resolve("pom.xml"));
      if (!names.isEmpty()) { // the BOM has no parent, and no JAR
        folders.put(names.getFirst(), TOP.resolve(module));
      }
    }
    Map<String, Path> jars = new TreeMap<>();
    for (String artifact : found(LISTED, TOP.resolve("bom/pom.xml"))) {
      if (folders.containsKey(artifact)) {
        Path target = folders.get(artifact).resolve("target");
        jars.put(artifact, target.resolve(artifact + "-" + version() + ".jar"));
      }
    }
    return jars;
  }

  private static String version() {
    String name = Program.application().getFileName().toString();
    return name.substring("kumiko-example-plain-java-".length(), name.length() - ".jar".length());
  }

  private static void assertBuilt(Path jar) {
    assertTrue(
        Files.exists(jar),
        () -> jar + " is not there: build all of it, mvn -B -DskipTests package");
  }

  private static List<String> natives(Path jar) throws IOException {
    List<String> natives = new ArrayList<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
        ZipEntry entry = e.nextElement();
        try (InputStream in = zip.getInputStream(entry)) {
          if (isNative(entry.getName(), in.readNBytes(HEAD))) {
            natives.add(entry.getName());
          }
        }
      }
    }
    return natives;
  }

  private static boolean isNative(String name, byte[] bytes) {
    if (NATIVE_NAME.matcher(name).matches()) {
      return true;
    }
    if (bytes.length < Long.BYTES) {
      return false;
    }
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (head.getInt(0)) {
      case 0x464c457f -> true; // ELF
      case 0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe -> true; // Mach-O
      case 0xbebafeca -> !name.endsWith(".class"); // Mach-O for several processors, or Java
      default -> isOfWindows(head);
    };
  }

  /** MZ, and at the place that the header names PE. */
  private static boolean isOfWindows(ByteBuffer head) {
    int place = 0x3c;
    if (head.getShort(0) != 0x5a4d || head.capacity() < place + Integer.BYTES) {
      return false;
    }
    int header = head.getInt(place);
    return header >= 0
        && header <= head.capacity() - Integer.BYTES
        && head.getInt(header) == 0x00004550;
  }

  @Test
  void noPublishedJarHoldsANativeFile() throws IOException {
    Map<String, Path> jars = jars();
    assertTrue(jars.size() >= 6, jars::toString);
    for (Path jar : jars.values()) {
      assertBuilt(jar);
      assertEquals(List.of(), natives(jar), jar::toString);
    }
  }

  @Test
  void engineAndFormatAreSmall() throws IOException {
    Map<String, Path> jars = jars();
    Path engine = jars.get("kumiko-engine");
    Path format = jars.get("kumiko-model-format");
    assertBuilt(engine);
    assertBuilt(format);
    long both = Files.size(engine) + Files.size(format);
    assertTrue(both < 600_000, () -> "engine and format have %,d bytes".formatted(both));
  }

  @Test
  void nativeFilesWouldBeFoundWhateverTheirName() throws IOException {
    byte[] windows = new byte[256];
    ByteBuffer.wrap(windows).order(ByteOrder.LITTLE_ENDIAN).putInt(0x3c, 0x80).putInt(0x80, 0x4550);
    windows[0] = 'M';
    windows[1] = 'Z';
    Map<String, byte[]> entries = new TreeMap<>();
    entries.put(
        "a.class", new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 69});
    entries.put("a.txt", "MZ is a text of more than eight bytes".getBytes(StandardCharsets.UTF_8));
    entries.put("elf", new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0});
    entries.put("fat", entries.get("a.class"));
    entries.put("lib.so.1", new byte[0]);
    entries.put("mac", new byte[] {(byte) 0xcf, (byte) 0xfa, (byte) 0xed, (byte) 0xfe, 7, 0, 0, 1});
    entries.put("windows", windows);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    Path jar = Files.write(folder.resolve("a.jar"), bytes.toByteArray());
    assertEquals(List.of("elf", "fat", "lib.so.1", "mac", "windows"), natives(jar));
    assertFalse(isNative("empty", new byte[0]));
  }
}
