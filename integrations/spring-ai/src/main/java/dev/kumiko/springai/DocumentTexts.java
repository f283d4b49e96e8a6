package dev.kumiko.springai;

import java.util.Objects;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;

/** What of a document is read. */
final class DocumentTexts {
  private DocumentTexts() {}

  /**
   * Returns a document's own text.
   *
   * @throws IllegalArgumentException if it has none
   */
  static String of(Document document) {
    Objects.requireNonNull(document, "document is null");
    String text = document.getText();
    if (text == null) {
      throw new IllegalArgumentException(
          "document %s has no text but %s; Kumiko reads text alone, leave the document out"
              .formatted(document.getId(), document.getMedia().getMimeType()));
    }
    return text;
  }

  /**
   * Returns a document's text with its metadata. Without metadata Spring AI's own format leaves the
   * empty lines that stand between them: the text is taken as it is then.
   *
   * @throws IllegalArgumentException if it has no text
   */
  static String of(Document document, MetadataMode mode) {
    String text = of(document);
    boolean plain =
        mode == MetadataMode.NONE
            && Document.DEFAULT_CONTENT_FORMATTER.equals(document.getContentFormatter());
    return plain ? text : document.getFormattedContent(mode);
  }
}
