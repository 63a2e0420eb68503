package dev.utsushi.worker;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The directions in which the worker may look. */
final class StructureTest {
  private static final JavaClasses WORKER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importUrl(Worker.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theWorkerImportsCoreAndNothingElseOfOurs() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.utsushi..")
                .and(resideOutsideOfPackages("dev.utsushi.core..", "dev.utsushi.worker..")))
        .check(WORKER);
  }

  @Test
  void lanesKnowNothingOfTheLibrary() {
    noClasses()
        .that(
            not(
                belongToAnyOf(
                    LeasedStream.class, ShardWriter.class, ShardParts.class, Worker.class)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon.kinesis..", "com.amazonaws..")
        .check(WORKER);
  }
}
