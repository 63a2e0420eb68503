package dev.utsushi.cli;

import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.operations.stack.StackSelector;
import java.nio.file.Path;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that select a stream of a deployed or local stack. */
class StackOptions {
  private static final String DEFAULT_FILE = "";

  @Option(
      names = "--stack",
      paramLabel = "NAME",
      description = "name of a deployed stack, reached with the default AWS credentials")
  private @Nullable String stack;

  @Option(
      names = "--local",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = DEFAULT_FILE,
      preprocessor = Attached.class,
      description =
          "the stack that utsushi demo --keep or utsushi up runs on this machine; FILE is its file"
              + " of endpoints, if not the default one")
  private @Nullable String local;

  @Option(
      names = "--stream",
      paramLabel = "INDEX",
      description =
          "index of the stream; required if the stack has several. For one of the stream's targets"
              + " INDEX/TARGET")
  private @Nullable String stream;

  @Mixin private AccountOptions account = new AccountOptions();

  /** Returns whether any of these options was given. */
  boolean isGiven() {
    return stack != null || local != null || stream != null || account.isGiven();
  }

  /**
   * Returns the stream that was selected.
   *
   * @throws IllegalArgumentException if none was, or two were
   */
  StackSelector selector() {
    if (stack != null && local == null) {
      return new StackSelector.Deployed(stack, account.region, account.profile, stream);
    }
    if (local != null && stack == null && !account.isGiven()) {
      return new StackSelector.Local(
          local.equals(DEFAULT_FILE) ? LocalEndpoints.defaultFile() : Path.of(local), stream);
    }
    throw new IllegalArgumentException(
        local == null
            ? "give --stack NAME for a deployed stack, or --local for the pipeline on this machine"
            : "--local goes with neither --stack, --region nor --profile");
  }

  /** Takes a value only as {@code --local=FILE}: the word after {@code --local} may be an id. */
  static final class Attached implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (!"=".equals(info.get("separator"))) {
        arguments.push(DEFAULT_FILE);
      }
      return false;
    }
  }
}
