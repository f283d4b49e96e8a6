package dev.kumiko.tools.convert.onnx.graph;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/**
 * Protobuf's wire format over a mapped file. Large byte fields are handed out as views of the file
 * and never copied; every length is checked against what encloses it. Not safe for concurrent use.
 */
final class Wire {
  /** Reads the fields of one message. */
  interface Fields {
    /** Reads the value of field {@code number}, or returns false without reading anything. */
    boolean read(int number) throws IOException;
  }

  private final String file;
  private final CodedInputStream in;
  private final MemorySegment bytes;
  private int wireType;

  /**
   * Reads a file from its beginning.
   *
   * @param shownAs what messages call it
   * @param arena how long the views stay readable
   */
  Wire(FileChannel channel, String shownAs, Arena arena) throws IOException {
    file = shownAs;
    long size = channel.size();
    if (size == 0) {
      throw new ConversionException(file + " is empty; an ONNX model was expected.");
    }
    if (size > Integer.MAX_VALUE) {
      throw new ConversionException(
          "%s has %,d bytes; an ONNX file, being one protobuf message, has at most %,d."
              .formatted(file, size, Integer.MAX_VALUE));
    }
    bytes = channel.map(MapMode.READ_ONLY, 0, size, arena);
    in = CodedInputStream.newInstance(Channels.newInputStream(channel.position(0)));
  }

  /** Reads the whole file as one message. */
  void readAll(String message, Fields fields) throws IOException {
    try {
      int outer = in.pushLimit((int) bytes.byteSize());
      readFields(message, fields);
      in.popLimit(outer);
    } catch (InvalidProtocolBufferException e) {
      throw damaged("bytes that are not protobuf");
    }
  }

  /** Reads a nested message, whose length comes first. */
  void readMessage(String message, Fields fields) throws IOException {
    int outer = in.pushLimit(readLength(message));
    readFields(message, fields);
    in.popLimit(outer);
  }

  private void readFields(String message, Fields fields) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      wireType = WireFormat.getTagWireType(tag);
      int field = WireFormat.getTagFieldNumber(tag);
      if (wireType == WireFormat.WIRETYPE_START_GROUP
          || wireType == WireFormat.WIRETYPE_END_GROUP) {
        throw damaged("a protobuf group in %s, which ONNX never has".formatted(message));
      }
      if (!fields.read(field)) {
        skip(message, tag);
      }
    }
  }

  private void skip(String message, int tag) throws IOException {
    if (wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      in.skipRawBytes(readLength(message));
    } else {
      in.skipField(tag);
    }
  }

  private int readLength(String what) throws IOException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED, what);
    int length = in.readRawVarint32();
    int left = in.getBytesUntilLimit();
    if (length < 0 || length > left) {
      throw damaged(
          "%s claims %,d bytes where %,d are left"
              .formatted(what, Integer.toUnsignedLong(length), left));
    }
    return length;
  }

  private void expect(int expected, String what) throws ConversionException {
    if (wireType != expected) {
      throw damaged("%s has wire type %d instead of %d".formatted(what, wireType, expected));
    }
  }

  /** Returns the bytes of a field as a view of the file. */
  MemorySegment readBytes(String what) throws IOException {
    int length = readLength(what);
    MemorySegment view = bytes.asSlice(in.getTotalBytesRead(), length);
    in.skipRawBytes(length);
    return view;
  }

  String readString(String what) throws IOException {
    byte[] utf8 = readBytes(what).toArray(ValueLayout.JAVA_BYTE);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  long readLong(String what) throws IOException {
    expect(WireFormat.WIRETYPE_VARINT, what);
    return in.readInt64();
  }

  float readFloat(String what) throws IOException {
    expect(WireFormat.WIRETYPE_FIXED32, what);
    return in.readFloat();
  }

  /** Reads one or, packed, many values of a repeated integer field. */
  void readLongs(String what, LongStream.Builder target) throws IOException {
    if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      target.add(readLong(what));
      return;
    }
    int outer = in.pushLimit(readLength(what));
    while (!in.isAtEnd()) {
      target.add(in.readInt64());
    }
    in.popLimit(outer);
  }

  /** An exception that says where reading stands. */
  ConversionException damaged(String what) {
    return new ConversionException(
        "%s is not a whole ONNX model: %s, at byte %,d of %,d."
            .formatted(file, what, in.getTotalBytesRead(), bytes.byteSize()));
  }
}
