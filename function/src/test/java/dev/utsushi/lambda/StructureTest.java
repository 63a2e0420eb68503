package dev.utsushi.lambda;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The directions in which the packages may look. */
final class StructureTest {
  private static final JavaClasses FUNCTION =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  @Test
  void changeDependsOnTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage("dev.utsushi.core.change")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "dev.utsushi.core.change")
        .check(FUNCTION);
  }

  @Test
  void onlyStreamAndLambdaKnowLambda() {
    noClasses()
        .that(resideInAPackage("dev.utsushi..").and(outside("stream")).and(outside("lambda")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.amazonaws..")
        .check(FUNCTION);
  }

  @Test
  void onlySearchKnowsTheEnginesClient() {
    noClasses()
        .that(resideInAPackage("dev.utsushi..").and(outside("search")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.opensearch..", "java.net.http..")
        .check(FUNCTION);
  }

  @Test
  void onlySearchAndDeadletterKnowTheAwsClients() {
    noClasses()
        .that(resideInAPackage("dev.utsushi..").and(outside("search")).and(outside("deadletter")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(FUNCTION);
  }

  /** The hot path: what the replication loads must not grow with what others need. */
  @Test
  void theReplicationKnowsNothingOfDeadLetters() {
    noClasses()
        .that()
        .haveNameMatching(
            "dev\\.utsushi\\.lambda\\.(ReplicationHandler|Assembly|SnapStart|Priming).*")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.utsushi.core.deadletter")
        .check(FUNCTION);
  }

  @Test
  void nothingLooksBackUpTheFlow() {
    noClasses()
        .that()
        .resideInAPackage("dev.utsushi.core.index")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.utsushi.stream",
            "dev.utsushi.lambda",
            "dev.utsushi.core.settings",
            "dev.utsushi.core.deadletter")
        .check(FUNCTION);
    noClasses()
        .that()
        .resideInAPackage("dev.utsushi.core.document")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.utsushi.stream", "dev.utsushi.core.index", "dev.utsushi.lambda")
        .check(FUNCTION);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.utsushi.(*)..").should().beFreeOfCycles().check(FUNCTION);
  }

  private static DescribedPredicate<JavaClass> outside(String name) {
    return DescribedPredicate.not(resideInAPackage("dev.utsushi." + name));
  }
}
