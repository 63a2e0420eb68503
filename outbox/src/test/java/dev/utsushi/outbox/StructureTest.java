package dev.utsushi.outbox;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The directions in which the outbox may look. */
final class StructureTest {
  private static final JavaClasses OUTBOX =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importUrl(Outbox.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theOutboxImportsCoreAndNothingElseOfOurs() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.utsushi..")
                .and(resideOutsideOfPackages("dev.utsushi.core..", "dev.utsushi.outbox..")))
        .check(OUTBOX);
  }

  @Test
  void theProtocolKnowsNothingButTheJdk() {
    noClasses()
        .that()
        .resideInAPackage("dev.utsushi.outbox.protocol")
        .should()
        .dependOnClassesThat(
            resideOutsideOfPackages("java..", "dev.utsushi.outbox.protocol", "org.jspecify.."))
        .check(OUTBOX);
  }

  @Test
  void theLibraryKnowsNoRelayAndNoLambda() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.utsushi.outbox", "dev.utsushi.outbox.event", "dev.utsushi.outbox.table")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.utsushi.core..",
            "dev.utsushi.outbox.relay",
            "dev.utsushi.outbox.broker",
            "com.amazonaws..",
            "com.fasterxml..")
        .check(OUTBOX);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.utsushi.outbox.(*)..").should().beFreeOfCycles().check(OUTBOX);
  }
}
