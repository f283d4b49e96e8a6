package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The tensors of a tokenizer as arrays, which are neither copied nor to be changed. What is in them
 * has not been looked at.
 */
public final class TokenizerTables {
  private final String source;
  private final byte[] vocabularyBytes;
  private final int[] vocabularyOffsets;
  private final double[] scores;
  private final int[] merges;
  private final byte[] characterMap;

  /**
   * Tables.
   *
   * @param source name of the file for messages
   * @param vocabularyBytes the UTF-8 bytes of all tokens, one after another
   * @param vocabularyOffsets {@code [tokens + 1]}: where each token's bytes begin, and where the
   *     last one's end
   * @param scores {@link TokenizerDescription#SCORES}; empty if the model is no Unigram model
   * @param merges {@link TokenizerDescription#MERGES}, three ints for each; empty if the model is
   *     not BPE
   * @param characterMap {@link TokenizerDescription#CHARACTER_MAP}; empty without a precompiled
   *     step
   */
  public TokenizerTables(
      String source,
      byte[] vocabularyBytes,
      int[] vocabularyOffsets,
      double[] scores,
      int[] merges,
      byte[] characterMap) {
    this.source = source;
    this.vocabularyBytes = vocabularyBytes;
    this.vocabularyOffsets = vocabularyOffsets;
    this.scores = scores;
    this.merges = merges;
    this.characterMap = characterMap;
  }

  /**
   * Reads the tables that a tokenizer needs.
   *
   * @param file an open model
   * @param tokenizer the steps that say which are needed
   * @param rows of the token table: the most ids there can be
   * @return the tables
   * @throws ModelFormatException naming the tensor that is missing or of another type or shape, or
   *     whose zlib stream is damaged or has more tokens than there are rows
   */
  public static TokenizerTables read(ModelFile file, TokenizerDescription tokenizer, int rows)
      throws ModelFormatException {
    double[] scores = {};
    int[] merges = {};
    byte[] characterMap = {};
    if (tokenizer.model() instanceof TokenModel.Unigram) {
      scores = vector(file, TokenizerDescription.SCORES).toDoubles();
    }
    if (tokenizer.model() instanceof TokenModel.Bpe) {
      Tensor tensor = file.tensor(TokenizerDescription.MERGES);
      long count = tensor.shape().isEmpty() ? 0 : tensor.shape().getFirst();
      merges = tensor.expectShape(count, 3).toInts();
    }
    if (tokenizer.hasCharacterMap()) {
      characterMap = vector(file, TokenizerDescription.CHARACTER_MAP).toBytes();
    }
    String name = TokenizerDescription.VOCABULARY;
    DeflatedTokens tokens = DeflatedTokens.inflate(file, name, vector(file, name).toBytes(), rows);
    return new TokenizerTables(
        file.source(), tokens.bytes(), tokens.offsets(), scores, merges, characterMap);
  }

  /**
   * Lays tokens one after another; those of an id that is not used are empty.
   *
   * @param source the name of the file, for messages
   * @param tokens in the order of their ids
   * @param scores of Unigram; empty if there are none
   * @param merges of BPE, three numbers each; empty if there are none
   * @param characterMap of SentencePiece; empty if there is none
   * @return the tables
   */
  public static TokenizerTables of(
      String source, List<String> tokens, double[] scores, int[] merges, byte[] characterMap) {
    byte[][] spelt = new byte[tokens.size()][];
    int[] offsets = new int[tokens.size() + 1];
    for (int id = 0; id < spelt.length; id++) {
      spelt[id] = tokens.get(id).getBytes(StandardCharsets.UTF_8);
      offsets[id + 1] = Math.addExact(offsets[id], spelt[id].length);
    }
    byte[] bytes = new byte[offsets[spelt.length]];
    for (int id = 0; id < spelt.length; id++) {
      System.arraycopy(spelt[id], 0, bytes, offsets[id], spelt[id].length);
    }
    return new TokenizerTables(source, bytes, offsets, scores, merges, characterMap);
  }

  /**
   * Number of ids in the vocabulary.
   *
   * @return their number
   */
  public int tokens() {
    return vocabularyOffsets.length - 1;
  }

  /** {@return the name of the file, for messages} */
  public String source() {
    return source;
  }

  /** {@return the UTF-8 bytes of all tokens, one after another} */
  public byte[] vocabularyBytes() {
    return vocabularyBytes;
  }

  /**
   * {@return where each token's bytes begin, and where the last one's end, {@code [tokens + 1]}}
   */
  public int[] vocabularyOffsets() {
    return vocabularyOffsets;
  }

  /** {@return {@link TokenizerDescription#SCORES}, or none} */
  public double[] scores() {
    return scores;
  }

  /** {@return {@link TokenizerDescription#MERGES}, three ints for each, or none} */
  public int[] merges() {
    return merges;
  }

  /** {@return {@link TokenizerDescription#CHARACTER_MAP}, or nothing} */
  public byte[] characterMap() {
    return characterMap;
  }

  /**
   * {@return whether all tables are equal}
   *
   * @param other the other one
   */
  public boolean sameAs(TokenizerTables other) {
    return Arrays.equals(vocabularyOffsets, other.vocabularyOffsets)
        && Arrays.equals(vocabularyBytes, other.vocabularyBytes)
        && Arrays.equals(scores, other.scores)
        && Arrays.equals(merges, other.merges)
        && Arrays.equals(characterMap, other.characterMap);
  }

  /**
   * Adds the tables that a tokenizer needs to a file.
   *
   * @param writer gets the tables
   * @param tokenizer the steps that say which are needed
   */
  public void addTo(ModelWriter writer, TokenizerDescription tokenizer) {
    if (tokenizer.model() instanceof TokenModel.Unigram) {
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.multiplyExact(Double.BYTES, scores.length))
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.asDoubleBuffer().put(scores);
      writer.bytes(TokenizerDescription.SCORES, DType.F64, bytes.array(), scores.length);
    }
    if (tokenizer.model() instanceof TokenModel.Bpe) {
      writer.ints(TokenizerDescription.MERGES, merges, merges.length / 3, 3);
    }
    byte[] vocabulary = new DeflatedTokens(vocabularyBytes, vocabularyOffsets).deflate();
    writer.bytes(TokenizerDescription.VOCABULARY, DType.U8, vocabulary, vocabulary.length);
    if (tokenizer.hasCharacterMap()) {
      writer.bytes(TokenizerDescription.CHARACTER_MAP, DType.U8, characterMap, characterMap.length);
    }
  }

  private static Tensor vector(ModelFile file, String name) throws ModelFormatException {
    Tensor tensor = file.tensor(name);
    return tensor.expectShape(tensor.elements());
  }
}
