package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold within a tokenizer's description, whether it is read or about to be written. */
final class TokenizerCheck {
  private TokenizerCheck() {}

  /** Returns the first thing that is wrong, for people; empty if nothing is. */
  static Optional<String> problem(TokenizerDescription tokenizer, int vocabularySize) {
    return steps(tokenizer)
        .or(() -> TextGrowth.problem(tokenizer.normalizers(), tokenizer.splits()))
        .or(() -> model(tokenizer.model()))
        .or(() -> tokenizer.specialTokens().problem())
        .or(() -> addedTokens(tokenizer.addedTokens()))
        .or(() -> ids(tokenizer, vocabularySize));
  }

  private static Optional<String> steps(TokenizerDescription tokenizer) {
    int precompiled = 0;
    for (NormalizerStep step : tokenizer.normalizers()) {
      if (step instanceof NormalizerStep.Replace replace && replace.pattern().text().isEmpty()) {
        return Optional.of("a replace step looks for nothing");
      }
      if (step == NormalizerStep.Simple.PRECOMPILED) {
        precompiled++;
      }
    }
    if (precompiled > 1) {
      return Optional.of(
          "has " + precompiled + " precompiled steps, but there is one character map");
    }
    for (int i = 0; i < tokenizer.splits().size(); i++) {
      SplitStep step = tokenizer.splits().get(i);
      if (step instanceof SplitStep.Split split && split.pattern().text().isEmpty()) {
        return Optional.of("a split step looks for nothing");
      }
      Optional<String> first =
          first(step, tokenizer.normalizers(), tokenizer.splits().subList(0, i));
      if (first.isPresent()) {
        return first;
      }
      if (step instanceof SplitStep.Metaspace metaspace) {
        String replacement = metaspace.replacement();
        if (replacement.codePointCount(0, replacement.length()) != 1) {
          return Optional.of(
              "metaspace's replacement is "
                  + Quoted.of(replacement)
                  + ", but must be one character");
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a word is the first depends on where in the raw text it was, which only steps that keep
   * the beginning in its place can tell.
   */
  private static Optional<String> first(
      SplitStep step, List<NormalizerStep> normalizers, List<SplitStep> splitsBefore) {
    if (!(step instanceof SplitStep.Metaspace metaspace)
        || metaspace.prepend() != SplitStep.Prepend.FIRST) {
      return Optional.empty();
    }
    for (NormalizerStep before : normalizers) {
      if (!(before instanceof NormalizerStep.Form) && before != NormalizerStep.Simple.LOWERCASE) {
        return Optional.of(
            "metaspace prepends to the first word, which Kumiko supports behind NFC, NFD, NFKC, NFKD"
                + " and Lowercase only, not behind "
                + name(before));
      }
    }
    for (SplitStep before : splitsBefore) {
      if (before instanceof SplitStep.ByteLevel || before instanceof SplitStep.Metaspace) {
        return Optional.of(
            "metaspace prepends to the first word, which Kumiko does not support behind "
                + before.getClass().getSimpleName());
      }
    }
    return Optional.empty();
  }

  private static String name(NormalizerStep step) {
    if (step == NormalizerStep.Simple.STRIP_ACCENTS) {
      return "StripAccents";
    }
    if (step == NormalizerStep.Simple.DROP_CONTROLS) {
      return "DropControls";
    }
    return step == NormalizerStep.Simple.PRECOMPILED
        ? "Precompiled"
        : step.getClass().getSimpleName();
  }

  private static Optional<String> model(TokenModel model) {
    if (model instanceof TokenModel.WordPiece wordPiece && wordPiece.longestWord() < 1) {
      return Optional.of(
          TokenizerWriter.longestWord(wordPiece.unit())
              + " is "
              + wordPiece.longestWord()
              + ", but must be at least 1");
    }
    return Optional.empty();
  }

  private static Optional<String> addedTokens(List<AddedToken> tokens) {
    Set<String> contents = new HashSet<>();
    for (AddedToken token : tokens) {
      if (token.content().isEmpty()) {
        return Optional.of("the added token with id " + token.id() + " has no content");
      }
      if (!contents.add(token.content())) {
        return Optional.of("added token " + Quoted.of(token.content()) + " occurs twice");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> ids(TokenizerDescription tokenizer, int vocabularySize) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    TokenModel model = tokenizer.model();
    if (model instanceof TokenModel.WordPiece wordPiece) {
      ids.put("unknown_id", wordPiece.unknownId());
    } else if (model instanceof TokenModel.Unigram unigram) {
      ids.put("unknown_id", unigram.unknownId());
    } else if (model instanceof TokenModel.Bpe bpe && bpe.unknownId().isPresent()) {
      ids.put("unknown_id", bpe.unknownId().getAsInt());
    }
    putIds(ids, "single", tokenizer.specialTokens().single());
    putIds(ids, "pair", tokenizer.specialTokens().pair());
    for (AddedToken token : tokenizer.addedTokens()) {
      ids.put("the id of added token " + Quoted.of(token.content()), token.id());
    }
    for (Map.Entry<String, Integer> id : ids.entrySet()) {
      if (id.getValue() < 0 || id.getValue() >= vocabularySize) {
        return Optional.of(
            id.getKey()
                + " is "
                + id.getValue()
                + ", but the vocabulary has ids from 0 to "
                + (vocabularySize - 1));
      }
    }
    return Optional.empty();
  }

  private static void putIds(
      Map<String, Integer> ids, String name, List<SpecialTokens.Piece> pieces) {
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i).kind() == SpecialTokens.Kind.TOKEN) {
        ids.put(name + "[" + i + "].id", pieces.get(i).id());
      }
    }
  }
}
