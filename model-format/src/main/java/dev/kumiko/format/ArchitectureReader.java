package dev.kumiko.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads an encoder's description. */
final class ArchitectureReader {
  private ArchitectureReader() {}

  static Architecture read(Json json) throws ModelFormatException {
    Members members = new Members(json);
    Optional<Json> layout = members.find("layout");
    Optional<Json> int8 = members.find("int8_activations");
    Architecture architecture =
        new Architecture(
            members.text("family"),
            members.integer("layers"),
            members.integer("hidden_size"),
            members.integer("attention_heads"),
            members.integer("intermediate_size"),
            members.choice("activation", Activation.values()),
            members.number("layer_norm_eps"),
            members.integer("vocabulary_size"),
            members.integer("positions"),
            members.integer("token_types"),
            layout.isPresent() ? layout(new Members(layout.get())) : Layout.BERT,
            int8.isPresent() ? Optional.of(int8(new Members(int8.get()))) : Optional.empty());
    members.requireNoOthers();
    return architecture;
  }

  private static Int8Activations int8(Members members) throws ModelFormatException {
    Int8Activations activations =
        new Int8Activations(members.integer("group_size"), members.integer("limit"));
    members.requireNoOthers();
    return activations;
  }

  private static Layout layout(Members members) throws ModelFormatException {
    Optional<Json> bias = members.find("relative_bias");
    Optional<Json> local = members.find("local_attention");
    Layout layout =
        new Layout(
            position(new Members(members.get("position"))),
            bias.isPresent() ? Optional.of(bias(new Members(bias.get()))) : Optional.empty(),
            local.isPresent() ? Optional.of(local(new Members(local.get()))) : Optional.empty(),
            members.choice("norm", Layout.NormPlace.values()),
            members.flag("gated"),
            members.flag("linear_bias"),
            members.flag("norm_bias"));
    members.requireNoOthers();
    return layout;
  }

  private static Position position(Members members) throws ModelFormatException {
    String type = members.text("type");
    Position position =
        switch (type) {
          case "learned" -> new Position.Learned(paddingId(members));
          case "rotary" ->
              new Position.Rotary(members.number("theta"), members.number("local_theta"));
          default -> throw members.get("type").error("is no kind of this Kumiko: " + type);
        };
    members.requireNoOthers();
    return position;
  }

  private static OptionalInt paddingId(Members members) throws ModelFormatException {
    Optional<Json> id = members.find("padding_id");
    return id.isPresent() ? OptionalInt.of(id.get().asInt()) : OptionalInt.empty();
  }

  private static Layout.RelativeBias bias(Members members) throws ModelFormatException {
    Layout.RelativeBias bias =
        new Layout.RelativeBias(members.integer("buckets"), members.integer("max_distance"));
    members.requireNoOthers();
    return bias;
  }

  private static Layout.LocalAttention local(Members members) throws ModelFormatException {
    List<Integer> layers = new ArrayList<>();
    for (Json layer : members.get("layers").items()) {
      layers.add(layer.asInt());
    }
    Layout.LocalAttention local = new Layout.LocalAttention(members.integer("window"), layers);
    members.requireNoOthers();
    return local;
  }
}
