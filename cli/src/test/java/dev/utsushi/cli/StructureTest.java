package dev.utsushi.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imports between modules point down only, and a name means one class. */
class StructureTest {
  /**
   * Names that mean two things in the field itself. {@code Replication} copies records in the
   * function, and deploys that function in the construct. No code can use both: one runs in Lambda,
   * the other in a CDK app.
   */
  private static final Set<String> ALLOWED_TWICE = Set.of("Replication");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.utsushi");

  /** The modules that each module may not import; see the figure in CONTRIBUTING.md. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          core              | lambda stream local testbed operations loadtest faults cli
          lambda            | local testbed operations loadtest faults cli
          stream            | local testbed operations loadtest faults cli lambda
          local             | core lambda stream testbed operations loadtest faults cli
          outbox            | lambda stream local testbed operations loadtest faults cli
          testbed           | operations loadtest faults cli
          operations        | local testbed loadtest faults cli
          loadtest          | faults cli
          faults            | operations loadtest cli
          testbed.comparison | core lambda stream local
          loadtest.simulation | local core
          """)
  void importsPointDown(String module, String above) {
    String[] packages =
        List.of(above.split(" ")).stream()
            .map(name -> "dev.utsushi." + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("dev.utsushi." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(CLASSES);
  }

  @Test
  void noTwoMainClassesShareAName() throws IOException {
    Path home = Path.of("").toAbsolutePath().getParent();
    Map<String, List<Path>> byName;
    try (var files = Files.walk(home)) {
      byName =
          files
              .filter(file -> file.toString().contains("/src/main/java/"))
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("package-info.java"))
              .filter(file -> !file.toString().contains("/node_modules/"))
              .collect(groupingBy(file -> file.getFileName().toString().replace(".java", "")));
    }
    assertThat(byName).as("main classes below %s", home).hasSizeGreaterThan(100);
    Map<String, List<Path>> shared = new TreeMap<>(byName);
    shared.values().removeIf(paths -> paths.size() == 1);
    shared.keySet().removeAll(ALLOWED_TWICE);
    assertThat(shared).isEmpty();
  }
}
