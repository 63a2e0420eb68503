package dev.utsushi.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.utsushi.lambda.ReplicationHandler;

/** The function over this client. */
public final class UrlConnectionHandler
    implements RequestHandler<DynamodbEvent, StreamsEventResponse> {
  private final ReplicationHandler handler =
      new ReplicationHandler(System.getenv(), new dev.utsushi.core.search.UrlConnectionCaller());

  @Override
  public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
    return handler.handleRequest(event, context);
  }
}
