package dev.kumiko.spring.boot;

import dev.kumiko.DefaultModelProvider;
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

  /** Puts a model and the file that names its provider into a folder. */
  static Path defaultModel(Path model, Path folder, Class<? extends Provided> provider)
      throws IOException {
    Path target = folder.resolve(provider.getSimpleName() + ".safetensors");
    Files.copy(model, target);
    Path service = folder.resolve("META-INF/services/" + DefaultModelProvider.class.getName());
    Files.createDirectories(service.getParent());
    Files.writeString(service, provider.getName());
    return folder;
  }

  /** A model that lies beside the file that names its provider. */
  abstract static class Provided implements DefaultModelProvider {
    @Override
    public String name() {
      return getClass().getSimpleName();
    }

    @Override
    public URL model() {
      return Thread.currentThread().getContextClassLoader().getResource(name() + ".safetensors");
    }
  }

  /** A default model. */
  public static final class First extends Provided {}

  /** Another one. */
  public static final class Second extends Provided {}
}
