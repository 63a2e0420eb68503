package dev.utsushi.local.lambda;

/** What an execution environment lets us know, in the order in which it happened. */
sealed interface RuntimeSignal {

  /** The runtime asks for the next invocation: it is done with initialising, or with the last. */
  record AskedForNext() implements RuntimeSignal {}

  record Responded(String requestId, String payload) implements RuntimeSignal {}

  record ReportedError(String requestId, String errorType, String payload)
      implements RuntimeSignal {}

  record ReportedInitError(String errorType, String payload) implements RuntimeSignal {}

  record Exited(int exitStatus) implements RuntimeSignal {}
}
