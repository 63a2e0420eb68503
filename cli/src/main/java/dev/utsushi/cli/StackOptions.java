package dev.utsushi.cli;

import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.operations.stack.StackSelector;
import java.nio.file.Path;
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

  /**
   * Returns the stream that was selected.
   *
   * @param missing what to say if none was
   * @throws ParameterException if none was, or two were
   */
  StackSelector selector(String missing) {
    if (stack != null && local == null) {
      return new StackSelector.Deployed(stack, region, profile, stream);
    }
    if (local != null && stack == null && region == null && profile == null) {
      return new StackSelector.Local(
          local.equals(USUAL_PLACE) ? LocalEndpoints.defaultFile() : Path.of(local), stream);
    }
    throw new ParameterException(
        spec.commandLine(),
        local == null ? missing : "--local goes with neither --stack, --region nor --profile");
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
