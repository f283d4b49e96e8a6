package dev.kumiko;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.kumiko.format.Activation;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ArchitectureTest {
  private static final String VECTOR_API = "jdk.incubator.vector..";
  private static final String VECTOR_KERNELS = "dev.kumiko.kernel.vector..";

  /** Helpers of one backend whose job the other does otherwise: see {@code Tiles}. */
  private static final Set<String> WITHOUT_TWIN = Set.of("ScalarProduct");

  private static final Set<String> EXPORTED =
      Set.of("dev.kumiko.model", "dev.kumiko", "dev.kumiko.search", "dev.kumiko.chunk");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.kumiko");

  @Test
  void everyRoomIsThere() {
    for (String room :
        new String[] {
          "",
          ".format",
          ".tokenize",
          ".table",
          ".encode",
          ".kernel",
          ".kernel.vector",
          ".parallel",
          ".search",
          ".chunk"
        }) {
      assertFalse(
          CLASSES.that(in("dev.kumiko" + room)).isEmpty(), "no classes in dev.kumiko" + room);
    }
  }

  @Test
  void onePackageAloneKnowsTheVectorApi() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackage(VECTOR_KERNELS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(VECTOR_API);
    rule.check(CLASSES);
    ArchRule inside = noClasses().should().dependOnClassesThat().resideInAPackage(VECTOR_API);
    assertThrows(AssertionError.class, () -> inside.check(CLASSES), "the rule sees nothing");
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
  void theFormatKnowsNothingOfTheEngine() {
    knowsOnly(
        "dev.kumiko.format..", "dev.kumiko.format..", "dev.kumiko.model", "tools.jackson.core..");
    knowsOnly("dev.kumiko.model", "dev.kumiko.model", "dev.kumiko.format.text");
  }

  @Test
  void kernelsKnowArraysAndActivationsOnly() {
    knowsOnly("dev.kumiko.kernel", "dev.kumiko.kernel", "dev.kumiko.format");
    knowsOnly(VECTOR_KERNELS, "dev.kumiko.kernel..", "dev.kumiko.format", VECTOR_API);
    noClasses()
        .that()
        .resideInAPackage("dev.kumiko.kernel..")
        .should()
        .dependOnClassesThat(in("dev.kumiko.format").and(not(equivalentTo(Activation.class))))
        .check(CLASSES);
  }

  @Test
  void theTokenizerKnowsNoTensors() {
    knowsOnly(
        "dev.kumiko.tokenize..",
        "dev.kumiko.tokenize..",
        "dev.kumiko.format..",
        "dev.kumiko.model");
    noClasses()
        .that()
        .resideInAPackage("dev.kumiko.tokenize..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Tensor.class, ModelFile.class)
        .check(CLASSES);
  }

  @Test
  void tablesKnowNoLayers() {
    knowsOnly(
        "dev.kumiko.table..",
        "dev.kumiko.table..",
        "dev.kumiko.kernel",
        "dev.kumiko.format",
        "dev.kumiko.model");
  }

  @Test
  void theEncoderKnowsNoTexts() {
    knowsOnly(
        "dev.kumiko.encode..",
        "dev.kumiko.encode..",
        "dev.kumiko.parallel",
        "dev.kumiko.table",
        "dev.kumiko.kernel",
        "dev.kumiko.format..",
        "dev.kumiko.model");
  }

  @Test
  void theSearchKnowsNoModels() {
    knowsOnly(
        "dev.kumiko.search",
        "dev.kumiko.search",
        "dev.kumiko.parallel",
        "dev.kumiko.kernel",
        "dev.kumiko.format..",
        "dev.kumiko.model");
    knowsOnly("dev.kumiko.parallel", "dev.kumiko.parallel");
  }

  @Test
  void chunksKnowCharactersAndWhoCountsTokens() {
    knowsOnly("dev.kumiko.chunk", "dev.kumiko.chunk", "dev.kumiko", "dev.kumiko.tokenize.unicode");
  }

  @Test
  void thePublicFaceKnowsNoThirdParty() {
    knowsOnly("dev.kumiko", "dev.kumiko..");
  }

  /** Beside the JDK's own packages. */
  private static void knowsOnly(String room, String... others) {
    String[] allowed = new String[others.length + 1];
    System.arraycopy(others, 0, allowed, 0, others.length);
    allowed[others.length] = "java..";
    classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(CLASSES);
  }

  @Test
  void exportedMethodsShowExportedTypesOnly() {
    Set<String> hidden = new TreeSet<>();
    for (JavaClass type :
        CLASSES.that(in("dev.kumiko").or(in("dev.kumiko.search")).or(in("dev.kumiko.chunk")))) {
      if (type.getModifiers().contains(JavaModifier.PUBLIC)) {
        for (JavaMethod method : type.getMethods()) {
          if (method.getModifiers().contains(JavaModifier.PUBLIC)) {
            method.getAllInvolvedRawTypes().stream()
                .map(JavaClass::getBaseComponentType)
                .filter(shown -> shown.getPackageName().startsWith("dev.kumiko."))
                .filter(shown -> !EXPORTED.contains(shown.getPackageName()))
                .forEach(shown -> hidden.add(method.getFullName() + " shows " + shown.getName()));
          }
        }
      }
    }
    assertEquals(Set.of(), hidden);
  }

  @Test
  void everyKernelHasItsTwin() {
    Set<String> scalar = names("dev.kumiko.kernel", "Scalar");
    scalar.removeAll(
        WITHOUT_TWIN.stream()
            .map(name -> name.substring("Scalar".length()))
            .collect(Collectors.toSet()));
    assertEquals(scalar, names("dev.kumiko.kernel.vector", "Vector"));
    assertFalse(scalar.isEmpty());
  }

  private static Set<String> names(String room, String prefix) {
    return CLASSES.that(in(room)).stream()
        .map(JavaClass::getSimpleName)
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static DescribedPredicate<JavaClass> in(String room) {
    return JavaClass.Predicates.resideInAPackage(room);
  }
}
