package dev.kumiko;

import dev.kumiko.format.ModelFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URL;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds the model that a JAR on the class path or module path brings along. */
final class DefaultModel {
  /** A provider with what it says. */
  record Found(DefaultModelProvider provider, String name, URL url) {
    @Override
    public String toString() {
      return name + " (" + url + ")";
    }
  }

  private DefaultModel() {}

  /** Opens the model, mapped where it lies if it lies in a file and is not compressed. */
  static ModelFile open() throws IOException {
    Found found = find();
    try {
      return ModelResource.open(found.url());
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new IOException(
          "the default model %s of %s is missing: %s"
              .formatted(found.name(), found.provider().getClass().getName(), e.getMessage()),
          e);
    }
  }

  static Found find() throws IOException {
    for (ServiceLoader<DefaultModelProvider> place : places()) {
      Collection<Found> found = ask(place);
      if (found.size() > 1) {
        throw new IOException(
            "there are %d default models: %s; remove all but one of these dependencies, or load one by its path or URL"
                .formatted(
                    found.size(),
                    found.stream().map(Found::toString).collect(Collectors.joining(" and "))));
      }
      if (!found.isEmpty()) {
        return found.iterator().next();
      }
    }
    throw new IOException(
        "there is no default model: nothing on the class path or module path provides one; add the"
            + " dependency dev.kumiko:kumiko-all-minilm-l6-v2, or load a model file by its path or"
            + " URL");
  }

  /** Where models may be, the first place first. */
  private static List<ServiceLoader<DefaultModelProvider>> places() {
    Class<DefaultModelProvider> service = DefaultModelProvider.class;
    List<ServiceLoader<DefaultModelProvider>> places = new ArrayList<>();
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader own = service.getClassLoader();
    if (context != null && !context.equals(own) && sees(context, service)) {
      places.add(ServiceLoader.load(service, context));
    }
    places.add(ServiceLoader.load(service, own));
    ModuleLayer layer = service.getModule().getLayer();
    if (layer != null) {
      places.add(ServiceLoader.load(layer, service));
    }
    return places;
  }

  /** Otherwise whatever the loader knows is for another copy of Kumiko, or for none. */
  private static boolean sees(ClassLoader loader, Class<?> service) {
    try {
      return loader.loadClass(service.getName()) == service;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static Collection<Found> ask(ServiceLoader<DefaultModelProvider> place)
      throws IOException {
    Map<String, Found> found = new LinkedHashMap<>();
    try {
      for (ServiceLoader.Provider<DefaultModelProvider> provider : place.stream().toList()) {
        Found model = ask(provider);
        found.put(provider.type().getName() + " " + model.url(), model);
      }
    } catch (ServiceConfigurationError e) {
      throw new IOException("the provider of a default model fails: " + reasons(e), e);
    }
    return found.values();
  }

  private static Found ask(ServiceLoader.Provider<DefaultModelProvider> candidate)
      throws IOException {
    String type = candidate.type().getName();
    try {
      DefaultModelProvider provider = candidate.get();
      String name = provider.name();
      URL url = provider.model();
      if (name == null || url == null) {
        throw new IOException(
            "%s provides no default model: its %s gives null, as it does if its JAR is incomplete"
                .formatted(type, name == null ? "name()" : "model()"));
      }
      return new Found(provider, name, url);
    } catch (RuntimeException | Error e) {
      throw new IOException("%s, which provides a default model, fails: %s".formatted(type, e), e);
    }
  }

  private static String reasons(ServiceConfigurationError e) {
    return e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause());
  }
}
