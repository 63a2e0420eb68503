package dev.utsushi.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Checks that the tests named in the conformance tables of the README exist. */
class ConformanceTableTest {

  /** A behavior, the pages that document it, and the tests that show it. */
  private record Row(String behavior, String page, List<String> tests) {}

  private static final Path SOURCES = Path.of("src/test/java");
  private static final Pattern NAMED_TEST = Pattern.compile("`(\\w*)(?:\\.(\\w+))?`");

  @Test
  void theTableHasItsRows() throws IOException {
    assertThat(rows()).hasSizeGreaterThan(40);
  }

  @Test
  void everyRowNamesTestsThatExist() throws Exception {
    Map<String, String> classes = classes();
    List<String> missing = new ArrayList<>();
    for (Row row : rows()) {
      if (row.tests().isEmpty()) {
        missing.add("no test of: " + row.behavior());
      }
      for (String test : row.tests()) {
        if (!exists(test, classes)) {
          missing.add(test + " of: " + row.behavior());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyRowNamesAPageWithAnAddress() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    assertThat(rows())
        .allSatisfy(
            row ->
                assertThat(row.page().equals("ours") || readme.contains(row.page() + " ["))
                    .as(row.behavior())
                    .isTrue());
  }

  private static boolean exists(String test, Map<String, String> classes) throws Exception {
    String[] parts = test.split("\\.", 2);
    String name = classes.get(parts[0]);
    if (name == null) {
      return false;
    }
    List<String> tests =
        Arrays.stream(Class.forName(name).getDeclaredMethods())
            .filter(ConformanceTableTest::isTest)
            .map(Method::getName)
            .toList();
    return parts.length == 1 ? !tests.isEmpty() : tests.contains(parts[1]);
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }

  /** Returns the full names of the test classes, by simple name. */
  private static Map<String, String> classes() throws IOException {
    try (var files = Files.walk(SOURCES)) {
      return files
          .map(SOURCES::relativize)
          .map(Path::toString)
          .filter(file -> file.endsWith("Test.java") || file.endsWith("IT.java"))
          .map(file -> file.substring(0, file.length() - ".java".length()).replace('/', '.'))
          .collect(
              Collectors.toMap(
                  name -> name.substring(name.lastIndexOf('.') + 1),
                  name -> name,
                  (one, other) -> one,
                  TreeMap::new));
    }
  }

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(Path.of("README.md")).stream()
        .dropWhile(line -> !line.equals("## Conformance"))
        .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
        .filter(line -> !line.equals("| Behavior | Page | Test |"))
        .map(ConformanceTableTest::row)
        .toList();
  }

  private static Row row(String line) {
    String[] cells = line.split("\\|", -1);
    assertThat(cells).as(line).hasSize(5);
    return new Row(cells[1].strip(), cells[2].strip(), tests(cells[3]));
  }

  /** Reads {@code `ATest.one`, `.other`}: a name without a class belongs to the class before it. */
  private static List<String> tests(String cell) {
    List<String> tests = new ArrayList<>();
    String testClass = "";
    for (Matcher named = NAMED_TEST.matcher(cell); named.find(); ) {
      testClass = named.group(1).isEmpty() ? testClass : named.group(1);
      tests.add(named.group(2) == null ? testClass : testClass + '.' + named.group(2));
    }
    return tests;
  }
}
