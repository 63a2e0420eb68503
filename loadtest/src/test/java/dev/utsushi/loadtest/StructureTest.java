package dev.utsushi.loadtest;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** Checks which packages may depend on which. */
class StructureTest {
  private static final JavaClasses LOADTEST =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.utsushi.loadtest");

  @Test
  void onlyRunDependsOnPipelines() {
    noClasses()
        .that()
        .resideInAPackage("dev.utsushi.loadtest..")
        .and()
        .resideOutsideOfPackage("dev.utsushi.loadtest.run")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.utsushi..").and(not(resideInAPackage("dev.utsushi.loadtest.."))))
        .check(LOADTEST);
  }

  @Test
  void runDependsNeitherOnTheFunctionNorOnTheCommandLine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.utsushi.lambda..", "dev.utsushi.cli..", "dev.utsushi.faults..")
        .check(LOADTEST);
  }

  @Test
  void theSimulationSharesNoCodeWithTheMappingItPredicts() {
    classes()
        .that()
        .resideInAnyPackage(
            "..loadtest.simulation", "..loadtest.traffic", "..loadtest.units", "..loadtest.plan")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "org.HdrHistogram..",
            "org.apache.commons.statistics..",
            "..loadtest.simulation",
            "..loadtest.traffic",
            "..loadtest.units",
            "..loadtest.plan")
        .check(LOADTEST);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.utsushi.loadtest.(*)..").should().beFreeOfCycles().check(LOADTEST);
  }
}
