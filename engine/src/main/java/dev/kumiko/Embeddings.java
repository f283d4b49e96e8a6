package dev.kumiko;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/** The vectors of one call, in the order of its inputs, and what they took. Unmodifiable. */
public final class Embeddings extends AbstractList<Embedding> implements RandomAccess {
  private final List<Embedding> embeddings;
  private final long tokens;

  /**
   * Copies the list.
   *
   * @param embeddings in the order of the inputs
   * @throws NullPointerException if it has a null
   */
  public Embeddings(List<Embedding> embeddings) {
    this.embeddings = List.copyOf(Objects.requireNonNull(embeddings, "embeddings is null"));
    this.tokens = this.embeddings.stream().mapToLong(Embedding::tokens).sum();
  }

  @Override
  public Embedding get(int index) {
    return embeddings.get(index);
  }

  @Override
  public int size() {
    return embeddings.size();
  }

  /**
   * {@return how many tokens were computed for all of them, special tokens and prompts included}
   */
  public long tokens() {
    return tokens;
  }

  /** {@return the vectors, {@code [inputs][dimension]}: a new array of the embeddings' own} */
  public float[][] vectors() {
    return embeddings.stream().map(Embedding::vector).toArray(float[][]::new);
  }
}
