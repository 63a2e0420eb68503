package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the settings file: YAML, checked against its schema, bound to records. */
public final class SettingsFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          // A number in a filter pattern is passed on with the digits that it has.
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private SettingsFile() {}

  /** The result of reading the file. */
  public sealed interface Outcome {
    /** The file can be deployed. */
    record Read(StackSettings settings) implements Outcome {}

    /** The file can't be deployed; all its problems, by line. */
    record Broken(List<Problem> problems) implements Outcome {}
  }

  /**
   * Something to fix in the file.
   *
   * @param line counted from 1
   */
  public record Problem(int line, String what) {}

  /** Reads the file, and the mappings that it names, relative to its directory. */
  public static Outcome read(Path file) {
    try {
      return read(Files.readString(file), file.resolveSibling(""));
    } catch (CharacterCodingException e) {
      return broken(1, "the file is not UTF-8 text");
    } catch (IOException e) {
      return broken(
          1, "the file is missing or can't be read; name another one with -c config=<path>");
    }
  }

  static Outcome read(String yaml, Path directory) {
    Optional<Node> root;
    try {
      root = new Compose(LoadSettings.builder().build()).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      return broken(line, "the file is not YAML from here on: " + e.getProblem());
    } catch (YamlEngineException e) {
      return broken(1, "the file is not YAML: " + e.getMessage());
    } catch (StackOverflowError _) {
      // The parser calls itself for each level, and has no limit of its own.
      return broken(1, "the file nests too deeply");
    }
    return root.map(node -> read(new YamlTree(node), new NamedFiles(directory)))
        .orElseGet(() -> broken(1, "the file is empty; start from the utsushi.yaml that ships"));
  }

  private static Outcome read(YamlTree tree, NamedFiles files) {
    List<Problem> problems = new ArrayList<>(tree.problems());
    problems.addAll(SchemaProblems.find(tree));
    applyDefaults(tree.json());
    TargetChecks.nameStreams(tree);
    problems.addAll(CrossChecks.find(tree, files));
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(Problem::line));
      return new Outcome.Broken(List.copyOf(problems));
    }
    return new Outcome.Read(bind(tree.json()));
  }

  /** The file's own defaults come before the schema's. */
  private static void applyDefaults(JsonNode file) {
    for (JsonNode stream : file.path("streams")) {
      applyDefaults(file, stream);
      for (JsonNode consumer : stream.path("consumers")) {
        applyDefaults(file, consumer);
        if (consumer instanceof ObjectNode settings) {
          shareSource(stream, settings);
        }
      }
    }
    SchemaPart.FILE.complete(file);
  }

  private static void applyDefaults(JsonNode file, JsonNode consumer) {
    if (consumer instanceof ObjectNode settings) {
      file.path("defaults")
          .propertyStream()
          .forEach(entry -> settings.putIfAbsent(entry.getKey(), entry.getValue()));
    }
  }

  /** A consumer is a stream of its own that reads what another one reads. */
  private static void shareSource(JsonNode stream, ObjectNode consumer) {
    for (String key : List.of("table", "source", "kinesis")) {
      if (stream.has(key)) {
        consumer.set(key, stream.get(key));
      }
    }
    consumer.putArray("consumers");
    consumer.put("consumer", "lambda");
    String function = consumer.path("functionArn").asText();
    if (!function.isEmpty() && !consumer.has("index")) {
      consumer.put("index", function.replaceFirst("^.*:function:", "").replace(':', '-'));
    }
  }

  private static StackSettings bind(JsonNode file) {
    try {
      return MAPPER.treeToValue(file, StackSettings.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The schema allows what the records can't hold.", e);
    }
  }

  private static Outcome broken(int line, String what) {
    return new Outcome.Broken(List.of(new Problem(line, what)));
  }
}
