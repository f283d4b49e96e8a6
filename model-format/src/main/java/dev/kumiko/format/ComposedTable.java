package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A token table composed of shared sub-vectors. Part f has Q_f sub-vectors of d_f components; a
 * token's vector is one sub-vector of each part, one after another, unless the token has a row of
 * its own. Types and shapes are checked when it is read; the elements stay in the file.
 */
public final class ComposedTable {
  private static final int MOST_CODES = 1 << 16;

  private final ModelFile file;
  private final Composition composition;
  private final int tokens;
  private final int hiddenSize;
  private final int[] sizes;
  private final int[] widths;

  private ComposedTable(ModelFile file, Composition composition, int tokens, int hiddenSize) {
    this.file = file;
    this.composition = composition;
    this.tokens = tokens;
    this.hiddenSize = hiddenSize;
    this.sizes = new int[composition.parts()];
    this.widths = new int[composition.parts()];
  }

  /**
   * Reads and checks everything but the codes.
   *
   * @param file a model whose table {@linkplain Composition#isStored is composed}; has to stay open
   * @param tokens V
   * @param hiddenSize D
   * @return the table without its codes
   * @throws ModelFormatException naming the first tensor that is missing or different
   */
  public static ComposedTable read(ModelFile file, int tokens, int hiddenSize)
      throws ModelFormatException {
    Composition composition = Composition.of(file).orElseThrow();
    if (composition.parts() < 1 || composition.parts() > hiddenSize) {
      throw new ModelFormatException(
          Reason.BAD_DESCRIPTION,
          "%s: %s: parts is %,d, but must be from 1 to the hidden size, %,d"
              .formatted(file.source(), Composition.METADATA, composition.parts(), hiddenSize));
    }
    ComposedTable table = new ComposedTable(file, composition, tokens, hiddenSize);
    if (file.find(TensorNames.TOKEN_EMBEDDINGS).isPresent()) {
      throw table.unexpected(
          TensorNames.TOKEN_EMBEDDINGS, "is there, though the token table is said to be composed");
    }
    table.readParts();
    if (composition.assignment() == Composition.Assignment.CARTESIAN) {
      table.checkCartesian();
    } else {
      table.checkStored();
    }
    if (file.find(TensorNames.OWN_ROW_IDS).isPresent()) {
      table.checkOwnRows();
    }
    return table;
  }

  private void readParts() throws ModelFormatException {
    long components = 0;
    for (int f = 0; f < widths.length; f++) {
      String part = TensorNames.composedPart(f);
      Tensor weight = file.tensor(TensorNames.weight(part));
      List<Long> shape = weight.shape();
      boolean number = weight.type() == DType.F32 || weight.type() == DType.I8;
      if (!number || shape.size() != 2 || shape.get(0) < 1 || shape.get(0) > MOST_CODES) {
        throw unexpected(
            weight.name(),
            "is %s %s, expected F32 or I8 [vectors, components] with 1 to %,d vectors"
                .formatted(weight.type(), shape, MOST_CODES));
      }
      components = Math.min(components + shape.get(1), Integer.MAX_VALUE);
      if (shape.get(1) < 1
          || components > hiddenSize
          || (f == widths.length - 1 && components < hiddenSize)) {
        throw unexpected(
            weight.name(),
            "is %s %s, so that parts 0 to %d have %,d components, but all %d parts must have %,d"
                .formatted(weight.type(), shape, f, components, widths.length, hiddenSize));
      }
      sizes[f] = Math.toIntExact(shape.get(0));
      widths[f] = Math.toIntExact(shape.get(1));
      if (Int8Matrix.isStored(file, part)) {
        Int8Matrix.read(file, part, sizes[f], widths[f]);
      }
    }
  }

  private void checkCartesian() throws ModelFormatException {
    long combinations = 1;
    for (int f = 0; f < sizes.length; f++) {
      String name = TensorNames.weight(TensorNames.composedPart(f));
      if (sizes[f] != sizes[0]) {
        throw unexpected(
            name,
            "has %,d vectors, but all parts of a Cartesian table have as many as part 0, %,d"
                .formatted(sizes[f], sizes[0]));
      }
      combinations = Math.min(combinations * sizes[f], Integer.MAX_VALUE + 1L);
    }
    if (combinations <= tokens) {
      throw unexpected(
          TensorNames.weight(TensorNames.composedPart(0)),
          "has %,d vectors; %d parts of them make %,d combinations, too few for %,d tokens"
              .formatted(sizes[0], sizes.length, combinations, tokens));
    }
    if (file.find(TensorNames.TOKEN_ORDER).isPresent()) {
      file.tensor(TensorNames.TOKEN_ORDER).expect(DType.I32, tokens);
    }
  }

  private void checkStored() throws ModelFormatException {
    Tensor codes = file.tensor(TensorNames.TOKEN_CODES).expectShape(tokens, sizes.length);
    if (codes.type() != DType.U8 && codes.type() != DType.U16) {
      throw unexpected(codes.name(), "is %s, expected U8 or U16".formatted(codes.type()));
    }
  }

