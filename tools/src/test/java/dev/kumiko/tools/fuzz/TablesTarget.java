package dev.kumiko.tools.fuzz;

import dev.kumiko.format.Json;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.tokenize.Tokenizers;
import dev.kumiko.tools.convert.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables of tokenizers as they lie in model files: vocabulary, scores, merges and character map. An
 * input says which seed's description it is for, how long each table is, and has the tables.
 */
final class TablesTarget implements Target {
  private static final byte END = (byte) 0xFF;

  private final List<TokenizerDescription> descriptions = new ArrayList<>();

  @Override
  public String name() {
    return "tokenizer-streams";
  }

  @Override
  public List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (byte[] json : new TokenizerJsonTarget().seeds()) {
      TokenizerJson.Tokenizer tokenizer = TokenizerJson.read(Json.parse("tokenizer.json", json));
      seeds.add(seed(tokenizer.tables()));
      descriptions.add(tokenizer.description());
    }
    return seeds;
  }

  private byte[] seed(TokenizerTables tables) {
    int[] offsets = tables.vocabularyOffsets();
    int vocabulary = offsets[tables.tokens()] + tables.tokens();
    int scores = Double.BYTES * tables.scores().length;
    int merges = Integer.BYTES * tables.merges().length;
    int all = vocabulary + scores + merges + tables.characterMap().length;
    ByteBuffer seed = ByteBuffer.allocate(4 * Integer.BYTES + all).order(ByteOrder.LITTLE_ENDIAN);
    seed.putInt(descriptions.size()).putInt(vocabulary).putInt(scores).putInt(merges);
    for (int id = 0; id < tables.tokens(); id++) {
      seed.put(tables.vocabularyBytes(), offsets[id], offsets[id + 1] - offsets[id]).put(END);
    }
    for (double score : tables.scores()) {
      seed.putDouble(score);
    }
    for (int merge : tables.merges()) {
      seed.putInt(merge);
    }
    return seed.put(tables.characterMap()).array();
  }

  @Override
  public void read(byte[] input) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    int description = number(in);
    int vocabulary = number(in);
    int scores = number(in) / Double.BYTES;
    int merges = number(in) / Integer.BYTES;
    List<Integer> offsets = new ArrayList<>(List.of(0));
    ByteBuffer tokens = ByteBuffer.allocate(input.length);
    for (int i = Math.min(vocabulary, in.remaining()); i > 0; i--) {
      byte b = in.get();
      if (b == END) {
        offsets.add(tokens.position());
      } else {
        tokens.put(b);
      }
    }
    byte[] bytes = new byte[offsets.getLast()];
    tokens.get(0, bytes);
    double[] scoreTable = new double[Math.min(scores, in.remaining() / Double.BYTES)];
    in.asDoubleBuffer().get(scoreTable);
    in.position(in.position() + Double.BYTES * scoreTable.length);
    int[] mergeTable = new int[Math.min(merges, in.remaining() / Integer.BYTES) / 3 * 3];
    in.asIntBuffer().get(mergeTable);
    in.position(in.position() + Integer.BYTES * mergeTable.length);
    byte[] map = new byte[in.remaining()];
    in.get(map);
    int[] ends = offsets.stream().mapToInt(Integer::intValue).toArray();
    TokenizerTables tables =
        new TokenizerTables("tables", bytes, ends, scoreTable, mergeTable, map);
    TokenizerJsonTarget.encode(
        Tokenizers.of(descriptions.get(description % descriptions.size()), tables));
  }

  private static int number(ByteBuffer in) {
    return in.remaining() < Integer.BYTES ? 0 : in.getInt() & Integer.MAX_VALUE;
  }
}
