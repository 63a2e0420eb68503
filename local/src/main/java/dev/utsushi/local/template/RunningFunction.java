package dev.utsushi.local.template;

import dev.utsushi.local.lambda.LambdaFunction;

/** A function of a running template, with the environment that it really has. */
public record RunningFunction(String logicalId, LambdaFunction function) {

  public String name() {
    return function.configuration().functionName();
  }
}
