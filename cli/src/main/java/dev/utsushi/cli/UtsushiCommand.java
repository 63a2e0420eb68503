package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands have in common. Each returns one of the exit codes. */
abstract class UtsushiCommand implements Callable<Integer> {
  static final int OK = 0;

  /** The command completed with a negative result: the index differs, a target is missed. */
  static final int DIFFERENT = 1;

  static final int WRONG_USAGE = 2;

  /** Something could not be started or reached. */
  static final int NOT_DONE = 3;

  static final int INTERRUPTED = 130;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private CommandSpec spec;

  private @Nullable Terminal terminal;

  CommandSpec spec() {
    return spec;
  }

  /** Returns how long the command may clean up after Ctrl-C; zero: the JVM exits at once. */
  Duration cleanUpTime() {
    return Duration.ofSeconds(30);
  }

  /** Returns where the command prints. */
  final Terminal terminal() {
    if (terminal == null) {
      terminal = newTerminal();
    }
    return terminal;
  }

  Terminal newTerminal() {
    return Terminal.standardOutput(spec.commandLine().getOut());
  }

  /** Returns an exception for wrong usage. */
  ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Returns the supplier's value; its {@link IllegalArgumentException} is wrong usage. */
  <T> T valid(Supplier<T> options) {
    try {
      return options.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  void inRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw wrong("%s takes %d to %d, not %d".formatted(option, least, most, value));
    }
  }

  Path functionJar() {
    Path jar =
        Path.of(System.getProperty("utsushi.home", "."), "function/target/utsushi-function.jar");
    if (!Files.exists(jar)) {
      throw wrong("there is no " + jar + ": build it with ./mvnw package -DskipTests");
    }
    return jar;
  }
}
