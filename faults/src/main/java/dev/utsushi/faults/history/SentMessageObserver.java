package dev.utsushi.faults.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.local.proxy.FaultProxy.Reply;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;

/**
 * Observes what stream workers send to the failure queue, at the proxy in front of SQS.
 *
 * @param streams read what is new before a message is looked at, so that its record is known
 */
public record SentMessageObserver(QueueObserver queue, StreamObserver streams)
    implements ProxyListener {
  /** Whether the request sends a message. */
  public static boolean isSend(Request request) {
    return request.header("X-Amz-Target").endsWith(".SendMessage");
  }

  @Override
  public void replied(Request request, Reply reply, boolean passedOn) {
    if (!isSend(request) || reply.status() != 200) {
      return;
    }
    try {
      JsonNode sent = SearchApi.parse(request.body());
      streams.read();
      queue.sent(sent.path("MessageBody").asText());
    } catch (IOException e) {
      throw new ChaosException("a request to the queue is not JSON", e);
    }
  }
}
