package dev.kumiko.server.http;

import java.util.Optional;

/** Who may ask. Safe for concurrent use. */
interface Keys {
  /** What stands before a key. */
  String SCHEME = "Bearer ";

  /**
   * Returns whether a key may follow.
   *
   * @param authorization the header {@code Authorization}
   */
  static boolean isBearer(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /** Returns whether a key is needed. */
  boolean required();

  /**
   * Looks a key up.
   *
   * @param authorization the header {@code Authorization}; null if there is none
   * @return a name for who has the key, which is not the key; empty if it is not known
   */
  Optional<String> known(String authorization);

  /** Anybody may ask. */
  enum None implements Keys {
    NONE;

    @Override
    public boolean required() {
      return false;
    }

    @Override
    public Optional<String> known(String authorization) {
      return Optional.empty();
    }
  }
}
