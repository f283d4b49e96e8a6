package dev.kumiko.tools.convert.onnx;

import java.util.List;
import java.util.Map;

/**
 * One operation of the graph.
 *
 * @param name its name, for messages; may be empty
 * @param operator the operator, such as {@code MatMul}
 * @param domain the operator's domain; empty for ONNX's own
 * @param inputs names of the values it reads; an empty name is an input left out
 * @param outputs names of the values it computes
 * @param attributes its attributes by name
 */
record OnnxNode(
    String name,
    String operator,
    String domain,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {

  /**
   * An attribute; the field that its kind does not use is empty.
   *
   * @param number the value of a float attribute
   * @param integers the values of an integer or integers attribute
   * @param text the value of a string attribute
   * @param tensor the value of a tensor attribute, or null
   */
  record Attribute(float number, List<Long> integers, String text, OnnxTensor tensor) {}

  boolean is(String operatorName) {
    return operator.equals(operatorName) && domain.isEmpty();
  }

  /** Returns input {@code index}, or an empty name. */
  String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  String output() {
    return outputs.get(0);
  }

  /** Returns the integers of an attribute, or none. */
  long[] integers(String attribute) {
    Attribute found = attributes.get(attribute);
    return found == null ? new long[0] : found.integers().stream().mapToLong(i -> i).toArray();
  }

  /** Returns the text of an attribute, or {@code otherwise}. */
  String text(String attribute, String otherwise) {
    Attribute found = attributes.get(attribute);
    return found == null ? otherwise : found.text();
  }

  /** Returns the number of an attribute, or {@code otherwise}. */
  float number(String attribute, float otherwise) {
    Attribute found = attributes.get(attribute);
    return found == null ? otherwise : found.number();
  }
}
