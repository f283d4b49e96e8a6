import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes a JAR anew with the module descriptor, without entries that nobody reads, and packed as
 * tightly as the format allows: the same bytes whichever JDK runs Maven. Run by the build: {@code
 * java PackedJar.java JAR MODULE_INFO DATE}.
 */
final class PackedJar {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private PackedJar() {}

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    LocalDateTime date =
        OffsetDateTime.parse(args[2]).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    Path packed = Path.of(args[0] + ".packed");
    try (ZipFile from = new ZipFile(jar.toFile());
        OutputStream out = Files.newOutputStream(packed);
        ZipOutputStream to = new ZipOutputStream(out)) {
      to.setLevel(Deflater.BEST_COMPRESSION);
      add(to, from.getEntry(MANIFEST), read(from, MANIFEST), date);
      add(to, new ZipEntry("module-info.class"), Files.readAllBytes(Path.of(args[1])), date);
      for (Map.Entry<String, ZipEntry> entry : entries(from).entrySet()) {
        add(to, entry.getValue(), read(from, entry.getKey()), date);
      }
    }
    Files.move(packed, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns all others in the order of their names: no folders, and nothing of Maven's. */
  private static Map<String, ZipEntry> entries(ZipFile from) {
    Map<String, ZipEntry> entries = new TreeMap<>();
    from.stream()
        .filter(entry -> !entry.isDirectory())
        .filter(entry -> !entry.getName().startsWith("META-INF/maven/"))
        .filter(entry -> !entry.getName().equals(MANIFEST))
        .filter(entry -> !entry.getName().equals("module-info.class"))
        .filter(entry -> !entry.getName().endsWith("/package-info.class"))
        .forEach(entry -> entries.put(entry.getName(), entry));
    return entries;
  }

  private static byte[] read(ZipFile from, String name) throws IOException {
    try (InputStream in = from.getInputStream(from.getEntry(name))) {
      return in.readAllBytes();
    }
  }

  private static int packedSize(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] packed = new byte[bytes.length + 64];
      return deflater.deflate(packed);
    } finally {
      deflater.end();
    }
  }

  /** What was stored stays stored, so that it can be mapped. */
  private static void add(ZipOutputStream to, ZipEntry old, byte[] bytes, LocalDateTime date)
      throws IOException {
    ZipEntry entry = new ZipEntry(old.getName());
    entry.setTimeLocal(date);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    entry.setCrc(crc.getValue());
    entry.setSize(bytes.length);
    if (old.getMethod() == ZipEntry.STORED) {
      entry.setMethod(ZipEntry.STORED);
    } else {
      // Known before, it needs no record of its own behind the data.
      entry.setCompressedSize(packedSize(bytes));
    }
    to.putNextEntry(entry);
    to.write(bytes);
    to.closeEntry();
  }
}
