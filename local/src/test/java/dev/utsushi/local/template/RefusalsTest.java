package dev.utsushi.local.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares refusals word for word with {@code refusals.txt}, which has a paragraph for each change
 * of the test's template.
 */
class RefusalsTest {
  private static final Bindings BINDINGS = Bindings.none().withParameter("Recording", "/tmp/r");

  @TempDir private Path directory;

  @Test
  void refusalsAreAsRecorded() throws IOException {
    String expected = resource();
    String actual =
        Stream.of(expected.split("\n\n", -1))
            .map(this::paragraph)
            .collect(Collectors.joining("\n\n", "", "\n"));
    // Copy it over the resource if a change of the texts is intended.
    Files.writeString(Path.of("target/refusals.txt"), actual);

    assertThat(actual).isEqualTo(expected);
  }

  private String paragraph(String paragraph) {
    List<String> changes = paragraph.lines().filter(line -> line.startsWith("/")).toList();
    if (changes.isEmpty()) {
      return paragraph.stripTrailing();
    }
    try {
      return Stream.concat(changes.stream(), problems(changes).map("  "::concat))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new AssertionError(paragraph, e);
    }
  }

  private Stream<String> problems(List<String> changes) throws IOException {
    try {
      StackPlan.read(
          Templates.changed(
              directory, template -> changes.forEach(change -> apply(template, change))),
          BINDINGS);
      return Stream.of("none");
    } catch (TemplateException e) {
      return e.problems().stream()
          .map(problem -> problem.replace(directory.toAbsolutePath().toString(), "DIRECTORY"));
    }
  }

  private static void apply(ObjectNode template, String change) {
    String[] parts = change.split(" = ", 2);
    var pointer = JsonPointer.compile(parts[0].replaceFirst(" -$", ""));
    String name = pointer.last().getMatchingProperty();
    switch (template.at(pointer.head())) {
      case ObjectNode object when parts.length == 1 ->
          assertThat(object.remove(name)).as(change).isNotNull();
      case ObjectNode object -> object.set(name, value(parts[1]));
      case ArrayNode array -> array.set(pointer.last().getMatchingIndex(), value(parts[1]));
      default -> throw new AssertionError(change);
    }
  }

  private static JsonNode value(String text) {
    try {
      return Templates.json(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private static String resource() throws IOException {
    try (InputStream in = RefusalsTest.class.getResourceAsStream("refusals.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    }
  }
}
