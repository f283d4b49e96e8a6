package dev.kumiko;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** JARs with the entries that matter, after another. */
final class JarFiles {
  private JarFiles() {}

  static byte[] stored(String name, byte[] content, String comment) throws IOException {
    return zip(Map.of(name, content), ZipEntry.STORED, comment);
  }

  static byte[] stored(Map<String, byte[]> entries) throws IOException {
    return zip(entries, ZipEntry.STORED, "");
  }

  static byte[] compressed(String name, byte[] content) throws IOException {
    return compressed(Map.of(name, content));
  }

  static byte[] compressed(Map<String, byte[]> entries) throws IOException {
    return zip(entries, ZipEntry.DEFLATED, "");
  }

  /** Returns the files below a folder by the names that entries have. */
  static Map<String, byte[]> content(Path folder) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      entries.put(name, Files.readAllBytes(file));
    }
    return entries;
  }

  private static byte[] zip(Map<String, byte[]> entries, int method, String comment)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setComment(comment);
      zip.putNextEntry(new ZipEntry("META-INF/first.txt"));
      zip.write(new byte[] {1, 2, 3});
      zip.closeEntry();
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        add(zip, entry.getKey(), entry.getValue(), method);
      }
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content, int method)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(method);
    // Only the central directory has it, so that the local header is of another length.
    entry.setComment("a comment");
    if (method == ZipEntry.STORED) {
      CRC32 crc = new CRC32();
      crc.update(content);
      entry.setCrc(crc.getValue());
      entry.setSize(content.length);
    }
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Returns a map that keeps the order of what is put together. */
  @SafeVarargs
  static Map<String, byte[]> all(Map<String, byte[]>... parts) {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (Map<String, byte[]> part : parts) {
      all.putAll(part);
    }
    return Collections.unmodifiableMap(all);
  }
}
