package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Json;
import dev.kumiko.format.Position.Rotary;
import dev.kumiko.format.Position.Scaling;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rotary positions in a {@code config.json}: {@code rope_parameters} as transformers 5 writes them,
 * once or for each kind of layer, or {@code rope_theta}, {@code rope_local_base_freq} and {@code
 * rope_scaling} as older ones do.
 */
record RotaryConfig(Config config) {
  /**
   * Reads both kinds of layers.
   *
   * @param theta the base where none is stated
   * @param localTheta the same in layers that see a neighbourhood only, if they have their own
   */
  Rotary read(double theta, Optional<Double> localTheta) throws IOException {
    config.refuseUnless("partial_rotary_factor", "1.0");
    Optional<Json> parameters = config.find("rope_parameters");
    if (parameters.isPresent()) {
      Json stated = parameters.get();
      return stated.find(LayerTypes.GLOBAL).isPresent()
          ? both(stated.get(LayerTypes.GLOBAL), theta, stated.get(LayerTypes.LOCAL), localTheta)
          : both(stated, theta, stated, localTheta);
    }
    double base = number("rope_theta", theta);
    Optional<Json> scaling = config.find("rope_scaling");
    Scaling global = scaling.isPresent() ? scaling(scaling.get()) : Scaling.NONE;
    boolean isLongNtk = scaling.isPresent() && type(scaling.get()).equals("ntk");
    double scaled = isLongNtk ? base * positive(scaling.get(), "factor") : base;
    return localTheta.isPresent()
        ? new Rotary(scaled, global, number("rope_local_base_freq", localTheta.get()), Scaling.NONE)
        : new Rotary(scaled, global, scaled, global);
  }

  /**
   * Returns {@code rope_parameters} from which {@link #read} reads positions.
   *
   * @param byLayer whether they are stated for each kind of layer
   */
  static Map<String, Object> members(Rotary rotary, boolean byLayer) {
    Map<String, Object> global = members(rotary.theta(), rotary.scaling());
    return byLayer
        ? Map.of(
            LayerTypes.GLOBAL,
            global,
            LayerTypes.LOCAL,
            members(rotary.localTheta(), rotary.localScaling()))
        : global;
  }

  private static Map<String, Object> members(double theta, Scaling scaling) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("rope_theta", theta);
    if (scaling.equals(Scaling.NONE)) {
      members.put("rope_type", "default");
    } else if (scaling instanceof Scaling.Linear linear) {
      members.put("rope_type", "linear");
      members.put("factor", linear.factor());
    } else if (scaling instanceof Scaling.Llama3 llama) {
      members.put("rope_type", "llama3");
      members.put("factor", llama.factor());
      members.put("low_freq_factor", llama.low());
      members.put("high_freq_factor", llama.high());
      members.put("original_max_position_embeddings", llama.length());
    }
    return members;
  }

  private Rotary both(Json global, double theta, Json local, Optional<Double> localTheta)
      throws IOException {
    return new Rotary(
        theta(global, theta),
        scaling(global),
        theta(local, localTheta.orElse(theta)),
        scaling(local));
  }

  private static double theta(Json parameters, double absent) throws IOException {
    Optional<Json> theta = HuggingFaceFolder.present(parameters, "rope_theta");
    Optional<Json> part = HuggingFaceFolder.present(parameters, "partial_rotary_factor");
    if (part.isPresent() && part.get().asDouble() != 1) {
      throw part.get().error("is %s; Kumiko supports 1".formatted(part.get()));
    }
    return theta.isPresent() ? theta.get().asDouble() : absent;
  }

  private double number(String name, double absent) throws IOException {
    Optional<Json> number = config.find(name);
    return number.isPresent() ? number.get().asDouble() : absent;
  }

  private static String type(Json parameters) throws IOException {
    Optional<Json> type = HuggingFaceFolder.present(parameters, "rope_type");
    if (type.isEmpty()) {
      type = HuggingFaceFolder.present(parameters, "type");
    }
    return type.isPresent() ? type.get().asString() : "default";
  }

  private Scaling scaling(Json parameters) throws IOException {
    String type = type(parameters);
    return switch (type) {
      case "default" -> Scaling.NONE;
      case "linear" -> new Scaling.Linear(positive(parameters, "factor"));
      case "llama3" ->
          new Scaling.Llama3(
              positive(parameters, "factor"),
              positive(parameters, "low_freq_factor"),
              positive(parameters, "high_freq_factor"),
              (int) positive(parameters, "original_max_position_embeddings"));
      case "ntk" -> ntk(positive(parameters, "factor"));
      default ->
          throw parameters.error(
              "has the rope_type %s, which Kumiko does not have; it supports default, linear, llama3, ntk"
                  .formatted(type));
    };
  }

  /** The base is multiplied by the factor, too. */
  private Scaling ntk(double factor) throws IOException {
    int size = config.size("hidden_size") / config.size("num_attention_heads");
    return new Scaling.Linear(Math.pow(factor, 2.0 / size));
  }

  private static double positive(Json parameters, String name) throws IOException {
    Json number = parameters.get(name);
    if (!(number.asDouble() > 0) || number.asDouble() > Integer.MAX_VALUE) {
      throw number.error("is %s, expected a positive number".formatted(number));
    }
    return number.asDouble();
  }
}
