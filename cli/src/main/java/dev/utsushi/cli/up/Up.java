package dev.utsushi.cli.up;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.local.template.RunningTemplate;
import dev.utsushi.local.template.Template;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.testbed.pipeline.EmbeddedServers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Runs a template until it is interrupted. */
public final class Up {
  private static final long LOOK_AGAIN_MILLIS = 500;

  private final Template template;
  private final Bound bound;
  private final boolean debug;
  private final Terminal terminal;

  /**
   * A template still to be started.
   *
   * @param debug whether the functions' log lines are shown
   */
  public Up(Template template, Bound bound, boolean debug, Terminal terminal) {
    this.template = template;
    this.bound = bound;
    this.debug = debug;
    this.terminal = terminal;
  }

  /**
   * Returns only by an exception.
   *
   * @throws dev.utsushi.local.template.TemplateException if the template is refused
   * @throws InterruptedException when interrupted; everything is stopped then
   */
  public void run() throws InterruptedException {
    var bindings =
        debug
            ? bound
                .bindings()
                .withLog(
                    line -> terminal.line("[%s] %s".formatted(line.functionName(), line.text())))
            : bound.bindings();
    RunningTemplate.check(template, bindings);
    try (var servers = EmbeddedServers.start(this::showStart);
        var running = RunningTemplate.start(servers, template, bindings);
        var _ = endpoints(running).publish(LocalEndpoints.defaultFile())) {
      new Surroundings(running).lines().forEach(terminal::line);
      printProblems(running);
    }
  }

  private static LocalEndpoints endpoints(RunningTemplate running) {
    return LocalEndpoints.ofThisProcess(
        running.stackName(),
        new LocalEndpoints.Services(
            running.lambdaApi().endpoint(),
            running.aws().sqs().endpoint(),
            running.aws().dynamoDb().endpoint(),
            running.aws().search().endpoint()));
  }

  private void showStart(Duration waited) {
    terminal.status(
        "starting DynamoDB Local, OpenSearch and ElasticMQ … %d s".formatted(waited.toSeconds()));
  }

  private void printProblems(RunningTemplate running) throws InterruptedException {
    Set<String> printed = new HashSet<>();
    while (true) {
      for (String problem : running.problems()) {
        if (printed.add(problem)) {
          terminal.bad(problem);
        }
      }
      Thread.sleep(LOOK_AGAIN_MILLIS);
    }
  }
}
