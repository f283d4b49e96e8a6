package dev.kumiko.bench;

import java.util.Optional;

/** Jlama, which is there if the profile of its name was built. */
public interface JlamaEngines {
  /** Compiled in the profile only. */
  String PROVIDER = "dev.kumiko.bench.JlamaEngine$Provider";

  /** Loads the fp32 model. */
  Engine load(Models models, int threads);

  /** Returns the one that was built in. */
  static Optional<JlamaEngines> found() {
    try {
      return Optional.of(
          Class.forName(PROVIDER)
              .asSubclass(JlamaEngines.class)
              .getDeclaredConstructor()
              .newInstance());
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
