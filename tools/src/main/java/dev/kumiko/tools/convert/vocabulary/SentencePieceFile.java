package dev.kumiko.tools.convert.vocabulary;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@code .model} of SentencePiece, which is one protobuf message, as far as it is needed. */
final class SentencePieceFile {
  /** The type of model that this file's vocabulary belongs to. */
  static final int UNIGRAM = 1;

  private static final int MAX_BYTES = 256 << 20;
  private static final int MAX_PIECES = 1_000_000;

  private final List<Piece> pieces = new ArrayList<>();
  private int modelType = UNIGRAM;
  private byte[] characterMap = {};

  private SentencePieceFile() {}

  /**
   * A piece.
   *
   * @param type what SentencePiece says it is
   */
  record Piece(String text, float score, int type) {
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    boolean isControl() {
      return type == CONTROL;
    }

    boolean isUserDefined() {
      return type == USER_DEFINED;
    }
  }

  /** Reads fields of a message. */
  private interface Fields {
    /** Reads the value behind {@code tag}, or returns false without reading anything. */
    boolean read(CodedInputStream in, int tag) throws IOException;
  }

  static SentencePieceFile read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new ConversionException(
          "%s has %,d bytes; a SentencePiece model of more than %,d is refused."
              .formatted(file, Files.size(file), MAX_BYTES));
    }
    SentencePieceFile result = new SentencePieceFile();
    CodedInputStream in = CodedInputStream.newInstance(Files.readAllBytes(file));
    try {
      readFields(in, result::readModel);
    } catch (InvalidProtocolBufferException e) {
      throw new ConversionException(
          "%s is not a whole SentencePiece model: bytes that are not its protobuf, near byte %,d of %,d."
              .formatted(file, in.getTotalBytesRead(), Files.size(file)));
    }
    if (result.pieces.size() > MAX_PIECES) {
      throw new ConversionException(
          "%s has more than %,d pieces, which is refused.".formatted(file, MAX_PIECES));
    }
    return result;
  }

  private static void readFields(CodedInputStream in, Fields fields) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (!fields.read(in, tag) && !in.skipField(tag)) {
        throw new InvalidProtocolBufferException("an end of a group that has no begin");
      }
    }
  }

  private static void readMessage(CodedInputStream in, Fields fields) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    readFields(in, fields);
    in.popLimit(outer);
  }

  private boolean readModel(CodedInputStream in, int tag) throws IOException {
    if (tag == field(1, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      readPiece(in);
    } else if (tag == field(2, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      readMessage(in, this::readTrainer);
    } else if (tag == field(3, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      readMessage(in, this::readNormalizer);
    } else {
      return false;
    }
    return true;
  }

  private void readPiece(CodedInputStream in) throws IOException {
    PieceFields piece = new PieceFields();
    readMessage(in, piece::read);
    // More are counted, but not kept.
    if (pieces.size() <= MAX_PIECES) {
      pieces.add(new Piece(piece.text, piece.score, piece.type));
    }
  }

  private static final class PieceFields {
    private String text = "";
    private float score;
    private int type = Piece.NORMAL;

    private boolean read(CodedInputStream in, int tag) throws IOException {
      if (tag == field(1, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        text = in.readStringRequireUtf8();
      } else if (tag == field(2, WireFormat.WIRETYPE_FIXED32)) {
        score = in.readFloat();
      } else if (tag == field(3, WireFormat.WIRETYPE_VARINT)) {
        type = in.readEnum();
      } else {
        return false;
      }
      return true;
    }
  }

  private boolean readTrainer(CodedInputStream in, int tag) throws IOException {
    if (tag == field(3, WireFormat.WIRETYPE_VARINT)) {
      modelType = in.readEnum();
      return true;
    }
    return false;
  }

  private boolean readNormalizer(CodedInputStream in, int tag) throws IOException {
    if (tag == field(2, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
      characterMap = in.readByteArray();
      return true;
    }
    return false;
  }

  private static int field(int number, int wireType) {
    return number << 3 | wireType;
  }

  List<Piece> pieces() {
    return pieces;
  }

  int modelType() {
    return modelType;
  }

  /** Returns the compiled rules that normalise characters; empty if there are none. */
  byte[] characterMap() {
    return characterMap;
  }
}
