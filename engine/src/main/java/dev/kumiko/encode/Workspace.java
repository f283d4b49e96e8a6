package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.kernel.Scratch;
import java.util.ArrayList;
import java.util.List;

/**
 * All activations of one forward pass. It belongs to one pass at a time, is reused from pass to
 * pass, and only grows: an owner that wants it smaller lets it go.
 */
public final class Workspace {
  /** Shares begin at whole tiles of this many rows. */
  private static final int TILE_ROWS = 8;

  private final Architecture sizes;
  private final List<RowShare> shares = new ArrayList<>();
  private final PackedTexts texts = new PackedTexts();
  private int capacity;
  private float[] hidden;
  private float[] projected;
  private float[] qkv;
  private float[] otherQkv;
  private boolean alternates;
  private float[] context = {};
  private float[] inner = {};
  private float[] gates = {};

  /** Creates an empty workspace for an encoder of these sizes. */
  public Workspace(Architecture sizes) {
    this.sizes = sizes;
  }

  /** Returns about how many bytes one takes that several threads use for so many rows. */
  public static long bytes(Architecture sizes, int rows) {
    long perRow = 2L * sizes.hiddenSize() + 2L * rowWidth(sizes);
    long wide = sizes.layout().gated() ? 2L : 1L;
    long inner = Math.min(rows, RowShare.FEED_FORWARD_ROWS) * wide * sizes.intermediateSize();
    long context = Math.min(rows, RowShare.ATTENTION_ROWS) * (long) sizes.queryWidth();
    return Float.BYTES * (rows * perRow + inner + context);
  }

  /** Returns the length of a row of queries, keys and values. */
  private static int rowWidth(Architecture sizes) {
    return Math.addExact(sizes.queryWidth(), 2 * sizes.keyWidth());
  }

  /** Returns for how many rows there is memory. */
  public int capacity() {
    return capacity;
  }

  /** Returns the texts to be encoded; the caller fills them. */
  public PackedTexts texts() {
    return texts;
  }

  /**
   * Makes room for the rows of {@link #texts()} and divides them.
   *
   * @return so many shares of about the same number of rows; some may have none
   */
  List<RowShare> split(int parts, Division division) {
    int rows = texts.rows();
    reserve(rows, parts > 1 && division != Division.MANY_ROWS);
    if (division == Division.OUTPUTS) {
      reserveShared(rows);
    }
    while (shares.size() < parts) {
      shares.add(new RowShare(sizes));
    }
    int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
    for (int part = 0; part < parts; part++) {
      int first = tiles * part / parts * TILE_ROWS;
      int end = tiles * (part + 1) / parts * TILE_ROWS;
      shares.get(part).take(Math.min(first, rows), Math.min(end, rows), part, parts);
    }
    return shares.subList(0, parts);
  }

  /** Makes room for the input of linear layers that are divided by outputs. */
  private void reserveShared(int rows) {
    int wide = Math.multiplyExact(rows, sizes.intermediateSize());
    if (wide > inner.length) {
      inner = new float[wide];
      gates = new float[sizes.layout().gated() ? wide : 0];
    }
    int gathered = Math.multiplyExact(rows, sizes.queryWidth());
    if (gathered > context.length) {
      context = new float[gathered];
    }
  }

  private void reserve(int rows, boolean shared) {
    if (rows > capacity) {
      int d = sizes.hiddenSize();
      forget(); // before the new arrays are made: the old ones need not lie beside them
      hidden = new float[Math.multiplyExact(rows, d)];
      projected = new float[rows * d];
      qkv = new float[Math.multiplyExact(rows, rowWidth(sizes))];
      otherQkv = new float[0];
      capacity = rows;
    }
    alternates = shared;
    if (shared && otherQkv.length < qkv.length) {
      otherQkv = new float[qkv.length];
    }
  }

  private void forget() {
    capacity = 0;
    hidden = null;
    projected = null;
    qkv = null;
    otherQkv = null;
  }

  /** Returns the token vectors {@code [rows][hidden]}: the input and the output of every layer. */
  public float[] hidden() {
    return hidden;
  }

  /** Returns what attention gathers of all rows, {@code [rows][heads * headSize]}. */
  float[] context() {
    return context;
  }

  /**
   * Returns a block's contribution before the residual, {@code [rows][hidden]}; before that the
   * block's normalised input, if it is normalised before.
   */
  float[] projected() {
    return projected;
  }

  /**
   * Returns queries, keys and values, a row of {@code [rows]} each. Between threads layers
   * alternate between two arrays, since one may still read keys while another has begun the next
   * layer.
   */
  float[] qkv(int layer) {
    return alternates && layer % 2 == 1 ? otherQkv : qkv;
  }

  /** Returns the feed-forward block's activations of all rows, {@code [rows][intermediate]}. */
  float[] inner() {
    return inner;
  }

  /** Returns what the activations are multiplied by, if they are, of the same shape. */
  float[] gates() {
    return gates;
  }

  /** Returns scratch memory for what follows the layers. */
  Scratch scratch() {
    if (shares.isEmpty()) {
      shares.add(new RowShare(sizes)); // nothing was encoded
    }
    return shares.getFirst().scratch();
  }

  /** Returns the length of a token vector. */
  int hiddenSize() {
    return sizes.hiddenSize();
  }
}
