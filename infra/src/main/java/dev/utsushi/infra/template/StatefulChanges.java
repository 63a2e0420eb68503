package dev.utsushi.infra.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what an update of a stack would replace or remove that holds state. CloudFormation tells it
 * only in a change set, after the upload.
 */
public final class StatefulChanges {
  private static final String TYPE = "Type";
  private static final String VPC = "VPCOptions";
  private static final String ENCRYPTION = "EncryptionAtRestOptions";

  /** Kinds of resources, those first that others refer to. */
  private enum Kind {
    TABLE(
        "AWS::DynamoDB::GlobalTable",
        "CloudFormation creates another table, which is empty, and leaves this one outside the"
            + " stack. Keep its name and its keys, or add the other table as another stream.",
        "Keep its entry in streams to keep it."),
    DOMAIN(
        "AWS::OpenSearchService::Domain",
        "CloudFormation creates another domain, whose indexes are empty, and leaves this one"
            + " outside the stack, where it costs money. Keep the name: search.newDomain.name.",
        "To search the next one, its indexes need a backfill. Keep search.newDomain to keep it."),
    QUEUE(
        "AWS::SQS::Queue",
        "CloudFormation creates another queue and deletes this one with its messages. Replay"
            + " them first: utsushi dlq replay.",
        "Replay its messages first: utsushi dlq replay."),
    LOG_GROUP(
        "AWS::Logs::LogGroup",
        "CloudFormation creates another log group and deletes this one. Export what you need.",
        "Export what you need first."),
    MAPPING(
        "AWS::Lambda::EventSourceMapping",
        "CloudFormation creates another mapping, which begins at its startingPosition, and"
            + " deletes this one. Changes of the old stream that are not read by then are lost:"
            + " stop the writes and wait until the iterator age is 0.",
        "Changes are no longer indexed, and another mapping begins at its startingPosition. Keep"
            + " its entry in streams to keep it.");

    private final String type;
    private final String replacement;
    private final String removal;

    Kind(String type, String replacement, String removal) {
      this.type = type;
      this.replacement = replacement;
      this.removal = removal;
    }

    /** Returns the properties that CloudFormation can't update in place. */
    List<String> fixed() {
      return switch (this) {
        case TABLE ->
            List.of("TableName", "KeySchema", "AttributeDefinitions", "LocalSecondaryIndexes");
        case DOMAIN -> List.of("DomainName", ENCRYPTION);
        case QUEUE -> List.of("QueueName", "FifoQueue");
        case LOG_GROUP -> List.of("LogGroupName");
        case MAPPING -> List.of("EventSourceArn", "StartingPosition", "StartingPositionTimestamp");
      };
    }
  }

  private final JsonNode deployed;
  private final JsonNode next;
  private final Set<String> replaced = new HashSet<>();
  private final List<String> findings = new ArrayList<>();

  private StatefulChanges(JsonNode deployed, JsonNode next) {
    this.deployed = deployed.path("Resources");
    this.next = next.path("Resources");
  }

  /** Returns for each resource what would happen to it, and what to do. */
  public static List<String> between(JsonNode deployed, JsonNode next) {
    StatefulChanges changes = new StatefulChanges(deployed, next);
    for (Kind kind : Kind.values()) {
      changes
          .deployed
          .propertyStream()
          .filter(resource -> isA(kind, resource.getValue()))
          .forEach(resource -> changes.compare(kind, resource));
    }
    return changes.findings;
  }

  private static boolean isA(Kind kind, JsonNode resource) {
    return resource.path(TYPE).asText().equals(kind.type);
  }

  private void compare(Kind kind, Map.Entry<String, JsonNode> resource) {
    String id = resource.getKey();
    Optional<String> what =
        isA(kind, next.path(id))
            ? update(kind, id, resource.getValue().path("Properties"))
            : Optional.of(removal(kind, resource.getValue()));
    what.ifPresent(it -> findings.add("%s (%s) %s".formatted(id, kind.type, it)));
  }

  private static String removal(Kind kind, JsonNode resource) {
    boolean retained = resource.path("DeletionPolicy").asText().startsWith("Retain");
    return "%s. %s"
        .formatted(
            retained ? "leaves the stack and stays in the account" : "is deleted", kind.removal);
  }

  private Optional<String> update(Kind kind, String id, JsonNode before) {
    JsonNode after = next.path(id).path("Properties");
    if (kind == Kind.DOMAIN && before.has(VPC) != after.has(VPC)) {
      return Optional.of(
          "%s its VPC: Amazon OpenSearch Service refuses that, and the update fails. Keep vpc as it is, or create another domain by another search.newDomain.name."
              .formatted(before.has(VPC) ? "leaves" : "enters"));
    }
    List<String> changed =
        kind.fixed().stream().filter(it -> isChanged(before.path(it), after.path(it))).toList();
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    replaced.add(id);
    return Optional.of(
        "is replaced, since %s changes. %s"
            .formatted(String.join(" and ", changed), replacement(kind, changed, before, after)));
  }

  /** A reference to what is replaced will have another value. */
  private boolean isChanged(JsonNode before, JsonNode after) {
    return !before.equals(after) || replaced.contains(after.path("Fn::GetAtt").path(0).asText());
  }

  private static String replacement(
      Kind kind, List<String> changed, JsonNode before, JsonNode after) {
    if (kind == Kind.TABLE && after.has("TableName") && !changed.contains("TableName")) {
      return "CloudFormation can't replace a table whose name is set, and the update fails."
          + " Keep its keys, or give the other table another name.";
    }
    if (kind == Kind.MAPPING
        && !changed.contains("EventSourceArn")
        && before.path("FunctionName").equals(after.path("FunctionName"))) {
      return "Lambda refuses a second mapping of one stream and function, and the update fails."
          + " Keep startingPosition as it is: a mapping reads it only when it is created.";
    }
    if (kind == Kind.DOMAIN && changed.equals(List.of(ENCRYPTION))) {
      return "CloudFormation deletes the domain with its indexes and creates it anew."
          + " Keep search.newDomain.kmsKeyArn as it is.";
    }
    return kind.replacement;
  }
}
