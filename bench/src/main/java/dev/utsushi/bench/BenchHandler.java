package dev.utsushi.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.utsushi.lambda.ReplicationHandler;

/** The function over the HTTP client that a variable names. */
public final class BenchHandler implements RequestHandler<DynamodbEvent, StreamsEventResponse> {
  static final String CLIENT = "BENCH_CLIENT";

  private final ReplicationHandler handler =
      new ReplicationHandler(
          System.getenv(), HttpChoice.valueOf(System.getenv().getOrDefault(CLIENT, "")).caller());

  @Override
  public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
    return handler.handleRequest(event, context);
  }
}
