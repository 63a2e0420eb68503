package dev.utsushi.faults;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromM;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import dev.utsushi.faults.history.ChaosException;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The indexes of a run. If there are several, each item is an entity of some type, anew with each
 * write, with attributes that no index shows: each index shows the entities of one type.
 */
final class ChaosTargets {
  /** The most indexes that a run can have. */
  static final int MOST = 3;

  private static final List<String> TARGETS =
      List.of(
          """
          {"index":"%s","mapping":"activity-log.json",
           "where":{"entity":{"S":["Action"]},"contact":{"M":{"city":{"S":[{"exists":true}]}}}},
           "attributes":{"exclude":["secret","contact.note","contact.phones.note"],
                         "rename":{"userName":"owner","actionKey":"key"}}}\
          """,
          """
          {"index":"%s-deals",
           "where":{"entity":{"S":[{"prefix":"Deal"}]},
                    "$or":[{"archived":{"BOOL":[false]}},{"archived":{"BOOL":[{"exists":false}]}}]},
           "attributes":{"exclude":["secret","contact.note","contact.phones"],
                         "rename":{"gsi1pk":"ownerId"}}}\
          """,
          """
          {"index":"%s-users",
           "where":{"entity":{"S":[{"anything-but":["Action","DealOpen","DealWon","Other"]}]}},
           "attributes":{"include":["entity","write","when","contact.city","gsi1pk","ownerId"],
                         "rename":{"gsi1pk":"ownerId"}}}\
          """);

  /** Those of the first entities bring each index into being. */
  private static final List<String> TYPES = List.of("Action", "DealOpen", "User");

  private static final List<String> ALL_TYPES =
      List.of("Action", "Action", "DealOpen", "DealWon", "User", "Other");

  private final String name;
  private final int count;
  private final String secret;
  private final Random random;
  private final List<ExpectedIndex> expected;

  /**
   * Creates the indexes of a run.
   *
   * @param name of the first one
   * @param secret planted where no index shows it
   */
  ChaosTargets(String name, int count, long seed, String secret) {
    this.name = name;
    this.count = count;
    this.secret = secret;
    random = new Random(seed);
    expected = read();
  }

  private List<ExpectedIndex> read() {
    try {
      return count == 1
          ? List.of(ExpectedIndex.whole(name))
          : ExpectedIndex.read(
              json(), ActivityTable.KEYS.stream().map(KeyAttribute::name).toList());
    } catch (IOException e) {
      throw new ChaosException("the targets are not JSON", e);
    }
  }

  private String json() {
    return TARGETS.stream().limit(count).map(target -> target.formatted(name)).toList().toString();
  }

  /** Returns what each index must show. */
  List<ExpectedIndex> expected() {
    return expected;
  }

  /** Returns the variables of the functions, beside others or in their place. */
  Map<String, String> environment(Map<String, String> others) {
    Map<String, String> environment = new LinkedHashMap<>(others);
    if (count > 1) {
      environment.remove("UTSUSHI_MAPPING");
      environment.put("UTSUSHI_TARGETS", json());
    }
    return environment;
  }

  /** Returns an item in each of the indexes, one after the other. */
  List<Map<String, AttributeValue>> inEach(Map<String, AttributeValue> item) {
    return count == 1
        ? List.of(item)
        : TYPES.stream().limit(count).map(type -> entity(item, type)).toList();
  }

  /** Returns an item as an entity of any type, if there are several indexes. */
  synchronized Map<String, AttributeValue> entity(Map<String, AttributeValue> item) {
    if (count == 1) {
      return item;
    }
    var entity = entity(item, ALL_TYPES.get(random.nextInt(ALL_TYPES.size())));
    if (random.nextInt(4) == 0) {
      entity.put("archived", fromBool(random.nextBoolean()));
    }
    if (random.nextInt(5) == 0) {
      entity.put("ownerId", fromS("taken"));
    }
    if (random.nextInt(6) == 0) {
      entity.remove("contact");
    }
    entity.put("secret", secret());
    if (expected.stream().noneMatch(index -> index.shown(entity).isPresent())) {
      entity.put("memo", fromS(secret));
    }
    return entity;
  }

  private Map<String, AttributeValue> entity(Map<String, AttributeValue> item, String type) {
    Map<String, AttributeValue> entity = new LinkedHashMap<>(item);
    AttributeValue note = fromS("a note: " + secret);
    var phone = fromM(Map.of("number", fromS("03"), "note", note));
    entity.put("entity", fromS(type));
    entity.put("gsi1pk", fromS("user-" + type));
    entity.put("contact.note", note);
    entity.put(
        "contact",
        fromM(
            Map.of("city", fromS("Kyoto"), "note", note, "phones", fromL(List.of(phone, phone)))));
    if (type.equals("User")) {
      entity.put("memo", note);
    }
    return entity;
  }

  private AttributeValue secret() {
    return switch (random.nextInt(6)) {
      case 0 -> fromS(secret);
      case 1 -> fromB(SdkBytes.fromUtf8String("x".repeat(random.nextInt(3)) + secret));
      case 2 -> fromSs(List.of("none", secret));
      case 3 -> fromM(Map.of(secret, fromNul(true)));
      case 4 -> fromL(List.of(fromN("1"), fromM(Map.of("deep", fromS(secret)))));
      default -> fromS("\"" + secret + "\\");
    };
  }
}
