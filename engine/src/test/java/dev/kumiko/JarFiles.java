package dev.kumiko;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** JARs with one entry that matters, after another. */
final class JarFiles {
  private JarFiles() {}

  static byte[] stored(String name, byte[] content, String comment) throws IOException {
    return zip(name, content, ZipEntry.STORED, comment);
  }

  static byte[] compressed(String name, byte[] content) throws IOException {
    return zip(name, content, ZipEntry.DEFLATED, "");
  }

  private static byte[] zip(String name, byte[] content, int method, String comment)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setComment(comment);
      zip.putNextEntry(new ZipEntry("META-INF/first.txt"));
      zip.write(new byte[] {1, 2, 3});
      zip.closeEntry();
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
    return bytes.toByteArray();
  }
}
