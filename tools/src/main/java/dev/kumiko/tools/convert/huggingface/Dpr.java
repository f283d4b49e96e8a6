package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Json;
import dev.kumiko.format.Pooling;
import dev.kumiko.tools.convert.Traits;
import java.io.IOException;
import java.util.Optional;

/**
 * {@code DPRQuestionEncoder} and {@code DPRContextEncoder}: a BERT whose first token's vector is
 * the text's (Karpukhin et al., Dense Passage Retrieval, arXiv 2004.04906, section 3.1).
 */
final class Dpr extends Bert {
  @Override
  public String title() {
    return "an encoder of DPR";
  }

  @Override
  public Architecture architecture(Config config) throws IOException {
    config.refuseUnless("projection_dim", "0");
    Optional<Json> classes = config.find("architectures");
    if (classes.isPresent()) {
      for (Json name : classes.get().items()) {
        if (name.asString().equals("DPRReader")) {
          throw name.error("is DPRReader, which marks answers; Kumiko supports DPR's two encoders");
        }
      }
    }
    return super.architecture(config);
  }

  /** Returns what a folder states, with what the class itself makes of token vectors. */
  static Traits completed(Traits traits) {
    return traits.pooling().isPresent() ? traits : traits.pooledBy(Pooling.CLS, false);
  }
}
