package dev.utsushi.faults;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The directions in which the packages may look. */
class StructureTest {
  private static final JavaClasses FAULTS =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  /**
   * Of the function it knows the names of metrics and the table of runs. What judges must not share
   * code with it.
   */
  @Test
  void dependsOnThePipelineAndNotOnTheFunction() {
    noClasses()
        .that()
        .resideInAPackage("dev.utsushi.faults..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.utsushi..")
                .and(
                    not(
                        resideInAnyPackage(
                            "dev.utsushi.faults..",
                            "dev.utsushi.testbed..",
                            "dev.utsushi.local..",
                            "dev.utsushi.core.telemetry",
                            "dev.utsushi.core.run"))))
        .check(FAULTS);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.utsushi.faults.(*)..").should().beFreeOfCycles().check(FAULTS);
  }
}
