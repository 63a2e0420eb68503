package dev.utsushi.local.lambda;

import java.time.Duration;

/**
 * The result of one invocation. The Lambda API reports all but {@link Succeeded} and {@link
 * Throttled} as {@code FunctionError: Unhandled}; here they are separate types, so that tests can
 * distinguish them.
 */
public sealed interface InvocationResult {

  /** The handler returned; the payload is its reply as JSON, empty without a reply. */
  record Succeeded(String requestId, String payload) implements InvocationResult {}

  /** The handler threw; the payload is the runtime's error report as JSON. */
  record FunctionError(String requestId, String errorType, String payload)
      implements InvocationResult {}

  /** The handler did not return within the function's time-out; its environment was killed. */
  record TimedOut(String requestId, Duration timeout) implements InvocationResult {}

  /** The environment's process ended while the handler ran ({@code Runtime.ExitError}). */
  record Crashed(String requestId, int exitStatus) implements InvocationResult {}

  /**
   * The environment never became ready: the runtime reported an error (its payload is JSON), ended,
   * or exceeded the limit of the init phase.
   */
  record InitFailed(String requestId, String errorType, String payload)
      implements InvocationResult {}

  /** No invocation took place: the function is at its concurrency limit, or closed. */
  record Throttled(String requestId) implements InvocationResult {}

  /** Returns the id of the request, unique per invocation. */
  String requestId();
}
