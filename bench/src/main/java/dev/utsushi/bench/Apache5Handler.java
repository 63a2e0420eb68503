package dev.utsushi.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.utsushi.lambda.ReplicationHandler;

/** The function over this client. */
public final class Apache5Handler implements RequestHandler<DynamodbEvent, StreamsEventResponse> {
  private final ReplicationHandler handler =
      new ReplicationHandler(
          System.getenv(),
          new SdkCaller(software.amazon.awssdk.http.apache5.Apache5HttpClient.create()));

  @Override
  public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
    return handler.handleRequest(event, context);
  }
}
