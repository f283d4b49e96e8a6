package dev.kumiko.tools;

import picocli.CommandLine.Command;

/** Measures how good a model is; each kind of measurement is a command of its own. */
@Command(
    name = "eval",
    description = "Measure how good a model is.",
    synopsisSubcommandLabel = "KIND",
    footer = {
      "",
      "Examples:",
      "  kumiko eval sts stsb-en-dev.csv",
      "  kumiko eval bitext tatoeba/"
    })
final class EvalCommand {}
