package dev.utsushi.infra;

import dev.utsushi.infra.settings.Problem;
import dev.utsushi.infra.settings.Settings;
import dev.utsushi.infra.settings.SettingsFile;
import dev.utsushi.infra.stack.UtsushiStack;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awscdk.App;

/** What the CDK CLI starts: reads the settings and synthesizes the stack. */
public final class UtsushiApp {
  private static final int BROKEN_SETTINGS = 1;

  private UtsushiApp() {}

  /** Takes everything from the CLI's context, which cdk.json and {@code -c} fill. */
  public static void main(String[] args) {
    App app = new App();
    Path file = Path.of(context(app, "config"));
    switch (SettingsFile.read(file)) {
      case SettingsFile.Outcome.Read(Settings settings) ->
          synthesize(app, settings, Path.of(context(app, "functionJar")));
      case SettingsFile.Outcome.Broken(List<Problem> problems) -> {
        print(file, problems);
        System.exit(BROKEN_SETTINGS);
      }
    }
  }

  static void synthesize(App app, Settings settings, Path functionJar) {
    new UtsushiStack(app, settings, functionJar);
    app.synth();
  }

  private static String context(App app, String name) {
    return String.valueOf(app.getNode().getContext(name));
  }

  private static void print(Path file, List<Problem> problems) {
    System.err.println(file + " needs mending:");
    for (Problem problem : problems) {
      System.err.println("  line " + problem.line() + ": " + problem.what());
    }
  }
}
