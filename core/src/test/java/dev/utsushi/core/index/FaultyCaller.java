package dev.utsushi.core.index;

import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import java.io.IOException;
import java.util.Random;

/**
 * The way to a real engine, with faults: the request is lost, the answer is lost (the write was
 * done), or something on the way answers in the engine's place.
 */
public final class FaultyCaller implements HttpCaller {
  private final HttpCaller caller;
  private final Random random;
  private final double faultRate;

  public FaultyCaller(HttpCaller caller, Random random, double faultRate) {
    this.caller = caller;
    this.random = random;
    this.faultRate = faultRate;
  }

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    if (random.nextDouble() >= faultRate) {
      return caller.send(call);
    }
    return switch (random.nextInt(4)) {
      case 0 -> throw new IOException("lost on the way there");
      case 1 -> {
        caller.send(call);
        throw new IOException("lost on the way back");
      }
      case 2 -> new HttpReply(429, new byte[0]);
      default -> new HttpReply(503, new byte[0]);
    };
  }
}
