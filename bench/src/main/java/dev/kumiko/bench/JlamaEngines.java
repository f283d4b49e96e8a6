package dev.kumiko.bench;

import java.util.Optional;
import java.util.ServiceLoader;

/** Jlama, which is there if the profile of its name was built. */
public interface JlamaEngines {
  /** Loads the fp32 model. */
  Engine load(Models models, int threads);

  /** Returns the one that was built in. */
  static Optional<JlamaEngines> found() {
    return ServiceLoader.load(JlamaEngines.class).findFirst();
  }
}
