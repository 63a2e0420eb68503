package dev.utsushi.infra.settings;

import dev.utsushi.infra.settings.Value.Entries;
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

/** The settings file. */
public final class SettingsFile {
  private SettingsFile() {}

  /** What came of reading it. */
  public sealed interface Outcome {
    /** It can be deployed. */
    record Read(Settings settings) implements Outcome {}

    /** It can't: everything that is wrong, in the order of the lines. */
    record Broken(List<Problem> problems) implements Outcome {}
  }

  /** Reads the file and what it names, which it finds beside itself. */
  public static Outcome read(Path file) {
    try {
      return read(Files.readString(file), file.resolveSibling(""));
    } catch (CharacterCodingException e) {
      return broken(1, "the file is not UTF-8 text");
    } catch (IOException e) {
      return broken(1, "there is no such file; another one is named by -c config=<path>");
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
      return broken(1, "the file is not YAML");
    }
    return root.map(node -> read(node, directory))
        .orElseGet(() -> broken(1, "the file is empty; the utsushi.yaml that ships is an example"));
  }

  private static Outcome read(Node root, Path directory) {
    List<Problem> problems = new ArrayList<>();
    Optional<Entries> file =
        new ShapeCheck(problems).check(root, FileShape.FILE, "").map(Entries.class::cast);
    MappingSource mappings = new MappingSource(directory);
    file.ifPresent(entries -> new SenseCheck(problems, mappings).check(entries));
    if (file.isEmpty() || !problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(Problem::line));
      return new Outcome.Broken(List.copyOf(problems));
    }
    return new Outcome.Read(new SettingsBuilder(mappings).settings(file.get()));
  }

  private static Outcome broken(int line, String what) {
    return new Outcome.Broken(List.of(new Problem(line, what)));
  }
}
