package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.ComposedTable;
import dev.kumiko.format.Composition;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenCodes;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** The tables that a model's first rows are made of, in the order in which they are added. */
final class TokenTables {
  private static final float PLAIN = 1;

  private TokenTables() {}

  static List<TableRows> read(Architecture a, ModelFile file, Parameters parameters)
      throws IOException {
    List<TableRows> tables =
        new ArrayList<>(
            Composition.isStored(file) ? composed(a, file, parameters) : dense(a, parameters));
    if (a.tokenTypes() > 0) {
      // With one type all texts have it, also the second of a pair.
      int last = a.tokenTypes() - 1;
      tables.add(
          new TableRows(
              parameters.matrix(
                  TensorNames.TOKEN_TYPE_EMBEDDINGS, Kind.TABLE, a.tokenTypes(), a.hiddenSize()),
              0,
              PLAIN,
              texts -> {
                int[] rows = new int[texts.rows()];
                Arrays.setAll(rows, row -> Math.min(texts.type(row), last));
                return rows;
              }));
    }
    if (a.layout().position() instanceof Position.Learned learned) {
      tables.add(
          new TableRows(
              parameters.matrix(
                  TensorNames.POSITION_EMBEDDINGS, Kind.TABLE, a.positions(), a.hiddenSize()),
              0,
              PLAIN,
              texts -> positions(learned, texts)));
    }
    return tables;
  }

  private static List<TableRows> dense(Architecture a, Parameters parameters) throws IOException {
    return List.of(
        new TableRows(
            parameters.matrix(
                TensorNames.TOKEN_EMBEDDINGS, Kind.TABLE, a.vocabularySize(), a.hiddenSize()),
            0,
            factor(a),
            byId(id -> id)));
  }

  private static List<TableRows> composed(Architecture a, ModelFile file, Parameters parameters)
      throws IOException {
    ComposedTable table = ComposedTable.read(file, a.vocabularySize(), a.hiddenSize());
    TokenCodes codes = table.codes(file);
    int[] own = table.ownRowIds();
    List<TableRows> tables = new ArrayList<>();
    int column = 0;
    for (int f = 0; f < table.composition().parts(); f++) {
      int[] rowOf = new int[a.vocabularySize()];
      int part = f;
      Arrays.setAll(rowOf, id -> codes.code(id, part));
      for (int id : own) {
        rowOf[id] = TableRows.NONE;
      }
      tables.add(
          new TableRows(
              parameters.matrix(
                  TensorNames.weight(TensorNames.composedPart(f)),
                  Kind.TABLE,
                  table.size(f),
                  table.width(f)),
              column,
              factor(a),
              byId(id -> rowOf[id])));
      column += table.width(f);
    }
    if (own.length > 0) {
      tables.add(
          new TableRows(
              parameters.matrix(
                  TensorNames.weight(TensorNames.OWN_ROWS), Kind.TABLE, own.length, a.hiddenSize()),
              0,
              factor(a),
              byId(id -> Math.max(TableRows.NONE, Arrays.binarySearch(own, id)))));
    }
    return tables;
  }

  private static float factor(Architecture a) {
    return (float) a.layout().embeddingFactor();
  }

  private static TableRows.Choice byId(IntUnaryOperator rowOf) {
    return texts -> {
      int[] rows = new int[texts.rows()];
      Arrays.setAll(rows, row -> rowOf.applyAsInt(texts.id(row)));
      return rows;
    };
  }

  private static int[] positions(Position.Learned learned, PackedTexts texts) {
    int[] rows = new int[texts.rows()];
    for (int text = 0; text < texts.texts(); text++) {
      int next = learned.firstRow();
      for (int row = texts.start(text); row < texts.start(text + 1); row++) {
        int id = texts.id(row);
        rows[row] = learned.isPadding(id) ? id : next++;
      }
    }
    return rows;
  }
}
