package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.List;

/** Reads the steps behind the pooling, and what they result in. */
final class HeadReader {
  private HeadReader() {}

  static List<HeadStep> steps(Json json) throws ModelFormatException {
    List<HeadStep> steps = new ArrayList<>();
    for (Json step : json.items()) {
      steps.add(step(new Members(step)));
    }
    return steps;
  }

  static Classifier classifier(Json json) throws ModelFormatException {
    Members members = new Members(json);
    List<String> labels = new ArrayList<>();
    for (Json label : members.get("labels").items()) {
      labels.add(label.asString());
    }
    Classifier classifier =
        new Classifier(labels, members.choice("function", Classifier.ScoreFunction.values()));
    members.requireNoOthers();
    return classifier;
  }

  private static HeadStep step(Members members) throws ModelFormatException {
    String type = members.text("type");
    HeadStep step =
        switch (type) {
          case "dense" ->
              new HeadStep.Dense(
                  members.integer("outputs"),
                  members.flag("bias"),
                  members.choice("activation", HeadActivation.values()));
          case "norm" -> new HeadStep.Norm(members.number("eps"), members.flag("bias"));
          case "normalize" -> new HeadStep.Normalize();
          default -> throw members.get("type").error("is no step of this Kumiko: " + type);
        };
    members.requireNoOthers();
    return step;
  }
}
