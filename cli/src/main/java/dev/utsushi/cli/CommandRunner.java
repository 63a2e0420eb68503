package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.core.settings.Suggestion;
import dev.utsushi.operations.stack.OperationException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a command. Wrong usage and failures are one line each, and Ctrl-C gives the command time to
 * clean up.
 */
final class CommandRunner {
  private static final int WIDEST_HELP = 100;

  /** Narrower, picocli takes no help. */
  private static final int NARROWEST_HELP = 55;

  private CommandRunner() {}

  static CommandLine commandLine(Object topCommand) {
    var commandLine = new CommandLine(topCommand);
    var sections = commandLine.getHelpSectionMap();
    sections.put(
        UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING, CommandRunner::exitCodeListHeading);
    return commandLine
        .setHelpSectionMap(sections)
        .setUsageHelpWidth(
            Math.clamp(
                Integer.getInteger("utsushi.columns", WIDEST_HELP), NARROWEST_HELP, WIDEST_HELP))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(
            Help.defaultColorScheme(Terminal.isColored() ? Help.Ansi.ON : Help.Ansi.OFF))
        .setParameterExceptionHandler((problem, _) -> reportUsage(problem))
        .setExecutionExceptionHandler((failure, command, _) -> reportFailure(failure, command))
        .setExecutionStrategy(CommandRunner::execute);
  }

  /** Returns nothing if there are no exit codes: picocli would print the heading without them. */
  private static String exitCodeListHeading(Help help) {
    return help.commandSpec().usageMessage().exitCodeList().isEmpty()
        ? ""
        : help.exitCodeListHeading();
  }

  /** Says what is wrong, what may have been meant, and where to read on. */
  private static int reportUsage(ParameterException problem) {
    CommandLine commandLine = problem.getCommandLine();
    String command = commandLine.getCommandSpec().qualifiedName();
    String suggestion =
        problem instanceof UnmatchedArgumentException unmatched
            ? suggestion(unmatched.getUnmatched().getFirst(), commandLine)
            : "";
    commandLine
        .getErr()
        .println(
            "%s: %s%s (see %s --help)"
                .formatted(command, problem.getMessage(), suggestion, command));
    return UtsushiCommand.WRONG_USAGE;
  }

  private static String suggestion(String given, CommandLine commandLine) {
    Set<String> known =
        given.startsWith("-")
            ? commandLine.getCommandSpec().optionsMap().keySet()
            : commandLine.getSubcommands().keySet();
    return Suggestion.nearest(given, known).map("; did you mean %s?"::formatted).orElse("");
  }

  /** Says what failed, with a stack trace if {@code --debug} was given. */
  private static int reportFailure(Exception failure, CommandLine commandLine) {
    String command = commandLine.getCommandSpec().qualifiedName();
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    boolean debug = commandLine.getParseResult().hasMatchedOption("--debug");
    boolean explained = failure instanceof OperationException;
    commandLine
        .getErr()
        .println(command + ": " + message + (debug || explained ? "" : " (--debug shows more)"));
    if (debug) {
      failure.printStackTrace(commandLine.getErr());
    }
    return failure instanceof OperationException operation && operation.isUsage()
        ? UtsushiCommand.WRONG_USAGE
        : UtsushiCommand.NOT_DONE;
  }

  private static int execute(ParseResult arguments) {
    Integer help = CommandLine.executeHelpRequest(arguments);
    if (help != null) {
      return help;
    }
    CommandLine commandLine = arguments.asCommandLineList().getLast();
    if (commandLine.getCommand() instanceof UtsushiCommand command) {
      return command.cleanUpTime().isZero()
          ? new RunLast().execute(arguments)
          : execute(arguments, command);
    }
    // The command only groups others.
    commandLine.usage(commandLine.getOut());
    return UtsushiCommand.OK;
  }

  /**
   * Runs a command that Ctrl-C interrupts. The JVM exits when its shutdown hooks have ended, so the
   * hook waits until the command has stopped what it started. The exit code, 130, is the JVM's.
   */
  private static int execute(ParseResult arguments, UtsushiCommand command) {
    Thread running = Thread.currentThread();
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              running.interrupt();
              awaitEnd(ended, command.cleanUpTime());
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return new RunLast().execute(arguments);
    } catch (ExecutionException e) {
      if (hook.getState() == Thread.State.NEW) {
        throw e;
      }
      // What an interrupted client throws does not matter: the user knows the cause.
      command.terminal().line("stopped");
      return UtsushiCommand.INTERRUPTED;
    } finally {
      ended.countDown();
      remove(hook);
    }
  }

  private static void awaitEnd(CountDownLatch ended, Duration cleanUpTime) {
    try {
      if (!ended.await(cleanUpTime.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("utsushi: some servers or processes could not be stopped in time");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is shutting down, and the hook is running.
    }
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Version.class.getPackage().getImplementationVersion();
      return new String[] {"utsushi " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
