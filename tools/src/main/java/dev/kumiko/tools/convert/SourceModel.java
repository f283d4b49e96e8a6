package dev.kumiko.tools.convert;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Json;
import java.util.Map;

/**
 * A model as its source states it.
 *
 * @param label what messages call the source
 * @param origin where the weights came from, for the model file
 * @param architecture sizes and choices
 * @param weights the tensors by their names in the model file
 * @param tokenizer the {@code tokenizer.json}
 * @param traits what the source states beside the encoder
 */
public record SourceModel(
    String label,
    String origin,
    Architecture architecture,
    Map<String, Weight> weights,
    Json tokenizer,
    Traits traits) {}
