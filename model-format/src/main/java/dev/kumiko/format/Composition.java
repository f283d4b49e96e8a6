package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a token table is composed of shared sub-vectors (subspace embeddings, arXiv 2308.08688). A
 * model without one has a table with a row for each token.
 *
 * @param assignment how a token gets its sub-vectors
 * @param parts the number of sub-vectors that make up a token's vector, F
 * @param distinct whether no two tokens have the same sub-vectors in all parts
 */
public record Composition(Assignment assignment, int parts, boolean distinct) {
  /** Metadata key of the composition, a JSON object. */
  public static final String METADATA = "kumiko.token_table";

  private static final Set<String> MEMBERS = Set.of("kind", "assignment", "parts", "distinct");
  private static final String KIND = "composed";

  /** How a token gets its sub-vectors. */
  public enum Assignment {
    /** Computed: in part f, token i has number {@code floor(i / Q^f) mod Q}. */
    CARTESIAN,
    /** Looked up: a number for each token and part. */
    CONTEXT
  }

  /**
   * {@return whether a model's token table is composed}
   *
   * @param file an open model
   */
  public static boolean isStored(ModelFile file) {
    return file.metadata().containsKey(METADATA);
  }

  /**
   * Reads the composition of a model's token table.
   *
   * @param file an open model
   * @return empty if the table has a row for each token
   * @throws ModelFormatException if the metadata has something else under {@link #METADATA}
   */
  public static Optional<Composition> of(ModelFile file) throws ModelFormatException {
    String text = file.metadata().get(METADATA);
    if (text == null) {
      return Optional.empty();
    }
    Json json = Json.parse(file.source() + ": " + METADATA, text);
    for (Map.Entry<String, Json> member : json.members().entrySet()) {
      if (!MEMBERS.contains(member.getKey())) {
        throw member.getValue().error("is unknown to this Kumiko; a newer one may read the file");
      }
    }
    String kind = json.get("kind").asString();
    if (!kind.equals(KIND)) {
      throw unknown(file, "kind", kind, KIND);
    }
    return Optional.of(
        new Composition(
            assignment(file, json.get("assignment").asString()),
            json.get("parts").asInt(),
            json.get("distinct").asBoolean()));
  }

  private static Assignment assignment(ModelFile file, String code) throws ModelFormatException {
    for (Assignment assignment : Assignment.values()) {
      if (MetadataKeys.code(assignment).equals(code)) {
        return assignment;
      }
    }
    List<String> known = Arrays.stream(Assignment.values()).map(MetadataKeys::code).toList();
    throw unknown(file, "assignment", code, String.join(", ", known));
  }

  private static ModelFormatException unknown(
      ModelFile file, String member, String code, String known) {
    return new ModelFormatException(
        Reason.BAD_DESCRIPTION,
        "%s: %s: %s is %s, this Kumiko knows: %s"
            .formatted(file.source(), METADATA, member, Quoted.of(code), known));
  }

  /** {@return the value of {@link #METADATA}} */
  public String toMetadata() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", KIND);
    json.put("assignment", MetadataKeys.code(assignment));
    json.put("parts", parts);
    json.put("distinct", distinct);
    return Json.text(json);
  }
}
