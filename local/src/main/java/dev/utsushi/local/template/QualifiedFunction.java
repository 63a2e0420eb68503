package dev.utsushi.local.template;

import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;

/** A function as a mapping names it: messages about it have the ARN of its alias or version. */
record QualifiedFunction(Invocable function, String arn) implements Invocable {

  @Override
  public InvocationResult invoke(byte[] payload) throws InterruptedException {
    return function.invoke(payload);
  }
}
