package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A module that javac warns about, such as an incubating one, would break builds with -Werror. */
class ModuleDescriptorTest {
  @Test
  void theDescriptorNamesNoModuleThatJavacWarnsAbout() throws Exception {
    Path classes =
        Path.of(Embedder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var in = Files.newInputStream(classes.resolve("module-info.class"))) {
      Set<String> required =
          ModuleDescriptor.read(in).requires().stream()
              .map(Requires::name)
              .collect(Collectors.toSet());
      assertEquals(Set.of("java.base", "dev.kumiko.format"), required);
    }
  }
}
