package dev.utsushi.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A queue of captured messages of 0.9 MB each, on the wire. It makes a message when it is received,
 * each once, so that only its reader can run out of memory.
 */
public final class LargeQueue implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RECORDS = 3;
  private static final String ITEM = "x".repeat(300_000);

  private final HttpServer server;
  private final int messages;
  private final AtomicInteger received = new AtomicInteger();

  public LargeQueue(int messages) {
    this.messages = messages;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public String url() {
    return endpoint() + "/0/dead-letters";
  }

  /** Returns the id of the message with this number, from 0. */
  public static String messageId(int number) {
    return "message-%05d".formatted(number);
  }

  /** Makes all messages visible again. */
  public void startAgain() {
    received.set(0);
  }

  /** Returns how many messages were received. */
  public int received() {
    return received.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = JSON.readTree(exchange.getRequestBody());
      String action = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      ObjectNode reply = JSON.createObjectNode();
      if (action.endsWith(".ReceiveMessage")) {
        ArrayNode page = reply.putArray("Messages");
        for (int i = request.path("MaxNumberOfMessages").asInt(); i > 0; i--) {
          if (received.get() < messages) {
            page.add(message(received.getAndIncrement()));
          }
        }
      } else if (action.endsWith(".GetQueueAttributes")) {
        reply.putObject("Attributes").put("ApproximateNumberOfMessages", "" + messages);
      }
      byte[] body = JSON.writeValueAsBytes(reply);
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static ObjectNode message(int number) {
    String body = body(number);
    ObjectNode message = JSON.createObjectNode();
    message.put("MessageId", messageId(number)).put("ReceiptHandle", "handle-" + number);
    message.put("Body", body).put("MD5OfBody", md5(body));
    message
        .putObject("Attributes")
        .put("ApproximateReceiveCount", "1")
        .put("SentTimestamp", Long.toString(Failures.FAILED_AT.toEpochMilli()));
    return message;
  }

  private static String body(int number) {
    int first = number * RECORDS + 1;
    String failure =
        Failures.json(
            Failures.STREAM,
            "shardId-1",
            Integer.toString(first),
            Integer.toString(first + RECORDS - 1),
            RECORDS,
            Failures.FAILED_AT);
    String records =
        IntStream.range(first, first + RECORDS)
            .mapToObj(each -> RecordJson.write(change(Integer.toString(each))))
            .collect(Collectors.joining(","));
    return "{\"utsushi\":\"captured/1\",\"capturedAt\":\"%s\",\"part\":1,\"parts\":1,"
            .formatted(Failures.FAILED_AT)
        + "\"failure\":%s,\"records\":[%s]}".formatted(failure, records);
  }

  private static StreamRecord change(String sequenceNumber) {
    Map<String, Value> keys = Map.of("id", new Value.Text(sequenceNumber));
    return new StreamRecord(
        null,
        "MODIFY",
        "1.1",
        "us-east-1",
        Failures.STREAM,
        null,
        null,
        sequenceNumber,
        Failures.FAILED_AT,
        keys,
        Map.of("id", new Value.Text(sequenceNumber), "memo", new Value.Text(ITEM)),
        (long) ITEM.length(),
        "NEW_IMAGE",
        null,
        null);
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("The JDK has MD5.", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
