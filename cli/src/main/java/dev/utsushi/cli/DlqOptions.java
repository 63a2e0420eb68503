package dev.utsushi.cli;

import dev.utsushi.cli.dlq.Asked;
import dev.utsushi.cli.dlq.Target;
import dev.utsushi.cli.endpoints.EndpointsFile;
import dev.utsushi.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whose dead letters are meant, and who wants to know: options of all {@code dlq} commands. */
final class DlqOptions {
  private static final String USUAL_PLACE = "";

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  @Option(
      names = "--stack",
      paramLabel = "NAME",
      description = "of a deployed stack; with the default AWS credentials")
  private @Nullable String stack;

  @Option(
      names = "--local",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = USUAL_PLACE,
      preprocessor = Attached.class,
      description =
          "of what utsushi demo --keep or utsushi up runs on this machine; FILE if not in the"
              + " usual place")
  private @Nullable String local;

  @Option(
      names = "--stream",
      paramLabel = "INDEX",
      description = "which stream, by its index; needed where the stack has several")
  private @Nullable String stream;

  @Option(names = "--region", paramLabel = "REGION", description = "if not the default one")
  private @Nullable String region;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "of the AWS configuration, if not the default one")
  private @Nullable String profile;

  @Option(
      names = "--json",
      description = "JSON on standard output, and nothing else; progress on standard error")
  private boolean json;

  @Option(names = "--debug", description = "show stack traces of failures")
  @SuppressWarnings("UnusedVariable") // Failures looks whether it was given.
  private boolean debug;

  /**
   * @throws ParameterException if it can't be told whose dead letters are meant
   */
  Asked asked() {
    Target target = target();
    var out = spec.commandLine().getOut();
    return new Asked(
        target,
        stream,
        words(),
        json
            ? Terminal.plain(spec.commandLine().getErr())
            : Terminal.standardOutput(System.getenv(), out),
        json ? out : null);
  }

  boolean json() {
    return json;
  }

  private Target target() {
    if (stack != null && local == null) {
      return new Target.Deployed(stack, region, profile);
    }
    if (local != null && stack == null && region == null && profile == null) {
      return new Target.Local(
          local.equals(USUAL_PLACE) ? EndpointsFile.defaultPath() : Path.of(local));
    }
    throw new ParameterException(
        spec.commandLine(),
        local == null
            ? "whose dead letters? --stack NAME for a deployed stack, --local for this machine's"
            : "--local goes with neither --stack, --region nor --profile");
  }

  private String words() {
    List<String> words = new ArrayList<>();
    if (local != null) {
      words.add(local.equals(USUAL_PLACE) ? "--local" : "--local=" + local);
    }
    add(words, "--stack", stack);
    add(words, "--region", region);
    add(words, "--profile", profile);
    add(words, "--stream", stream);
    return String.join(" ", words);
  }

  private static void add(List<String> words, String option, @Nullable String value) {
    if (value != null) {
      words.add(option);
      words.add(value);
    }
  }

  /** A value only as {@code --local=FILE}: what follows {@code --local} may be a message id. */
  static final class Attached implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (!"=".equals(info.get("separator"))) {
        arguments.push(USUAL_PLACE);
      }
      return false;
    }
  }
}
