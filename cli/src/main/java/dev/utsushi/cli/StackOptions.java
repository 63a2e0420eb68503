package dev.utsushi.cli;

import dev.utsushi.operations.stack.Target;
import dev.utsushi.testbed.endpoints.EndpointsFile;
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

/** Which stack and stream is meant: options of the commands that work on a deployed one. */
class StackOptions {
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

  /** Whether anything of this was given. */
  boolean isGiven() {
    return stack != null || local != null || stream != null || region != null || profile != null;
  }

  /** The stream's index; null where there is only one. */
  @Nullable String stream() {
    return stream;
  }

  /**
   * @param question which stack is meant, and how to say so
   * @throws ParameterException with that if it can't be told
   */
  Target target(String question) {
    if (stack != null && local == null) {
      return new Target.Deployed(stack, region, profile);
    }
    if (local != null && stack == null && region == null && profile == null) {
      return new Target.Local(
          local.equals(USUAL_PLACE) ? EndpointsFile.defaultPath() : Path.of(local));
    }
    throw new ParameterException(
        spec.commandLine(),
        local == null ? question : "--local goes with neither --stack, --region nor --profile");
  }

  /** The words of the command line that lead here, for what to type next. */
  String words() {
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
