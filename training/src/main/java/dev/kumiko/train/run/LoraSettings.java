package dev.kumiko.train.run;

import java.util.regex.Pattern;

/**
 * That matrices change by products of thin ones, see {@link dev.kumiko.train.lora.Lora}.
 *
 * @param rank of the change
 * @param alpha the change is multiplied by alpha / rank
 * @param names in whose name this is found
 */
public record LoraSettings(int rank, double alpha, Pattern names) {}
