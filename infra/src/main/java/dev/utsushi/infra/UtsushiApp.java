package dev.utsushi.infra;

import dev.utsushi.infra.settings.SettingsFile;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import dev.utsushi.infra.settings.StackSettings;
import dev.utsushi.infra.stack.UtsushiStack;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.App;
import software.amazon.awscdk.cxapi.CloudAssembly;

/** The CDK app: reads the settings and synthesizes the stack. */
public final class UtsushiApp {
  private static final int INVALID_SETTINGS = 1;

  private UtsushiApp() {}

  /** Runs the app; its arguments are in the CLI's context, from cdk.json and {@code -c}. */
  public static void main(String[] args) {
    App app = new App();
    Path file = Path.of(context(app, "config"));
    switch (SettingsFile.read(file)) {
      case SettingsFile.Outcome.Read(StackSettings settings) -> {
        if (synthesize(app, settings, Path.of(context(app, "functionJar"))).isEmpty()) {
          System.exit(INVALID_SETTINGS);
        }
      }
      case SettingsFile.Outcome.Broken(List<Problem> problems) -> {
        print(file, problems);
        System.exit(INVALID_SETTINGS);
      }
    }
  }

  /** Returns nothing if the CDK's own validation refuses the template, which it prints. */
  static Optional<CloudAssembly> synthesize(App app, StackSettings settings, Path functionJar) {
    new UtsushiStack(app, settings, functionJar);
    try {
      return Optional.of(app.synth());
    } catch (RuntimeException e) {
      if (!String.valueOf(e.getMessage()).startsWith("ValidationFailed")) {
        throw e;
      }
      System.err.println(
          "The CDK refuses the template of these settings, and lists what it finds.");
      return Optional.empty();
    }
  }

  private static String context(App app, String name) {
    return String.valueOf(app.getNode().getContext(name));
  }

  static void print(Path file, List<Problem> problems) {
    System.err.println(file + " is invalid:");
    for (Problem problem : problems) {
      System.err.println("  line " + problem.line() + ": " + problem.what());
    }
  }
}
