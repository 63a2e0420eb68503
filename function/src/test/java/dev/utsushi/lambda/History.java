package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.document.DocumentId;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What happened to a few items of a made-up table, and what the table holds in the end. */
final class History {
  private static final List<String> NAMES =
      List.of("memo", "amount", "when", "tags", "_id", "a.b", "a", "名前", "_replication", ".");

  /** Two streams of one table, numbered from low again: the later one's changes are the newer. */
  private static final List<String> LABELS =
      List.of("2026-11-01T00:00:00.000", "2026-11-02T00:00:00.000");

  private final Random random;
  private final boolean sortKey;
  private final List<DynamodbStreamRecord> streamRecords = new ArrayList<>();
  private final Map<String, JsonNode> table = new HashMap<>();

  private History(Random random) {
    this.random = random;
    this.sortKey = random.nextBoolean();
  }

  static History random(Random random, int number) {
    History history = new History(random);
    List<Map<String, AttributeValue>> keys = history.keys(number);
    int changes = 1 + random.nextInt(20);
    BigInteger sequenceNumber = new BigInteger(70, random);
    for (int i = 0; i < changes; i++) {
      boolean reborn = i >= changes / 2 && number % 3 == 0;
      if (reborn && i == changes / 2) {
        sequenceNumber = BigInteger.valueOf(random.nextInt(1000));
      }
      sequenceNumber = sequenceNumber.add(BigInteger.valueOf(1 + random.nextInt(1_000_000)));
      history.change(keys.get(random.nextInt(keys.size())), sequenceNumber, reborn);
    }
    return history;
  }

  List<DynamodbStreamRecord> streamRecords() {
    return streamRecords;
  }

  /** What the table holds in the end, by document id. */
  Map<String, JsonNode> table() {
    return table;
  }

  Map<String, String> keySchema() {
    return sortKey
        ? Map.of("UTSUSHI_PARTITION_KEY", "pk", "UTSUSHI_SORT_KEY", "sk")
        : Map.of("UTSUSHI_PARTITION_KEY", "pk");
  }

  private List<Map<String, AttributeValue>> keys(int number) {
    List<Map<String, AttributeValue>> keys = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      Map<String, AttributeValue> key = new LinkedHashMap<>();
      key.put("pk", new AttributeValue().withS("history-" + number + "|%" + text() + i));
      if (sortKey) {
        key.put("sk", keyValue(i));
      }
      keys.add(key);
    }
    return keys;
  }

  private AttributeValue keyValue(int i) {
    return switch (random.nextInt(3)) {
      case 0 -> new AttributeValue().withN(Integer.toString(i));
      case 1 -> new AttributeValue().withB(ByteBuffer.wrap(new byte[] {(byte) i, -1}));
      default -> new AttributeValue().withS("x".repeat(random.nextInt(900)) + i);
    };
  }

  private void change(Map<String, AttributeValue> key, BigInteger sequenceNumber, boolean reborn) {
    String id = id(key);
    boolean stands = table.containsKey(id);
    StreamRecord change =
        new StreamRecord()
            .withKeys(key)
            .withSequenceNumber(sequenceNumber.toString())
            .withApproximateCreationDateTime(Date.from(Instant.ofEpochSecond(1_800_000_000L)));
    DynamodbStreamRecord streamRecord = new DynamodbStreamRecord();
    streamRecord.setEventSourceARN(
        "arn:aws:dynamodb:us-east-1:0:table/t/stream/" + LABELS.get(reborn ? 1 : 0));
    if (stands && random.nextInt(3) == 0) {
      streamRecord.setEventName("REMOVE");
      table.remove(id);
    } else {
      streamRecord.setEventName(stands ? "MODIFY" : "INSERT");
      Map<String, AttributeValue> item = item(key);
      change.setNewImage(item);
      table.put(id, Item.of(item));
    }
    streamRecord.setDynamodb(change);
    streamRecords.add(streamRecord);
  }

  private Map<String, AttributeValue> item(Map<String, AttributeValue> key) {
    Map<String, AttributeValue> item = new LinkedHashMap<>(key);
    for (int i = random.nextInt(6); i > 0; i--) {
      item.put(NAMES.get(random.nextInt(NAMES.size())), value(2));
    }
    return item;
  }

  private AttributeValue value(int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 7)) {
      case 0 -> new AttributeValue().withS(text());
      case 1 -> new AttributeValue().withN(number());
      case 2 -> new AttributeValue().withBOOL(random.nextBoolean());
      case 3 -> new AttributeValue().withNULL(true);
      case 4 -> new AttributeValue().withB(ByteBuffer.wrap(text().getBytes(UTF_8)));
      case 5 -> new AttributeValue().withSS(List.of("x", text() + "y"));
      case 6 -> new AttributeValue().withNS(List.of(number()));
      case 7 -> new AttributeValue().withM(Map.of(NAMES.get(random.nextInt(8)), value(depth - 1)));
      case 8 -> new AttributeValue().withL(value(depth - 1), value(depth - 1));
      default -> new AttributeValue().withL(List.of());
    };
  }

  private String text() {
    String alphabet = "aB|% \n\"\\日本\u0000é";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private String number() {
    BigInteger digits = new BigInteger(1 + random.nextInt(120), random);
    String sign = random.nextBoolean() ? "-" : "";
    return switch (random.nextInt(3)) {
      case 0 -> sign + digits.add(BigInteger.ONE);
      case 1 -> sign + "0." + digits.add(BigInteger.ONE);
      default ->
          sign
              + (1 + random.nextInt(9))
              + "."
              + random.nextInt(10_000)
              + "1E"
              + (random.nextInt(240) - 120);
    };
  }

  private String id(Map<String, AttributeValue> key) {
    AttributeValue sort = key.get("sk");
    return DocumentId.of(
        new ItemKey(
            new Value.Text(String.valueOf(key.get("pk") == null ? "" : key.get("pk").getS())),
            sort == null ? null : keyValueOf(sort)));
  }

  private static Value keyValueOf(AttributeValue value) {
    if (value.getS() != null) {
      return new Value.Text(value.getS());
    }
    return value.getN() != null ? new Value.Decimal(value.getN()) : new Value.Binary(value.getB());
  }
}
