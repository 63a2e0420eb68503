package dev.utsushi.lambda;

import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import dev.utsushi.core.search.SocketCaller;
import java.io.IOException;

/** A gateway before the engine that rejects large bodies. */
final class LimitedCaller implements HttpCaller {
  private final HttpCaller engine = new SocketCaller();
  private final int mostBytes;

  LimitedCaller(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    return call.body().length > mostBytes ? new HttpReply(413, new byte[0]) : engine.send(call);
  }
}