  private void checkOwnRows() throws ModelFormatException {
    Tensor tensor = file.tensor(TensorNames.OWN_ROW_IDS);
    tensor.expect(DType.I32, tensor.elements());
    int[] ids = tensor.toInts();
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] >= tokens || ids[i] <= (i == 0 ? -1 : ids[i - 1])) {
        throw new ModelFormatException(
            Reason.VALUE_OUT_OF_RANGE,
            "%s: tensor %s: element %,d is %,d, but the ids must ascend from 0 to at most %,d"
                .formatted(file.source(), tensor.name(), i, ids[i], tokens - 1),
            -1,
            tensor.name());
      }
    }
    if (Int8Matrix.isStored(file, TensorNames.OWN_ROWS)) {
      Int8Matrix.read(file, TensorNames.OWN_ROWS, ids.length, hiddenSize);
    } else {
      String name = TensorNames.weight(TensorNames.OWN_ROWS);
      file.tensor(name).expect(DType.F32, ids.length, hiddenSize);
    }
  }

  /** {@return how the table is composed} */
  public Composition composition() {
    return composition;
  }

  /**
   * {@return the number of sub-vectors of a part, Q_f}
   *
   * @param part from 0
   */
  public int size(int part) {
    return sizes[part];
  }

  /**
   * {@return the number of components of a part's sub-vectors, d_f}
   *
   * @param part from 0
   */
  public int width(int part) {
    return widths[part];
  }

  /**
   * {@return a part's sub-vectors in a new array {@code [size(part)][width(part)]}}
   *
   * @param part from 0
   * @throws ModelFormatException if it is not as the format has it
   */
  public float[] vectors(int part) throws ModelFormatException {
    return matrix(TensorNames.composedPart(part), sizes[part], widths[part]);
  }

  /**
   * {@return the ids of the tokens with a row of their own, ascending, in a new array}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public int[] ownRowIds() throws ModelFormatException {
    return file.find(TensorNames.OWN_ROW_IDS).isPresent()
        ? file.tensor(TensorNames.OWN_ROW_IDS).toInts()
        : new int[0];
  }

  /**
   * {@return those rows, in the order of their ids, in a new array {@code [ids][hidden]}}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public float[] ownRows() throws ModelFormatException {
    int[] ids = ownRowIds();
    return ids.length == 0 ? new float[0] : matrix(TensorNames.OWN_ROWS, ids.length, hiddenSize);
  }

  private float[] matrix(String part, int rows, int columns) throws ModelFormatException {
    return Int8Matrix.isStored(file, part)
        ? Int8Matrix.read(file, part, rows, columns).toFloats()
        : file.tensor(TensorNames.weight(part)).toFloats();
  }

  /** {@return the names of the tensors that {@link #codes} reads; none if it needs none} */
  public List<String> codeTensors() {
    if (composition.assignment() == Composition.Assignment.CONTEXT) {
      return List.of(TensorNames.TOKEN_CODES);
    }
    return file.find(TensorNames.TOKEN_ORDER).isPresent()
        ? List.of(TensorNames.TOKEN_ORDER)
        : List.of();
  }

  /**
   * Checks the codes of all tokens and returns them.
   *
   * @param holder has the {@link #codeTensors}: the table's file or what it {@linkplain
   *     ModelFile#retaining retains}; the codes can be asked for as long as it is open
   * @return the codes
   * @throws ModelFormatException naming the first token whose code is wrong
   */
  public TokenCodes codes(ModelFile holder) throws ModelFormatException {
    if (composition.assignment() == Composition.Assignment.CARTESIAN) {
      return codeTensors().isEmpty()
          ? CartesianCodes.inOrderOfIds(sizes[0], sizes.length)
          : CartesianCodes.inOrder(
              sizes[0], sizes.length, file.source(), holder.tensor(TensorNames.TOKEN_ORDER));
    }
    StoredCodes codes = new StoredCodes(file.source(), holder.tensor(TensorNames.TOKEN_CODES));
    codes.checkRange(sizes);
    if (composition.distinct()) {
      codes.checkDistinct(ownRowIds());
    }
    return codes;
  }

  /** Returns the parts whose weight may be int8, with their shapes {@code [rows][columns]}. */
  Map<String, List<Long>> quantizable() throws ModelFormatException {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    List<String> parts = new ArrayList<>();
    for (int f = 0; f < sizes.length; f++) {
      parts.add(TensorNames.composedPart(f));
    }
    if (file.find(TensorNames.OWN_ROW_IDS).isPresent()) {
      parts.add(TensorNames.OWN_ROWS);
    }
    for (String part : parts) {
      shapes.put(part, file.tensor(TensorNames.weight(part)).shape());
    }
    return shapes;
  }

  private ModelFormatException unexpected(String tensor, String problem) {
    return new ModelFormatException(
        Reason.UNEXPECTED_TENSOR, file.source() + ": tensor " + tensor + " " + problem, -1, tensor);
  }
}
