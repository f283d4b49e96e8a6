package dev.kumiko.tools;

import picocli.CommandLine.Command;

/** Measures how good a model is; each kind of measurement is a command of its own. */
@Command(
    name = "eval",
    description = "Measure how good a model is.",
    synopsisSubcommandLabel = "KIND",
    footer = {"", "Example:", "  kumiko eval sts stsb-en-dev.csv"})
final class EvalCommand {}
