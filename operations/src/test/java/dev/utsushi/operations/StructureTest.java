package dev.utsushi.operations;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** An operator's tool brings no embedded servers. */
final class StructureTest {
  @Test
  void operationsImportsOnlyCoreAndFunction() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages(
            "dev.utsushi.local..",
            "dev.utsushi.testbed..",
            "dev.utsushi.loadtest..",
            "dev.utsushi.faults..",
            "dev.utsushi.infra..",
            "dev.utsushi.cli..")
        .check(new ClassFileImporter().importPath(Path.of("target/classes")));
  }
}
