package dev.utsushi.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** A function whose constructor throws, as it would for a missing setting. */
public final class InitFailingHandler implements RequestHandler<Object, Object> {

  /** Throws. */
  public InitFailingHandler() {
    throw new IllegalStateException("a setting is missing");
  }

  @Override
  public Object handleRequest(Object event, Context context) {
    return event;
  }
}
