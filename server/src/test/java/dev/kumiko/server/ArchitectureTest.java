package dev.kumiko.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {
  private static final String ROOT = "dev.kumiko.server";
  private static final String HTTP = ROOT + ".http..";

  private static final Path BUILT = built();
  private static final JavaClasses CLASSES = new ClassFileImporter().importPath(BUILT);

  private static Path built() {
    try {
      return Path.of(
          EmbeddingServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyRoomIsThere() {
    Set<String> rooms =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));
    for (String room :
        List.of(
            "",
            ".batch",
            ".cohere",
            ".http",
            ".metrics",
            ".model",
            ".ollama",
            ".openai",
            ".status",
            ".tei",
            ".text")) {
      assertTrue(rooms.contains(ROOT + room), "no classes in " + ROOT + room);
    }
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(CLASSES);
  }

  @Test
  void onlyTheHttpPackageKnowsJetty() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HTTP)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(CLASSES);
  }

  @Test
  void onlyTheMetricsPackageKnowsMicrometer() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "io.prometheus..")
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineKnowsPicocli() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CLASSES);
  }

  @Test
  void batchingKnowsNothingOfHttpOrModels() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".batch..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(ROOT + ".batch..", "java..")
        .check(CLASSES);
  }

  @Test
  void usersSeeTheEntriesAlone() throws IOException {
    ModuleDescriptor module;
    try (InputStream in = Files.newInputStream(BUILT.resolve("module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
    assertEquals(ROOT, module.name());
    assertEquals(
        Set.of(ROOT),
        module.exports().stream()
            .filter(exported -> !exported.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet()));
    assertEquals(
        Set.of("Main", "ServeCommand"),
        CLASSES.stream()
            .filter(type -> type.getPackageName().equals(ROOT))
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getSimpleName)
            .collect(Collectors.toSet()));
  }
}
