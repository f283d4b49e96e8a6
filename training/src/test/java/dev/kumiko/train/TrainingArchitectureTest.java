package dev.kumiko.train;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class TrainingArchitectureTest {
  private static final String VECTOR_KERNELS = "dev.kumiko.train.kernel.vector..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.kumiko.train");

  @Test
  void onePackageAloneKnowsTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage(VECTOR_KERNELS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(CLASSES);
    assertThrows(
        AssertionError.class,
        () ->
            noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(CLASSES),
        "the rule sees nothing");
  }

  @Test
  void theVectorKernelsAreLoadedByNameOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(VECTOR_KERNELS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(VECTOR_KERNELS)
        .check(CLASSES);
  }

  @Test
  void everyKernelHasItsTwin() {
    assertEquals(twins("Scalar", ""), twins("Vector", ".vector"));
  }

  private static Set<String> twins(String prefix, String room) {
    return CLASSES.stream()
        .filter(c -> c.getPackageName().equals("dev.kumiko.train.kernel" + room))
        .map(c -> c.getSimpleName())
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void dataLossesAndOptimisersKnowNoModel() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.kumiko.train.data..", "dev.kumiko.train.loss..", "dev.kumiko.train.optimize..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.kumiko.train.model..", "dev.kumiko.train.part..", "dev.kumiko.train.run..")
        .check(CLASSES);
  }
}
