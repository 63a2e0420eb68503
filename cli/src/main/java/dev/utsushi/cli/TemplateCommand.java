package dev.utsushi.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code utsushi template}. The app in infra does the work: it knows the CDK. */
@Command(
    name = "template",
    header = "Writes the CloudFormation template of a settings file, for use without the CDK.")
final class TemplateCommand extends UtsushiCommand {
  /** What this command and the one that it prints write. */
  private static final Set<String> OWN_FILES = Set.of("template.json", "packaged.json");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "the settings file")
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private Path config;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "directory of its own for the template and its code")
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private Path out;

  @Option(
      names = "--deployed",
      paramLabel = "FILE",
      description = "the deployed template in JSON, to list what an update would replace or remove")
  private @Nullable Path deployed;

  @Mixin
  @SuppressWarnings("UnusedVariable") // CommandRunner checks whether it was given.
  private AnswerOptions.Debug debug = new AnswerOptions.Debug();

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkReadable("--config", config);
    if (deployed != null) {
      checkReadable("--deployed", deployed);
    }
    checkOut();
    Path infra = Path.of(System.getProperty("utsushi.home", ".")).resolve("infra").toAbsolutePath();
    Process app = new ProcessBuilder(command(infra)).directory(infra.toFile()).inheritIO().start();
    try {
      return app.waitFor();
    } finally {
      app.destroy();
    }
  }

  private List<String> command(Path infra) {
    List<String> command = new ArrayList<>(List.of("bash", infra.resolve("app.sh").toString()));
    command.add(config.toAbsolutePath().toString());
    command.add(out.toAbsolutePath().toString());
    if (deployed != null) {
      command.add(deployed.toAbsolutePath().toString());
    }
    return command;
  }

  private void checkReadable(String option, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw wrong("%s: %s can't be read".formatted(option, file));
    }
  }

  /** The app deletes the code that it wrote before. */
  private void checkOut() throws IOException {
    if (!Files.exists(out)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw wrong("--out: %s is not a directory".formatted(out));
    }
    try (Stream<Path> files = Files.list(out)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !OWN_FILES.contains(name) && !name.startsWith("asset."))
          .findFirst()
          .ifPresent(
              name -> {
                throw wrong("--out: %s holds another file: %s".formatted(out, name));
              });
    }
  }
}
