package dev.utsushi.local.template;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;

/**
 * A function as a mapping names it: messages about it have the ARN of its alias or version.
 *
 * @param executedVersion the number of the version that is, or {@code $LATEST}
 */
record QualifiedFunction(Invocable function, String arn, String executedVersion)
    implements Invocable {

  @Override
  public InvocationResult invoke(byte[] payload) throws InterruptedException {
    return function.invoke(payload);
  }
}
