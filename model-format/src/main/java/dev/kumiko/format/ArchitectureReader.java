package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

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
    Optional<Json> factor = members.find("embedding_factor");
    Optional<Json> attention = members.find("attention");
    Layout layout =
        new Layout(
            position(new Members(members.get("position"))),
            factor.isPresent() ? factor.get().asDouble() : 1,
            bias.isPresent() ? Optional.of(bias(new Members(bias.get()))) : Optional.empty(),
            local.isPresent() ? Optional.of(local(new Members(local.get()))) : Optional.empty(),
            attention.isPresent()
                ? attention(new Members(attention.get()))
                : Layout.Attention.PLAIN,
            members.choice("norm", Layout.NormPlace.values()),
            members.find("norm_kind").isPresent()
                ? members.choice("norm_kind", Layout.NormKind.values())
                : Layout.NormKind.LAYER_NORM,
            members.flag("norm_bias"),
            members.flag("gated"),
            biased(members.get("linear_bias")));
    members.requireNoOthers();
    return layout;
  }

  /** All, none, or a list. */
  private static Set<Layout.LinearMap> biased(Json json) throws ModelFormatException {
    if (!json.isArray()) {
      return json.asBoolean() ? Layout.LinearMap.ALL : Set.of();
    }
    Set<Layout.LinearMap> maps = EnumSet.noneOf(Layout.LinearMap.class);
    for (Json name : json.items()) {
      maps.add(Members.choice(name, Layout.LinearMap.values()));
    }
    return maps;
  }

  private static Layout.Attention attention(Members members) throws ModelFormatException {
    Layout.Attention attention =
        new Layout.Attention(
            members.integer("key_heads"),
            members.integer("head_size"),
            members.flag("causal"),
            members.flag("head_norms"),
            optionalNumber(members, "scale"),
            optionalNumber(members, "cap"));
    members.requireNoOthers();
    return attention;
  }

  private static OptionalDouble optionalNumber(Members members, String name)
      throws ModelFormatException {
    Optional<Json> number = members.find(name);
    return number.isPresent() ? OptionalDouble.of(number.get().asDouble()) : OptionalDouble.empty();
  }

  private static Position position(Members members) throws ModelFormatException {
    String type = members.text("type");
    Position position =
        switch (type) {
          case "learned" -> new Position.Learned(paddingId(members));
          case "rotary" ->
              new Position.Rotary(
                  members.number("theta"),
                  scaling(members, "scaling"),
                  members.number("local_theta"),
                  scaling(members, "local_scaling"));
          case "alibi" -> new Position.Alibi();
          default -> throw members.get("type").error("is no kind of this Kumiko: " + type);
        };
    members.requireNoOthers();
    return position;
  }

  private static Position.Scaling scaling(Members of, String name) throws ModelFormatException {
    Optional<Json> stated = of.find(name);
    if (stated.isEmpty()) {
      return Position.Scaling.NONE;
    }
    Members members = new Members(stated.get());
    String type = members.text("type");
    Position.Scaling scaling =
        switch (type) {
          case "linear" -> new Position.Scaling.Linear(members.number("factor"));
          case "llama3" ->
              new Position.Scaling.Llama3(
                  members.number("factor"),
                  members.number("low"),
                  members.number("high"),
                  members.integer("length"));
          default -> throw members.get("type").error("is no kind of this Kumiko: " + type);
        };
    members.requireNoOthers();
    return scaling;
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
