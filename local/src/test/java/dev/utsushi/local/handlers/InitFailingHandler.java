package dev.utsushi.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** A function whose settings are wrong, say: its constructor throws. */
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
