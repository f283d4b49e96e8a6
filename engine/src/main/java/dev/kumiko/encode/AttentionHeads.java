package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.kernel.Heads;

/** The heads that an architecture asks for. */
public final class AttentionHeads {
  private AttentionHeads() {}

  /** Returns them; without a scale of their own, scores are divided by the root of their length. */
  public static Heads of(Architecture a) {
    Layout.Attention attention = a.layout().attention();
    double scale = attention.scale().orElse(1 / Math.sqrt(a.headSize()));
    return new Heads(
        a.attentionHeads(),
        a.keyHeads(),
        a.headSize(),
        (float) scale,
        (float) attention.cap().orElse(0));
  }
}
