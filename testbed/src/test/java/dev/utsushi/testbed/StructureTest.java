package dev.utsushi.testbed;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** The directions in which the packages may look. */
class StructureTest {
  private static final JavaClasses TESTBED =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.utsushi.testbed");

  @Test
  void knowsOnlyTheFunctionItsCoreAndTheEmbeddedServers() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.utsushi..")
                .and(
                    not(
                        resideInAnyPackage(
                            "dev.utsushi.testbed..",
                            "dev.utsushi.lambda..",
                            "dev.utsushi.core..",
                            "dev.utsushi.local.."))))
        .check(TESTBED);
  }

  @Test
  void theComparisonIsAWitnessAndSharesNoCodeWithTheFunction() {
    noClasses()
        .that()
        .resideInAPackage("..testbed.comparison")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.utsushi.core..", "dev.utsushi.lambda..", "dev.utsushi.stream..")
        .check(TESTBED);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.utsushi.testbed.(*)..").should().beFreeOfCycles().check(TESTBED);
  }
}
