package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked as its specification asks: eight bytes with the
 * header's length, then JSON that tells where in the rest of the file each tensor lies.
 *
 * @param metadata the {@code __metadata__} object
 * @param entries the tensors in the order of their bytes, which leave no hole and do not overlap
 * @param dataStart where the tensors begin, counted from the file's first byte
 * @param dataSize bytes of all tensors together
 */
record Header(Map<String, String> metadata, List<Entry> entries, long dataStart, long dataSize) {
  /** Bytes of the header's length, which comes first in the file. */
  static final int PREFIX = 8;

  /** The longest header in bytes, the prefix not counted. */
  static final int MAX_LENGTH = 100_000_000;

  static final String METADATA = "__metadata__";

  /** More than any file has, and so small that sums of two do not overflow. */
  private static final long BEYOND_ANY_FILE = 1L << 62;

  /**
   * What the header says of a tensor.
   *
   * @param begin its first byte, counted from the first tensor's
   * @param end the byte after its last
   */
  record Entry(String name, DType type, List<Long> shape, long elements, long begin, long end) {}

  /**
   * Reads the length of the header.
   *
   * @param prefix the first bytes of the file, {@link #PREFIX} unless the file has fewer
   */
  static int length(String source, byte[] prefix) throws ModelFormatException {
    if (prefix.length < PREFIX) {
      throw new ModelFormatException(
          Reason.FILE_TOO_SHORT,
          source
              + ": only "
              + prefix.length
              + " bytes long; a model file begins with 8 bytes that hold its header's length",
          prefix.length,
          "");
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > MAX_LENGTH) {
      throw new ModelFormatException(
          Reason.HEADER_TOO_LARGE,
          source
              + ": the first 8 bytes announce a header of "
              + Long.toUnsignedString(length)
              + " bytes, but at most "
              + MAX_LENGTH
              + " are allowed; this is no model file",
          0,
          "");
    }
    return (int) length;
  }

  static ModelFormatException truncated(String source, long length, long present) {
    return new ModelFormatException(
        Reason.HEADER_TRUNCATED,
        source
            + ": the header should have "
            + length
            + " bytes, but the file ends after "
            + present
            + " of them; the file is incomplete: fetch it again",
        PREFIX + present,
        "");
  }

