package dev.utsushi.bench;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The same changes, as a Lambda event and as the bulk request that somebody would write by hand.
 */
final class Workload {
  private static final int ITEMS = 1_000;
  private static final String LABEL = "2026-11-01T00:00:00.000";
  private static final String MEMO = "次回は見積書を持参。予算は来期で確保済み、決裁者は田中部長。";

  private static final String SCRIPT =
      "if (ctx._source._replication != null && ctx._source._replication.version.compareTo("
          + "params.document._replication.version) >= 0) { ctx.op = 'none'; return; }"
          + " ctx._source = params.document;";

  private Workload() {}

  static DynamodbEvent event(long firstSequenceNumber, int size) {
    List<Map<String, AttributeValue>> items = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      items.add(item(dealId(firstSequenceNumber + i)));
    }
    return event(firstSequenceNumber, items);
  }

  /** Changes of these items, in their order. */
  static DynamodbEvent event(long firstSequenceNumber, List<Map<String, AttributeValue>> items) {
    List<DynamodbStreamRecord> records = new ArrayList<>(items.size());
    for (Map<String, AttributeValue> item : items) {
      records.add(streamRecord(firstSequenceNumber + records.size(), item));
    }
    DynamodbEvent event = new DynamodbEvent();
    event.setRecords(records);
    return event;
  }

  static Map<String, AttributeValue> item(String dealId) {
    Map<String, AttributeValue> item = new LinkedHashMap<>();
    item.put("dealId", text(dealId));
    item.put("kind", text("visit"));
    item.put("userId", text("user-17"));
    item.put("company", text("株式会社みらい商事"));
    item.put("memo", text(MEMO));
    item.put("minutes", number("45"));
    item.put("amount", number("1250000"));
    item.put("done", new AttributeValue().withBOOL(true));
    return item;
  }

  static AttributeValue text(String text) {
    return new AttributeValue().withS(text);
  }

  static AttributeValue number(String digits) {
    return new AttributeValue().withN(digits);
  }

  private static DynamodbStreamRecord streamRecord(
      long sequenceNumber, Map<String, AttributeValue> item) {
    DynamodbStreamRecord streamRecord = new DynamodbStreamRecord();
    streamRecord.setEventName("MODIFY");
    streamRecord.setEventSourceARN("arn:aws:dynamodb:r:1:table/t/stream/" + LABEL);
    streamRecord.setDynamodb(
        new StreamRecord()
            .withKeys(Map.of("dealId", Objects.requireNonNull(item.get("dealId"))))
            .withNewImage(item)
            // Read only where it matters what an index showed before.
            .withOldImage(item)
            .withSequenceNumber(Long.toString(sequenceNumber))
            .withApproximateCreationDateTime(Date.from(Instant.ofEpochSecond(1_790_000_000L))));
    return streamRecord;
  }

  /** What goes to {@code _update} for one change. */
  static String update(long sequenceNumber) {
    return "{\"scripted_upsert\":true,\"script\":{\"lang\":\"painless\",\"source\":\""
        + SCRIPT
        + "\",\"params\":{\"document\":{\"dealId\":\""
        + dealId(sequenceNumber)
        + "\",\"kind\":\"visit\",\"userId\":\"user-17\",\"company\":\"株式会社みらい商事\",\"memo\":\""
        + MEMO
        + "\",\"minutes\":45,\"amount\":1250000,\"done\":true,\"_replication\":{\"version\":\""
        + LABEL
        + "/"
        + "%040d".formatted(sequenceNumber)
        + "\",\"deleted\":false,\"changedAt\":\"2026-09-21T13:33:20Z\",\"indexedAt\":\""
        + Instant.now()
        + "\"}}}},\"upsert\":{}}";
  }

  /** What goes to {@code _bulk} for several. */
  static String bulk(long firstSequenceNumber, int size) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < size; i++) {
      body.append("{\"update\":{\"_id\":\"")
          .append(dealId(firstSequenceNumber + i))
          .append("\"}}\n")
          .append(update(firstSequenceNumber + i))
          .append('\n');
    }
    return body.toString();
  }

  static String dealId(long sequenceNumber) {
    return "deal-" + sequenceNumber % ITEMS;
  }
}
