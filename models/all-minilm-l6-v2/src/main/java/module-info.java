/** The default model, all-MiniLM-L6-v2, with the engine that runs it. */
module dev.kumiko.allminilm {
  requires transitive dev.kumiko.engine;

  provides dev.kumiko.DefaultModelProvider with
      dev.kumiko.allminilm.AllMiniLm;
}
