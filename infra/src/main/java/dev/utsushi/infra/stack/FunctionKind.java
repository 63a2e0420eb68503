package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StreamSettings;
import dev.utsushi.lambda.CaptureHandler;
import dev.utsushi.lambda.ReplayHandler;
import dev.utsushi.lambda.ReplicationHandler;
import java.time.Duration;

/** The functions that each stream has: one jar, three handlers. */
enum FunctionKind {
  /** Copies the stream. */
  REPLICATION("Replication", ReplicationHandler.class, "copies a stream to"),
  /** Keeps the records of what failed, before the stream forgets them. */
  CAPTURE("Capture", CaptureHandler.class, "keeps what could not be copied to"),
  /** Copies dead letters, when an operator asks for it. */
  REPLAY("Replay", ReplayHandler.class, "replays what could not be copied to");

  /**
   * Of a capture. Six of these are how long its queue hides a message; the queue's age, which tells
   * that capture fails, leaves out what was received three times. So two of these waits must be
   * longer than {@link StreamAlarms#CAPTURE_PATIENCE}.
   */
  static final Duration CAPTURE_TIMEOUT = Duration.ofSeconds(90);

  private static final Duration REPLAY_TIMEOUT = Duration.ofMinutes(5);

  private final String id;
  private final Class<?> handler;
  private final String does;

  FunctionKind(String id, Class<?> handler, String does) {
    this.id = id;
    this.handler = handler;
    this.does = does;
  }

  /** Of the construct. */
  String id() {
    return id;
  }

  String handler() {
    return handler.getName() + "::handleRequest";
  }

  String description(StreamSettings settings) {
    return "Utsushi: " + does + ' ' + settings.index();
  }

  Duration timeout(StreamSettings settings) {
    return switch (this) {
      case REPLICATION -> settings.running().timeout();
      case CAPTURE -> CAPTURE_TIMEOUT;
      case REPLAY -> REPLAY_TIMEOUT;
    };
  }

  /** Whether it talks to the engine. */
  boolean reachesIndex(StreamSettings settings) {
    return switch (this) {
      case REPLICATION, REPLAY -> true;
      case CAPTURE -> settings.secondChance().isPresent();
    };
  }

  /**
   * Whether it runs as a published version, from a snapshot. Publishing runs the init, so that a
   * wrong setting fails the deployment. Capture and replay have the same settings: one of them is
   * proof of both, and people wait for a replay anyway.
   */
  boolean isPublished() {
    return switch (this) {
      case REPLICATION, CAPTURE -> true;
      case REPLAY -> false;
    };
  }
}
