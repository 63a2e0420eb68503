package dev.utsushi.local.lambda;

/** A Lambda function, or something that is invoked like one: one JSON event in, one result out. */
public interface Invocable {

  /**
   * Invokes synchronously and waits for the result.
   *
   * @param payload the event, JSON in UTF-8
   * @throws InterruptedException if the calling thread is interrupted; the invocation is abandoned,
   *     and whether the handler finished is unknown
   */
  InvocationResult invoke(byte[] payload) throws InterruptedException;

  /** Returns the function's ARN, with the version or alias that it is invoked by, if any. */
  String arn();

  /** Returns the version that runs: a number, even if an alias is invoked, or {@code $LATEST}. */
  default String executedVersion() {
    return "$LATEST";
  }
}
