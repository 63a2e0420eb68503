package dev.utsushi.local.lambda;

import java.time.Duration;

/**
 * What became of one invocation. All but {@link Succeeded} and {@link Throttled} are what the
 * Lambda API reports as {@code FunctionError: Unhandled}; they are told apart here because tests
 * want to know which one it was.
 */
public sealed interface InvocationResult {

  /** The handler returned; the payload is its reply as JSON, empty if it replied nothing. */
  record Succeeded(String requestId, String payload) implements InvocationResult {}

  /** The handler threw; the payload is the runtime's error report as JSON. */
  record FunctionError(String requestId, String errorType, String payload)
      implements InvocationResult {}

  /** The handler had not returned within the function's time-out; its environment was killed. */
  record TimedOut(String requestId, Duration timeout) implements InvocationResult {}

  /** The environment's process ended while the handler ran ({@code Runtime.ExitError}). */
  record Crashed(String requestId, int exitStatus) implements InvocationResult {}

  /**
   * The environment never became ready: the runtime reported an error (its payload is JSON), ended,
   * or took longer than the init phase may.
   */
  record InitFailed(String requestId, String errorType, String payload)
      implements InvocationResult {}

  /** No invocation took place: the function is at its concurrency limit, or closed. */
  record Throttled(String requestId) implements InvocationResult {}

  /** The id of the request, unique per invocation. */
  String requestId();
}
