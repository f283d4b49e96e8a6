package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that are cut into words or tokens already. */
class InputTest {
  @TempDir Path folder;
  private Path model;
  private Embedder embedder;

  @BeforeEach
  void load() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    embedder = Embedder.load(model);
  }

  @AfterEach
  void close() {
    embedder.close();
  }

  private Embedding embed(Input input) {
    return embedder.embedInputs(List.of(input), EmbedOptions.DEFAULT).getFirst();
  }

  @Test
  void idsAreComputedAsTheyAre() throws IOException {
    List<String> texts = Fixture.open("bert-mean").texts();
    List<Input> ids =
        texts.stream()
            .<Input>map(text -> new Input.TokenIds(embedder.tokenize(text).ids()))
            .toList();
    Embeddings expected = embedder.embedAll(texts);
    Embeddings actual = embedder.embedInputs(ids, EmbedOptions.DEFAULT);
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(expected.get(i).vector(), actual.get(i).vector(), texts.get(i));
    }
    assertEquals(expected.tokens(), actual.tokens());
  }

  @Test
  void idsWithAPromptsOwnIdsAreTheTextWithThePrompt() {
    int[] ids = embedder.tokenize("a roof", Prompt.QUERY).ids();
    assertArrayEquals(
        embedder.embed("a roof", Prompt.QUERY).vector(), embed(new Input.TokenIds(ids)).vector());
  }

  @Test
  void idsAreTheirOwnersCopy() {
    int[] ids = embedder.tokenize("a roof").ids();
    Input.TokenIds input = new Input.TokenIds(ids);
    Arrays.fill(ids, -1);
    input.ids()[0] = -1;
    assertArrayEquals(embedder.embed("a roof").vector(), embed(input).vector());
  }

  @Test
  void idsThatTheModelLacksAreRefused() {
    int size = embedder.model().vocabularySize();
    for (int id : new int[] {-1, size, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      String message = refusal(new Input.TokenIds(2, id, 3));
      assertTrue(message.contains("token 1 has id " + id), message);
      assertTrue(message.contains("from 0 to " + (size - 1)), message);
    }
    assertTrue(refusal(new Input.TokenIds()).contains("no token ids"));
  }

  private String refusal(Input input) {
    return assertThrows(IllegalArgumentException.class, () -> embed(input)).getMessage();
  }

  @Test
  void moreIdsThanTheModelTakesAreRefusedAndNotCut() {
    int[] ids = new int[embedder.maxTokens() + 5];
    TextTooLongException refused =
        assertThrows(TextTooLongException.class, () -> embed(new Input.TokenIds(ids)));
    assertEquals(ids.length, refused.tokens());
    assertEquals(embedder.maxTokens(), refused.maxTokens());
    assertTrue(refused.getMessage().contains("leave out"), refused.getMessage());
  }

  @Test
  void aPromptThatACallAsksForCannotStandBeforeIds() {
    List<Input> inputs = List.of(Input.of("a roof"), new Input.TokenIds(2, 3));
    EmbedOptions query = EmbedOptions.DEFAULT.withPrompt(Prompt.QUERY);
    String message =
        assertThrows(IllegalArgumentException.class, () -> embedder.embedInputs(inputs, query))
            .getMessage();
    assertTrue(message.contains("input 1"), message);
    EmbedOptions none = EmbedOptions.DEFAULT.withPrompt(Prompt.NONE);
    assertEquals(2, embedder.embedInputs(inputs, none).size());
  }

  @Test
  void wordsAreTokenisedEachForItself() {
    Embedding words = embed(new Input.Words(List.of("a", "roof", "(of", "cedar)")));
    Vectors.assertSame(embedder.embed("a roof (of cedar)"), words, "words");
    Embedding glued = embed(new Input.Words(List.of("ro", "of")));
    assertTrue(embedder.embed("roof").cosine(glued) < 0.999, "two words are not one");
    Vectors.assertSame(embedder.embed(""), embed(new Input.Words(List.of())), "no words");
  }

  @Test
  void aPromptStandsBeforeWords() {
    EmbedOptions query = EmbedOptions.DEFAULT.withPrompt(Prompt.QUERY);
    List<Input> words = List.of(new Input.Words(List.of("a", "roof")));
    Vectors.assertSame(
        embedder.embed("a roof", Prompt.QUERY),
        embedder.embedInputs(words, query).getFirst(),
        "words with a prompt");
  }

  @Test
  void tooManyWordsAreTreatedAsALongText() throws IOException {
    Input many = new Input.Words(Collections.nCopies(300, "roof"));
    String text = "roof ".repeat(300);
    Vectors.assertSame(embedder.embed(text), embed(many), "cut");
    for (LongText longText : LongText.values()) {
      try (Embedder other = Embedder.builder().longText(longText).load(model)) {
        List<Input> inputs = List.of(many);
        if (longText == LongText.REFUSE) {
          TextTooLongException refused =
              assertThrows(
                  TextTooLongException.class,
                  () -> other.embedInputs(inputs, EmbedOptions.DEFAULT));
          assertEquals(other.countTokens(text), refused.tokens());
        } else {
          Embedding actual = other.embedInputs(inputs, EmbedOptions.DEFAULT).getFirst();
          Vectors.assertSame(other.embed(text), actual, longText.name());
        }
      }
    }
  }

  @Test
  void halvesOfPairsInWordsAreReplacedOrRefused() throws IOException {
    Input broken = new Input.Words(List.of("a", "\uD83D"));
    assertEquals(1, embed(broken).replacements());
    try (Embedder strict = Embedder.builder().malformed(Malformed.REFUSE).load(model)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> strict.embedInputs(List.of(broken), EmbedOptions.DEFAULT));
    }
  }

  @Test
  void nothingIsNull() {
    assertThrows(NullPointerException.class, () -> new Input.Text(null));
    assertThrows(NullPointerException.class, () -> new Input.Words(Arrays.asList("a", null)));
    assertThrows(NullPointerException.class, () -> new Input.TokenIds((int[]) null));
    List<Input> inputs = Arrays.asList(Input.of("a"), null);
    String message =
        assertThrows(
                NullPointerException.class,
                () -> embedder.embedInputs(inputs, EmbedOptions.DEFAULT))
            .getMessage();
    assertTrue(message.contains("[1]"), message);
  }
}
