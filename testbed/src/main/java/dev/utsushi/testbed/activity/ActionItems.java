package dev.utsushi.testbed.activity;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Actions as items: every type that DynamoDB has, and the odd ones that every old table holds. */
final class ActionItems {
  private static final List<String> TAGS = List.of("重要", "新規", "更新", "値引き", "要確認");
  private static final int SIGNATURE_BYTES = 24;
  private static final double IMPORTED_SHARE = 0.02;

  private final RandomGenerator random;

  ActionItems(RandomGenerator random) {
    this.random = random;
  }

  Map<String, AttributeValue> recorded(
      String actionId, Deal deal, User user, Kind kind, Instant at) {
    Map<String, AttributeValue> item = new LinkedHashMap<>();
    item.put(ActivityTable.PARTITION_KEY, fromS(deal.id()));
    item.put(ActivityTable.SORT_KEY, fromS(at + "#" + actionId));
    item.put("actionId", fromS(actionId));
    item.put("kind", fromS(kind.text()));
    item.put("actedAt", fromS(at.toString()));
    item.put("userId", fromS(user.id()));
    item.put("userName", fromS(user.name()));
    item.put("memo", fromS(Memos.about(kind, random)));
    putDeal(item, deal);
    putDetails(item, kind);
    return item;
  }

  /** The same action, changed as people change it; an attribute may come, change or go. */
  Map<String, AttributeValue> edited(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> edited = new LinkedHashMap<>(item);
    String memo = item.getOrDefault("memo", fromS("")).s();
    switch (random.nextInt(4)) {
      case 0 -> edited.remove("tags");
      case 1 -> edited.put("pinned", fromBool(random.nextBoolean()));
      case 2 -> edited.put("nextAction", nextAction());
      case 3 -> edited.put("memo", fromS(memo + Memos.afterthought(random)));
      default -> throw new IllegalStateException("four cases are all");
    }
    return edited;
  }

  static Map<String, AttributeValue> keyOf(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> key = new LinkedHashMap<>(item);
    key.keySet().retainAll(List.of(ActivityTable.PARTITION_KEY, ActivityTable.SORT_KEY));
    return key;
  }

  private static void putDeal(Map<String, AttributeValue> item, Deal deal) {
    item.put("dealName", fromS(deal.name()));
    item.put("dealAmount", fromN(deal.amount().toPlainString()));
    item.put("companyId", fromS(deal.companyId()));
    item.put("companyName", fromS(deal.companyName()));
  }

  private void putDetails(Map<String, AttributeValue> item, Kind kind) {
    if (random.nextInt(3) == 0) {
      item.put(
          "tags",
          fromSs(random.ints(0, TAGS.size()).distinct().limit(2).mapToObj(TAGS::get).toList()));
    }
    switch (kind) {
      case CALL -> item.put("durationMinutes", duration());
      case VISIT -> {
        item.put("durationMinutes", duration());
        item.put("signature", signature());
      }
      case MAIL -> item.put("attachments", fromL(List.of(attachment(), fromNul(true))));
      case MEMO -> item.put("pinned", fromBool(false));
    }
  }

  /** The old tool that some actions were imported from had words where the new one has a number. */
  private AttributeValue duration() {
    int minutes = 5 * random.nextInt(1, 13);
    boolean imported = random.nextDouble() < IMPORTED_SHARE;
    return imported ? fromS("約" + minutes + "分") : fromN(Integer.toString(minutes));
  }

  private AttributeValue signature() {
    byte[] bytes = new byte[SIGNATURE_BYTES];
    random.nextBytes(bytes);
    return AttributeValue.fromB(SdkBytes.fromByteArray(bytes));
  }

  private AttributeValue attachment() {
    return fromM(
        Map.of(
            "name", fromS("見積書_%03d.pdf".formatted(random.nextInt(1000))),
            "bytes", fromN(Integer.toString(random.nextInt(20_000, 900_000)))));
  }

  private AttributeValue nextAction() {
    return fromM(
        Map.of(
            "what", fromS(random.nextBoolean() ? "電話" : "訪問"),
            "inDays", fromN(Integer.toString(random.nextInt(1, 30)))));
  }
}
