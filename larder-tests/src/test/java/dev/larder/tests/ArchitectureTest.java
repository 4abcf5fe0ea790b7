package dev.larder.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The arrows between packages: policy, key, serial and storage → http; the cache → those; jdk → the
 * cache; other modules → core.
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          // A module's tests come as a jar once it has been packaged.
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.larder");

  @Test
  void everyPackage_isSeen() {
    for (String name :
        List.of(
            "http",
            "policy",
            "key",
            "serial",
            "storage",
            "jdk",
            "dynamodb",
            "embedded",
            "testkit",
            "cli")) {
      assertThat(CLASSES.stream().map(c -> c.getPackageName()))
          .as(name)
          .contains("dev.larder." + name);
    }
  }

  @Test
  void http_importsNothingOfOurs() {
    onlyOurs("dev.larder.http", "dev.larder.http");
  }

  @Test
  void policyKeySerialStorage_importHttpOnly() {
    for (String name : List.of("policy", "key", "serial", "storage")) {
      onlyOurs("dev.larder." + name, "dev.larder." + name, "dev.larder.http");
    }
  }

  @Test
  void cache_importsWhatIsBelowIt() {
    onlyOurs(
        "dev.larder",
        "dev.larder",
        "dev.larder.http",
        "dev.larder.policy",
        "dev.larder.key",
        "dev.larder.serial",
        "dev.larder.storage");
  }

  @Test
  void jdk_importsTheCacheAndWhatIsBelowIt() {
    onlyOurs(
        "dev.larder.jdk",
        "dev.larder.jdk",
        "dev.larder",
        "dev.larder.http",
        "dev.larder.policy",
        "dev.larder.key",
        "dev.larder.storage");
  }

  @Test
  void policyAndKeys_arePure() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.larder.policy", "dev.larder.key")
        .should()
        // The JSON parser declares IOException, though it reads from memory here.
        .dependOnClassesThat(
            resideInAnyPackage("java.io", "java.nio.file", "java.net.http", "org.slf4j")
                .and(not(type(IOException.class))))
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  @Test
  void core_knowsNoDynamoDb() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.larder",
            "dev.larder.http",
            "dev.larder.policy",
            "dev.larder.key",
            "dev.larder.serial",
            "dev.larder.storage",
            "dev.larder.jdk")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon..", "dev.larder.dynamodb..")
        .check(CLASSES);
  }

  @Test
  void embedded_isKnownOnlyToTestkitAndCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.larder.embedded..", "dev.larder.testkit..", "dev.larder.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.larder.embedded..")
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("dev.larder.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  private static void onlyOurs(String in, String... allowed) {
    classes()
        .that()
        .resideInAPackage(in)
        .should()
        .onlyDependOnClassesThat(
            new DescribedPredicate<>("are foreign or in " + List.of(allowed)) {
              @Override
              public boolean test(JavaClass used) {
                return !used.getPackageName().startsWith("dev.larder")
                    || List.of(allowed).contains(used.getPackageName());
              }
            })
        .check(CLASSES);
  }
}
