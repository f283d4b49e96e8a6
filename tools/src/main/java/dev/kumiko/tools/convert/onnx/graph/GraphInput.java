package dev.kumiko.tools.convert.onnx.graph;

import java.util.List;

/**
 * An input of the whole graph.
 *
 * @param name its name
 * @param shape its dimensions, -1 where any will do; empty if the file does not state them
 */
public record GraphInput(String name, List<Long> shape) {}
