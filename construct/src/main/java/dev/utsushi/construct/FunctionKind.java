package dev.utsushi.construct;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.CaptureHandler;
import dev.utsushi.lambda.KinesisHandler;
import dev.utsushi.lambda.ReplayHandler;
import dev.utsushi.lambda.ReplicationHandler;
import dev.utsushi.lambda.RunHandler;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;

/** The functions of each stream: one jar, a handler for each. */
enum FunctionKind {
  /** Copies the stream. */
  REPLICATION("Replication", ReplicationHandler.class, "copies a stream to"),
  /** Copies the table's changes from a Kinesis stream. */
  KINESIS("KinesisReplication", KinesisHandler.class, "copies a Kinesis stream to"),
  /** Keeps the records of failed batches before the stream drops them. */
  CAPTURE("Capture", CaptureHandler.class, "keeps what could not be copied to"),
  /** Copies dead letters when an operator asks for it. */
  REPLAY("Replay", ReplayHandler.class, "replays what could not be copied to"),
  /** Backfills and verifies, segment by segment, when an operator starts it. */
  RUN("Run", RunHandler.class, "backfills and verifies");

  /**
   * Capture's timeout. The queue's visibility timeout is six times as long, and the queue's age,
   * which reveals that capture fails, leaves out messages that were received three times. So two
   * visibility timeouts must be longer than {@link StreamAlarms#CAPTURE_PATIENCE}.
   */
  static final Duration CAPTURE_TIMEOUT = Duration.seconds(90);

  /** Of one invocation: a segment goes on with the next. */
  static final Duration RUN_TIMEOUT = Duration.minutes(2);

  private static final Duration REPLAY_TIMEOUT = Duration.minutes(5);

  /** It holds a page of items, whatever their sizes, and mostly waits for the engine. */
  private static final int RUN_MEMORY_MIB = 1024;

  private final String id;
  private final Class<?> handler;
  private final String task;

  FunctionKind(String id, Class<?> handler, String task) {
    this.id = id;
    this.handler = handler;
    this.task = task;
  }

  /** Returns the construct's id. */
  String id() {
    return id;
  }

  String handler() {
    return handler.getName() + "::handleRequest";
  }

  String description(ReplicationProps props) {
    return "Utsushi: " + task + ' ' + props.index;
  }

  Duration timeout(ReplicationProps props) {
    return switch (this) {
      case REPLICATION, KINESIS -> props.timeout;
      case CAPTURE -> CAPTURE_TIMEOUT;
      case REPLAY -> REPLAY_TIMEOUT;
      case RUN -> RUN_TIMEOUT;
    };
  }

  int memoryMib(ReplicationProps props) {
    return this == RUN ? RUN_MEMORY_MIB : props.memoryMib;
  }

  /** Returns whether the function talks to the engine. */
  boolean reachesIndex(ReplicationProps props) {
    return this != CAPTURE || props.hasSecondChance();
  }

  /**
   * Returns whether event sources invoke it by the alias of a published version. A run's page is
   * repeated if it fails, and a stack has room for 500 resources.
   */
  boolean isPublished() {
    return isReplication() || this == CAPTURE;
  }

  /**
   * Returns whether it starts from a snapshot. Lambda deactivates a snapshot <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-troubleshooting.html">that was not
   * used for 14 days</a>, and the next invocation fails. The others run only when something failed
   * or an operator asks, which may be months apart.
   */
  boolean hasSnapStart() {
    return isReplication();
  }

  /** Returns whether a stream invokes it. */
  boolean isReplication() {
    return this == REPLICATION || this == KINESIS;
  }

  /** Returns the function's environment. */
  Map<String, String> variables(
      ReplicationProps props, String stack, StreamQueues queues, StreamRuns runs) {
    Map<Setting, String> variables = props.variables();
    variables.putAll(props.search.variables());
    variables.put(Setting.STACK, stack);
    variables.put(Setting.TABLE_ARN, props.table.getTableArn());
    if (!isReplication()) {
      // Changes that come late say nothing about the lag.
      variables.remove(Setting.LAG_ATTRIBUTE);
      if (!props.filterPatterns.isEmpty()) {
        variables.put(Setting.FILTER_PATTERNS, props.filterPatterns.toString());
      }
    }
    switch (this) {
      case REPLICATION, KINESIS -> {}
      case CAPTURE -> {
        variables.put(Setting.DEAD_LETTER_QUEUE_URL, queues.deadLetters().getQueueUrl());
        variables.put(Setting.SECOND_CHANCE, Boolean.toString(props.hasSecondChance()));
      }
      case REPLAY ->
          variables.put(Setting.DEAD_LETTER_QUEUE_URL, queues.deadLetters().getQueueUrl());
      case RUN -> {
        variables.put(Setting.RUN_TABLE, runs.table().getTableName());
        variables.put(Setting.SEGMENT_QUEUE_URL, runs.segments().getQueueUrl());
        variables.put(
            Setting.MAXIMUM_CONCURRENCY, Integer.toString(props.backfillMaximumConcurrency));
      }
    }
    Map<String, String> environment = new TreeMap<>();
    variables.forEach((setting, value) -> environment.put(setting.variable(), value));
    return environment;
  }
}
