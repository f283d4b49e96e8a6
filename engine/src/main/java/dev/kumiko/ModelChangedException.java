package dev.kumiko;

/**
 * The file of a loaded model was written to in place, so that what it gives could be half of one
 * model and half of another. Load it again; a new file that is renamed over the old one does no
 * harm.
 */
public final class ModelChangedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  ModelChangedException(String change) {
    super(
        change
            + " since it was loaded, and token vectors are read from it as texts need them;"
            + " load it again, and replace models by renaming a new file over the old one");
  }
}
