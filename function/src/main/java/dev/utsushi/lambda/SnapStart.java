package dev.utsushi.lambda;

import dev.utsushi.core.telemetry.Log;
import java.util.Objects;
import java.util.Optional;
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

  private final Log log;

  private SnapStart(Log log) {
    this.log = log;
  }

  /**
   * Without SnapStart priming would only move the first change's cost, so that it is left out.
   *
   * @return what the caller has to hold on to, since the context holds its resources weakly
   */
  static Optional<SnapStart> primeBeforeCheckpoint(Log log) {
    if (!Objects.equals(System.getenv(INITIALIZATION_TYPE), "snap-start")) {
      return Optional.empty();
    }
    SnapStart snapStart = new SnapStart(log);
    Core.getGlobalContext().register(snapStart);
    return Optional.of(snapStart);
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    Priming.run();
    log.info("primed", _ -> {});
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {}
}
