package dev.utsushi.local.lambda;

/** What can be invoked as a Lambda function can: one JSON event in, one result out. */
public interface Invocable {

  /**
   * Invokes synchronously and waits for the result.
   *
   * @param payload the event, JSON in UTF-8
   * @throws InterruptedException when the calling thread is interrupted; the invocation is given up
   *     then, and whether the handler ran to its end is unknown
   */
  InvocationResult invoke(byte[] payload) throws InterruptedException;

  /** The function's ARN, with the version or alias that it is invoked by, if any. */
  String arn();

  /** The version that runs: a number, also where an alias is invoked, or {@code $LATEST}. */
  default String executedVersion() {
    return "$LATEST";
  }
}
