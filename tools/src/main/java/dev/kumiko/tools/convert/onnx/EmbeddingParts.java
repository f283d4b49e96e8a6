package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.onnx.LayerParts.Norm;
import dev.kumiko.tools.convert.onnx.evaluate.Array;
import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Finds the tables whose rows are added up to a token's first vector: by the token, by its position
 * and, perhaps, by its type.
 */
final class EmbeddingParts {
  /**
   * What was found.
   *
   * @param words {@code [vocabulary][hidden]}
   * @param positions {@code [positions][hidden]}
   * @param types {@code [types][hidden]}; one row if the graph always takes the same one
   * @param paddingId the token that is not counted, if positions depend on the tokens
   * @param positionIndices the value that says which rows of {@code positions} are taken; empty if
   *     they are a constant of the graph
   * @param norm the normalisation of the sum
   */
  record Embeddings(
      Weight words,
      Weight positions,
      Optional<Weight> types,
      OptionalInt paddingId,
      Optional<String> positionIndices,
      Norm norm) {}

  private final Flow flow;
  private Weight words;
  private Weight positions;
  private Optional<Weight> types = Optional.empty();
  private Optional<String> positionIndices = Optional.empty();

  private EmbeddingParts(Flow flow) {
    this.flow = flow;
  }

  /** Finds the tables. */
  static Embeddings find(Flow flow) throws ConversionException {
    return new EmbeddingParts(flow).find();
  }

  /** Returns the table of the tokens that a graph looks its input up in. */
  static Optional<Constant> words(Flow flow) {
    return lookUp(flow).flatMap(node -> Constant.find(flow.graph(), node.input(0)));
  }

  private static Optional<OnnxNode> lookUp(Flow flow) {
    return flow.first(
        node ->
            isLookUp(flow, node)
                && flow.graph().ancestors(node.input(1), above -> above.is("Shape")).stream()
                    .allMatch(above -> above.is("Cast") || above.is("Identity"))
                && flow.inputsOf(node.input(1)).equals(Set.of(Probe.IDS)));
  }

  private static boolean isLookUp(Flow flow, OnnxNode node) {
    long[] axis = node.integers("axis");
    return node.is("Gather")
        && (axis.length == 0 || axis[0] == 0)
        && Constant.find(flow.graph(), node.input(0)).filter(Constant::isMatrix).isPresent();
  }

  private Embeddings find() throws ConversionException {
    OnnxNode lookUp =
        lookUp(flow)
            .orElseThrow(() -> unexpected("no table is looked up by the input " + Probe.IDS));
    words = Constant.find(flow.graph(), lookUp.input(0)).orElseThrow().matrix(false);
    LayerParts parts = new LayerParts(flow);
    String sum = flow.origin(lookUp.output());
    while (parts.norm(sum).isEmpty()) {
      String value = sum;
      OnnxNode add =
          flow.readers(sum, "Add").stream()
              .findFirst()
              .orElseThrow(() -> unexpected("no layer normalisation follows %s".formatted(value)));
      addends(flow.other(add, sum));
      sum = add.output();
    }
    if (positions == null) {
      throw unexpected(
          "no table of positions is added to the tokens' vectors, as in models with rotary positions");
    }
    return new Embeddings(
        words, positions, types, paddingId(), positionIndices, parts.norm(sum).orElseThrow());
  }

  private void addends(String value) throws ConversionException {
    Deque<String> open = new ArrayDeque<>(List.of(value));
    while (!open.isEmpty()) {
      String addend = flow.origin(open.pop());
      Optional<OnnxNode> node = flow.graph().producer(addend);
      if (node.isPresent() && node.get().is("Add")) {
        node.get().inputs().forEach(open::push);
      } else if (node.isPresent() && isLookUp(flow, node.get())) {
        take(
            Constant.find(flow.graph(), node.get().input(0)).orElseThrow().matrix(false),
            node.get().input(1));
      } else {
        takeConstant(addend);
      }
    }
  }

  private void take(Weight table, String indices) throws ConversionException {
    Array rows = flow.value(indices).orElseThrow(() -> unexpected(indices + " was not computed"));
    Set<String> inputs = flow.inputsOf(indices);
    if (inputs.contains(Probe.TYPES)) {
      setTypes(table);
    } else if (isConstant(rows)) {
      setTypes(row(table, (int) rows.get(0)));
    } else {
      setPositions(table);
      positionIndices = Optional.of(indices);
    }
  }

  private static boolean isConstant(Array rows) {
    for (int i = 1; i < rows.size(); i++) {
      if (rows.get(i) != rows.get(0)) {
        return false;
      }
    }
    return true;
  }

  /** What an exporter computed beforehand: one row for all tokens, or one for each position. */
  private void takeConstant(String addend) throws ConversionException {
    int hidden = Math.toIntExact(words.shape().get(1));
    Constant constant =
        Constant.find(flow.graph(), addend)
            .filter(found -> found.tensor().isFloating() && !found.transposed())
            .filter(
                found ->
                    !found.tensor().shape().isEmpty() && found.tensor().shape().getLast() == hidden)
            .orElseThrow(
                () -> unexpected("%s is added, which is no row of a table".formatted(addend)));
    Weight table = constant.rows(hidden);
    Array values = flow.value(addend).orElseThrow(() -> unexpected(addend + " was not computed"));
    boolean same = true;
    for (int i = hidden; i < values.size(); i++) {
      same &= values.get(i) == values.get(i % hidden);
    }
    if (same) {
      setTypes(row(table, 0));
    } else {
      setPositions(table);
    }
  }

  private void setTypes(Weight table) throws ConversionException {
    if (types.isPresent()) {
      throw unexpected("more than three tables are added up");
    }
    types = Optional.of(table);
  }

  private void setPositions(Weight table) throws ConversionException {
    if (positions != null) {
      throw unexpected("more than three tables are added up");
    }
    positions = table;
  }

  private static Weight row(Weight table, int row) {
    return table.shape().get(0) == 1
        ? table
        : table.rows(row, 1, Math.toIntExact(table.shape().get(0)));
  }

  private OptionalInt paddingId() {
    return positionIndices
        .filter(indices -> flow.inputsOf(indices).contains(Probe.IDS))
        .map(indices -> OptionalInt.of((int) flow.value(indices).orElseThrow().get(0) - 1))
        .orElse(OptionalInt.empty());
  }

  /** Returns the position of each token of a text, as Kumiko counts. */
  static List<Integer> expectedPositions(int[] ids, OptionalInt paddingId) {
    List<Integer> rows = new ArrayList<>();
    int counted = 0;
    for (int id : ids) {
      if (paddingId.isEmpty()) {
        rows.add(rows.size());
      } else {
        boolean isPadding = id == paddingId.getAsInt();
        counted += isPadding ? 0 : 1;
        rows.add(paddingId.getAsInt() + (isPadding ? 0 : counted));
      }
    }
    return rows;
  }

  private ConversionException unexpected(String what) {
    return flow.graph()
        .error("the embeddings are not those of BERT or its relatives: %s.".formatted(what));
  }
}
