package dev.kumiko.tools.measure;

import java.util.Comparator;

/**
 * A document that was found for a query.
 *
 * @param id its name
 * @param score how alike it is
 */
public record RankedDocument(String id, double score) {
  /** The highest score first; among equals the later name, as trec_eval has it. */
  static final Comparator<RankedDocument> BEST_FIRST =
      Comparator.comparingDouble(RankedDocument::score)
          .thenComparing(RankedDocument::id)
          .reversed();
}
