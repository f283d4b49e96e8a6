package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.kernel.Scratch;

/**
 * All activations of one forward pass. It belongs to one thread at a time, is reused from pass to
 * pass, and only grows.
 */
public final class Workspace {
  /** So many rows go through the feed-forward block at a time; its wide rows then stay in cache. */
  static final int FEED_FORWARD_ROWS = 192;

  private final Architecture sizes;
  private final Scratch scratch = new Scratch();
  private final PackedTexts texts = new PackedTexts();
  private int capacity;
  private float[] hidden;
  private float[] context;
  private float[] projected;
  private float[] qkv;
  private float[] inner;
  private float[] gates;
  private float[] normalized;

  /** Creates an empty workspace for an encoder of these sizes. */
  public Workspace(Architecture sizes) {
    this.sizes = sizes;
  }

  /** Returns the texts to be encoded; the caller fills them. */
  public PackedTexts texts() {
    return texts;
  }

  /** Makes room for this many rows. */
  void reserve(int rows) {
    if (rows > capacity) {
      int d = sizes.hiddenSize();
      hidden = new float[Math.multiplyExact(rows, d)];
      context = new float[rows * d];
      projected = new float[rows * d];
      qkv = new float[Math.multiplyExact(rows, 3 * d)];
      inner = new float[Math.min(rows, FEED_FORWARD_ROWS) * sizes.intermediateSize()];
      gates = new float[sizes.layout().gated() ? inner.length : 0];
      normalized = new float[sizes.layout().norm() == NormPlace.BEFORE ? rows * d : 0];
      capacity = rows;
    }
  }

  /** Returns the token vectors {@code [rows][hidden]}: the input and the output of every layer. */
  public float[] hidden() {
    return hidden;
  }

  /** Returns what attention gathers, {@code [rows][hidden]}. */
  float[] context() {
    return context;
  }

  /** Returns a block's contribution before the residual, {@code [rows][hidden]}. */
  float[] projected() {
    return projected;
  }

  /** Returns queries, keys and values, {@code [rows][3 * hidden]}. */
  float[] qkv() {
    return qkv;
  }

  /** Returns the feed-forward block's activations, {@code [FEED_FORWARD_ROWS][intermediate]}. */
  float[] inner() {
    return inner;
  }

  /** Returns what the activations are multiplied by, if they are, of the same shape. */
  float[] gates() {
    return gates;
  }

  /** Returns a block's normalised input {@code [rows][hidden]}, if it is normalised before. */
  float[] normalized() {
    return normalized;
  }

  /** Returns the length of a token vector. */
  int hiddenSize() {
    return sizes.hiddenSize();
  }

  /** Returns the kernels' scratch memory. */
  Scratch scratch() {
    return scratch;
  }
}
