package dev.kumiko;

import dev.kumiko.format.ModelFile;

/** Prints where its default model and its own model lie; runs in a JAR with JARs inside. */
public final class BootApplication {
  private BootApplication() {}

  public static void main(String[] args) throws Exception {
    try (ModelFile file = DefaultModel.open()) {
      System.out.println(file.source());
    }
    try (ModelFile file =
        ModelResource.open(BootApplication.class.getResource("/own model.safetensors"))) {
      System.out.println(file.source());
    }
    try (Embedder embedder = Embedder.builder().threads(1).loadDefault()) {
      System.out.println(OtherJvm.hash(embedder));
    }
  }
}
