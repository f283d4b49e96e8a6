package dev.kumiko.tools.convert.onnx.graph;

import java.util.List;
import java.util.Map;

/**
 * One operation of the graph.
 *
 * @param name its name, for messages; may be empty
 * @param operator the operator, such as {@code MatMul}
 * @param domain the operator's domain; empty for ONNX's own
 * @param inputs names of the values it reads; an empty name is an input left out
 * @param outputs names of the values it computes, at least one
 * @param attributes its attributes by name
 */
public record OnnxNode(
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
  public record Attribute(float number, List<Long> integers, String text, OnnxTensor tensor) {}

  /** Whether this is an operator of ONNX itself with this name. */
  public boolean is(String operatorName) {
    return operator.equals(operatorName) && domain.isEmpty();
  }

  /** Returns the operator with its domain, if that is not ONNX's own. */
  public String qualifiedOperator() {
    return domain.isEmpty() ? operator : domain + "." + operator;
  }

  /** Returns input {@code index}, or an empty name. */
  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /** Returns the first output. */
  public String output() {
    return outputs.get(0);
  }

  /** Returns the integers of an attribute, or none. */
  public long[] integers(String attribute) {
    Attribute found = attributes.get(attribute);
    return found == null ? new long[0] : found.integers().stream().mapToLong(i -> i).toArray();
  }

  /** Returns the text of an attribute, or {@code otherwise}. */
  public String text(String attribute, String otherwise) {
    Attribute found = attributes.get(attribute);
    return found == null ? otherwise : found.text();
  }

  /** Returns the number of an attribute, or {@code otherwise}. */
  public float number(String attribute, float otherwise) {
    Attribute found = attributes.get(attribute);
    return found == null ? otherwise : found.number();
  }
}
