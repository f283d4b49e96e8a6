package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Scratch;

/**
 * Consecutive rows of a pass, and the memory that computing them takes. Apart from attention, which
 * reads all keys and values of a text, rows do not depend on one another; so several threads can
 * work on a pass, each on a share. A share belongs to one thread at a time.
 */
final class RowShare {
  /** So many rows go through the feed-forward block at a time; its wide rows then stay in cache. */
  static final int FEED_FORWARD_ROWS = 256;

  /** So many rows attend at a time; their keys and values are prepared anew for each block. */
  static final int ATTENTION_ROWS = 1024;

  private static final float[] NONE = {};

  private final Architecture sizes;
  private final Scratch scratch = new Scratch();
  private int first;
  private int end;
  private int part;
  private int parts;
  private float[] inner = NONE;
  private float[] gates = NONE;
  private float[] context = NONE;

  RowShare(Architecture sizes) {
    this.sizes = sizes;
  }

  /** Gives this share the rows from {@code first} to {@code end}, and a part of the outputs. */
  void take(int first, int end, int part, int parts) {
    this.part = part;
    this.parts = parts;
    this.first = first;
    this.end = end;
    int wide = Math.min(end - first, FEED_FORWARD_ROWS) * sizes.intermediateSize();
    if (wide > inner.length) {
      inner = new float[wide];
      gates = sizes.layout().gated() ? new float[wide] : NONE;
    }
    int gathered = Math.min(end - first, ATTENTION_ROWS) * sizes.queryWidth();
    if (gathered > context.length) {
      context = new float[gathered];
    }
  }

  int first() {
    return first;
  }

  int end() {
    return end;
  }

  int rows() {
    return end - first;
  }

  /** Returns the first output of a layer that is this share's, if it is divided by outputs. */
  int firstOutput(Linear linear) {
    return output(linear, part);
  }

  /** Returns the end of the outputs that are this share's. */
  int endOutput(Linear linear) {
    return output(linear, part + 1);
  }

  private int output(Linear linear, int part) {
    int together = linear.outputsTogether();
    int groups = Math.ceilDiv(linear.outputs(), together);
    return Math.min(linear.outputs(), groups * part / parts * together);
  }

  /** Returns the feed-forward block's activations, {@code [FEED_FORWARD_ROWS][intermediate]}. */
  float[] inner() {
    return inner;
  }

  /** Returns what the activations are multiplied by, if they are, of the same shape. */
  float[] gates() {
    return gates;
  }

  /** Returns what attention gathers, {@code [ATTENTION_ROWS][heads * headSize]}. */
  float[] context() {
    return context;
  }

  Scratch scratch() {
    return scratch;
  }
}
