package dev.utsushi.core;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.record.RecordFilter;
import dev.utsushi.core.record.SdkRecords;
import org.junit.jupiter.api.Test;

/** The directions in which core and its packages may look. */
final class StructureTest {
  private static final String CORE = "dev.utsushi.core";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importUrl(Change.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void changeDependsOnTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage(CORE + ".change")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", CORE + ".change")
        .check(CLASSES);
  }

  @Test
  void coreKnowsNoLambda() {
    noClasses()
        .that(resideInAPackage(CORE + ".."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.amazonaws..", "org.crac..")
        .check(CLASSES);
  }

  @Test
  void coreImportsNothingElseOfOurs() {
    noClasses()
        .that(resideInAPackage(CORE + ".."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.utsushi..").and(resideOutsideOfPackages(CORE + "..")))
        .check(CLASSES);
  }

  @Test
  void onlySearchKnowsTheEnginesClient() {
    noClasses()
        .that(resideInAPackage(CORE + "..").and(resideOutsideOfPackages(CORE + ".search")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.opensearch..", "java.net.http..")
        .check(CLASSES);
  }

  @Test
  void onlyTheseKnowTheAwsClients() {
    noClasses()
        .that(
            resideInAPackage(CORE + "..")
                .and(resideOutsideOfPackages(CORE + ".search", CORE + ".deadletter", CORE + ".run"))
                .and(not(belongToAnyOf(SdkRecords.class, RecordFilter.class))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(CLASSES);
  }

  /** The hot path: what the replication loads must not grow with what dead letters need. */
  @Test
  void theFlowKnowsNothingOfDeadLetters() {
    noClasses()
        .that(resideInAPackage(CORE + "..").and(resideOutsideOfPackages(CORE + ".deadletter")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(CORE + ".deadletter")
        .check(CLASSES);
  }

  @Test
  void nothingLooksBackUpTheFlow() {
    noClasses()
        .that()
        .resideInAPackage(CORE + ".index")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CORE + ".record", CORE + ".replication", CORE + ".settings")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(CORE + ".document")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CORE + ".index", CORE + ".record", CORE + ".replication")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(CORE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