  /** Reads a header, without the prefix. */
  static Header parse(String source, byte[] header) throws ModelFormatException {
    if (header.length == 0 || header[0] != '{') {
      throw new ModelFormatException(
          Reason.HEADER_START,
          source + ": the header does not begin with '{' at byte 8; this is no model file",
          PREFIX,
          "");
    }
    Json json = Json.parseInModel(source + ": header", header, PREFIX);
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Json> member : json.members().entrySet()) {
      if (member.getKey().equals(METADATA)) {
        for (Map.Entry<String, Json> text : member.getValue().members().entrySet()) {
          metadata.put(text.getKey(), text.getValue().asString());
        }
      } else {
        entries.add(entry(source, member.getKey(), member.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long dataStart = PREFIX + (long) header.length;
    long dataSize = checkContiguous(source, entries, dataStart);
    return new Header(
        Collections.unmodifiableMap(metadata), List.copyOf(entries), dataStart, dataSize);
  }

  /** Checks that the file holds the tensors and nothing behind them. */
  void checkFileSize(String source, long size) throws ModelFormatException {
    long end = dataStart + dataSize;
    if (size < end) {
      throw dataTruncated(source, size);
    }
    if (size > end) {
      throw trailingData(source, "its size is " + size);
    }
  }

  ModelFormatException trailingData(String source, String butItHas) {
    long end = dataStart + dataSize;
    return new ModelFormatException(
        Reason.TRAILING_DATA,
        source
            + ": the last tensor ends at byte "
            + end
            + " and so should the file, but "
            + butItHas,
        end,
        "");
  }

  ModelFormatException dataTruncated(String source, long size) {
    Entry first = entries.getLast();
    for (Entry entry : entries.reversed()) {
      if (dataStart + entry.end() > size) {
        first = entry;
      }
    }
    return new ModelFormatException(
        Reason.DATA_TRUNCATED,
        source
            + ": the file ends at byte "
            + size
            + ", but tensor "
            + Quoted.of(first.name())
            + " goes on to byte "
            + (dataStart + first.end())
            + "; the file is incomplete: fetch it again",
        size,
        first.name());
  }

  private static Entry entry(String source, String name, Json info) throws ModelFormatException {
    try {
      DType type = type(source, name, info.get("dtype").asString());
      List<Long> shape = new ArrayList<>();
      for (Json dimension : info.get("shape").items()) {
        shape.add(dimension.asLong());
      }
      List<Json> offsets = info.get("data_offsets").items();
      if (offsets.size() != 2) {
        throw info.get("data_offsets").error("has " + offsets.size() + " items, expected 2");
      }
      long elements = elements(source, name, type, shape);
      Entry entry =
          new Entry(
              name,
              type,
              List.copyOf(shape),
              elements,
              offsets.get(0).asLong(),
              offsets.get(1).asLong());
      checkOffsets(source, entry);
      return entry;
    } catch (ModelFormatException e) {
      throw new ModelFormatException(e.reason(), e.getMessage(), e.offset(), name);
    }
  }

  private static DType type(String source, String name, String code) throws ModelFormatException {
    for (DType type : DType.values()) {
      if (type.name().equals(code)) {
        return type;
      }
    }
    throw wrong(
        Reason.UNKNOWN_DTYPE,
        source,
        name,
        "has the type " + Quoted.of(code) + "; Kumiko reads " + Arrays.toString(DType.values()));
  }

  private static long elements(String source, String name, DType type, List<Long> shape)
      throws ModelFormatException {
    try {
      long elements = 1;
      for (long dimension : shape) {
        if (dimension < 0) {
          throw wrong(
              Reason.BAD_SHAPE, source, name, "has the shape " + shape + " with a negative number");
        }
        elements = Math.multiplyExact(elements, dimension);
      }
      Math.multiplyExact(elements, (long) type.bytes());
      return elements;
    } catch (ArithmeticException e) {
      throw wrong(
          Reason.BAD_SHAPE,
          source,
          name,
          "has the shape " + shape + ", which is more bytes than can be counted");
    }
  }

  private static void checkOffsets(String source, Entry entry) throws ModelFormatException {
    long begin = entry.begin();
    long end = entry.end();
    if (begin < 0 || end < begin || end > BEYOND_ANY_FILE) {
      throw wrong(
          Reason.BAD_OFFSETS,
          source,
          entry.name(),
          "has the offsets [" + begin + ", " + end + "], which is no range of bytes");
    }
    long size = entry.elements() * entry.type().bytes();
    if (end - begin != size) {
      throw wrong(
          Reason.SIZE_MISMATCH,
          source,
          entry.name(),
          String.format(
              "of type %s and shape %s needs %d bytes, but its offsets [%d, %d] hold %d",
              entry.type(), entry.shape(), size, begin, end, end - begin));
    }
  }

  private static long checkContiguous(String source, List<Entry> entries, long dataStart)
      throws ModelFormatException {
    long reached = 0;
    String before = "";
    for (Entry entry : entries) {
      if (entry.begin() > reached) {
        throw new ModelFormatException(
            Reason.HOLE,
            String.format(
                "%s: the bytes from %d to %d, before tensor %s, belong to no tensor",
                source, dataStart + reached, dataStart + entry.begin(), Quoted.of(entry.name())),
            dataStart + reached,
            entry.name());
      }
      if (entry.begin() < reached) {
        throw new ModelFormatException(
            Reason.OVERLAP,
            String.format(
                "%s: tensor %s begins at byte %d, but tensor %s before it ends only at %d",
                source,
                Quoted.of(entry.name()),
                dataStart + entry.begin(),
                Quoted.of(before),
                dataStart + reached),
            dataStart + entry.begin(),
            entry.name());
      }
      reached = entry.end();
      before = entry.name();
    }
    return reached;
  }

  private static ModelFormatException wrong(
      Reason reason, String source, String name, String problem) {
    return new ModelFormatException(
        reason, source + ": tensor " + Quoted.of(name) + " " + problem, -1, name);
  }
}
