package dev.utsushi.lambda;

import java.util.Objects;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Takes part in <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks.html">SnapStart</a>:
 * what the first change would have to load and initialize is in the snapshot already. There is
 * nothing to mend after a restore, because no connection is opened and no credential read before
 * the first change.
 */
final class SnapStart implements Resource {
  private static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";

  /** The context holds its resources weakly. */
  private static final SnapStart INSTANCE = new SnapStart();

  private SnapStart() {}

  /** Without SnapStart priming would only move the first change's cost, so that it is left out. */
  static void primeBeforeCheckpoint() {
    if (Objects.equals(System.getenv(INITIALIZATION_TYPE), "snap-start")) {
      Core.getGlobalContext().register(INSTANCE);
    }
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    Priming.run();
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}
}
