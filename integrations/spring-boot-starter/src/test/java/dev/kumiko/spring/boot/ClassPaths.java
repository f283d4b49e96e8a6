package dev.kumiko.spring.boot;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders on a class path in front of the application's. */
final class ClassPaths {
  private ClassPaths() {}

  /** What is done with a class path. */
  interface Action {
    void run(ClassLoader loader) throws Exception;
  }

  /** Runs something with folders on the class path, which are the thread's own then, too. */
  static void with(Action action, Path... folders) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] urls = new URL[folders.length];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = folders[i].toUri().toURL();
    }
    try (URLClassLoader loader = new URLClassLoader(urls, before)) {
      thread.setContextClassLoader(loader);
      action.run(loader);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Puts a model where a dependency brings its default model. */
  static Path defaultModel(Path model, Path folder) throws IOException {
    Path target = folder.resolve("META-INF/kumiko/default-model.safetensors");
    Files.createDirectories(target.getParent());
    Files.copy(model, target);
    return folder;
  }
}
