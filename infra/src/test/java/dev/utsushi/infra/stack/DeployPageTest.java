package dev.utsushi.infra.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.IndexNames.Copy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

/** The steps of docs/deploy.md, as far as they go without AWS. */
class DeployPageTest {
  private static final Path PAGE = Path.of("../docs/deploy.md");

  @ParameterizedTest
  @MethodSource("settings")
  void theSettingsOfEachStepSynthesize(String yaml) {
    UtsushiStack stack = Stacks.lenientStack(complete(yaml));
    Template.fromStack(stack);
    Annotations.fromStack(stack).hasNoError("*", Match.anyValue());
    Annotations.fromStack(stack).hasNoWarning("*", Match.anyValue());
  }

  static List<String> settings() {
    List<String> blocks = blocks("yaml");
    assertThat(blocks).hasSizeGreaterThan(8);
    return blocks;
  }

  private static String complete(String yaml) {
    String search = has(yaml, "search") ? "" : Stacks.EXISTING_DOMAIN;
    String streams = has(yaml, "streams") ? "" : Stacks.STREAMS;
    return yaml + search + streams;
  }

  private static boolean has(String yaml, String key) {
    return yaml.lines().anyMatch(line -> line.startsWith(key + ':'));
  }

  @Test
  void theRolesInTheDomainAreOfTheIndexAndItsAliases() {
    IndexNames names = new IndexNames("deals");
    List<JsonNode> roles = json().filter(block -> block.has("index_permissions")).toList();
    assertThat(roles)
        .hasSize(3)
        .allSatisfy(
            role ->
                assertThat(role.at("/index_permissions/0/index_patterns"))
                    .extracting(JsonNode::asText)
                    .containsExactly(
                        names.reader(),
                        names.writer(),
                        names.of(Copy.OLD).writer(),
                        names.of(Copy.NEW).writer(),
                        names.reader() + "-000???"));
  }

  @Test
  void theMappedRolesAreOutputs() {
    List<String> mapped =
        json()
            .flatMap(block -> block.path("backend_roles").valueStream())
            .map(JsonNode::asText)
            .distinct()
            .toList();
    assertThat(mapped).hasSize(3);
    for (String output : mapped) {
      assertThat(Stacks.template(Stacks.EXISTING_DOMAIN + Stacks.STREAMS).findOutputs(output))
          .as(output)
          .hasSize(1);
    }
  }

  private static Stream<JsonNode> json() {
    ObjectMapper mapper = new ObjectMapper();
    return blocks("json").stream()
        .map(
            block -> {
              try {
                return mapper.readTree(block);
              } catch (IOException e) {
                throw new UncheckedIOException(block, e);
              }
            });
  }

  /** Returns the fenced blocks of one language, without the indentation of their list. */
  private static List<String> blocks(String language) {
    Pattern fence = Pattern.compile("(?ms)^( *)```" + language + "\\n(.*?)\\n\\1```$");
    try {
      return fence
          .matcher(Files.readString(PAGE))
          .results()
          .map(block -> block.group(2).stripIndent() + '\n')
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
