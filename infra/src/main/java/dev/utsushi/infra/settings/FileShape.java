package dev.utsushi.infra.settings;

import static dev.utsushi.infra.settings.Key.optional;
import static dev.utsushi.infra.settings.Key.required;

import dev.utsushi.infra.settings.Shape.Choice;
import dev.utsushi.infra.settings.Shape.Flag;
import dev.utsushi.infra.settings.Shape.Free;
import dev.utsushi.infra.settings.Shape.ListOf;
import dev.utsushi.infra.settings.Shape.OneOf;
import dev.utsushi.infra.settings.Shape.Section;
import dev.utsushi.infra.settings.Shape.Steps;
import dev.utsushi.infra.settings.Shape.Text;
import dev.utsushi.infra.settings.Shape.Whole;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All that may stand in the file. The limits are those of the AWS services. */
final class FileShape {
  private static final String ARN = "arn:aws[a-z-]*:";
  private static final Text ATTRIBUTE = text("[^\\s].{0,254}", "an attribute's name");
  private static final Text HTTPS_URL =
      text("https://[^/?#@\\s]+", "an https URL of a host, like https://search.example.com:9200");
  private static final Text DOMAIN_ARN =
      text(ARN + "es:[^:]+:\\d{12}:domain/[a-z][a-z0-9-]+", "the ARN of an OpenSearch domain");
  private static final Text DOMAIN_NAME =
      text("[a-z][a-z0-9-]{2,27}", "3 to 28 of a-z, 0-9 and -, a letter first");
  private static final Text INSTANCE_TYPE =
      text("[a-z0-9]+\\.[a-z0-9]+\\.search", "an instance type, like r8g.large.search");
  private static final Text ENGINE_VERSION =
      text("OpenSearch_[1-9]\\.\\d+", "a version of OpenSearch, like OpenSearch_3.5");
  private static final Text SECRET_ARN =
      text(ARN + "secretsmanager:[^:]+:\\d{12}:secret:.+", "the ARN of a secret");
  private static final Text TABLE_ARN =
      text(ARN + "dynamodb:[^:]+:\\d{12}:table/[^/]+", "the ARN of a table");
  private static final Text STREAM_ARN =
      text(
          ARN + "dynamodb:[^:]+:\\d{12}:table/[^/]+/stream/.+",
          "the ARN of a table's stream (aws dynamodb describe-table … LatestStreamArn)");
  private static final Text INDEX =
      text(
          "[^A-Z\\\\/*?\"<>| ,#:+_.-][^A-Z\\\\/*?\"<>| ,#:]{0,200}",
          "an index's name: lower case, none of \\ / * ? \" < > | , # : or space in it, none of"
              + " - _ + . before it");
  private static final Choice KEY_TYPE = new Choice(List.of("S", "N", "B"));

  private static final Section NEW_DOMAIN =
      section(
          optional("name", DOMAIN_NAME, "The domain's name; the stack's when left out."),
          optional("engineVersion", ENGINE_VERSION, "OpenSearch_3.5", "The engine's version."),
          optional("instanceType", INSTANCE_TYPE, "r8g.large.search", "Of the data nodes."),
          optional("dataNodes", whole(1, 80), 2, "How many data nodes, over all zones."),
          optional("zones", whole(1, 3), 1, "Over how many availability zones they are spread."),
          optional("volumeGib", whole(10, 3_072), 50, "The gp3 volume of each data node."),
          optional(
              "dedicatedMasters",
              new Choice(List.of("none", "three")),
              "none",
              "Nodes that only lead the cluster: three for anything that must not stop."));
  private static final Section EXISTING_DOMAIN =
      section(
          required("arn", DOMAIN_ARN, "The domain's ARN."),
          required("endpoint", HTTPS_URL, "The domain's endpoint, with https://."));
  private static final Section ENDPOINT =
      section(
          required("url", HTTPS_URL, "The cluster's URL, with https://."),
          required("auth", new Choice(List.of("basic", "apikey")), "What the secret holds."),
          required(
              "secretArn",
              SECRET_ARN,
              "A secret with username and password (basic), or with apiKey (apikey)."));
  private static final OneOf SEARCH =
      oneOf(
          optional("newDomain", NEW_DOMAIN, "A new Amazon OpenSearch Service domain."),
          optional("existingDomain", EXISTING_DOMAIN, "A domain that stands already."),
          optional("endpoint", ENDPOINT, "Any Elasticsearch or OpenSearch, with a secret."));

  private static final Section NEW_TABLE =
      section(
          optional(
              "name",
              text("[a-zA-Z0-9_.-]{3,255}", "3 to 255 of a-z, A-Z, 0-9, _, - and ."),
              "The table's name; CloudFormation makes one up when left out."),
          required("partitionKey", ATTRIBUTE, "The partition key's name."),
          optional("partitionKeyType", KEY_TYPE, "S", "The partition key's type."),
          optional("sortKey", ATTRIBUTE, "The sort key's name, for a table that has one."),
          optional("sortKeyType", KEY_TYPE, "The sort key's type; S when left out."),
          optional("timeToLiveAttribute", ATTRIBUTE, "The attribute by which items expire."));
  private static final Section EXISTING_TABLE =
      section(
          required("arn", TABLE_ARN, "The table's ARN."),
          required("streamArn", STREAM_ARN, "Its stream's ARN; the stream carries new images."),
          required("partitionKey", ATTRIBUTE, "The partition key's name."),
          optional("sortKey", ATTRIBUTE, "The sort key's name, for a table that has one."));
  private static final OneOf TABLE =
      oneOf(
          optional("create", NEW_TABLE, "A new table, kept when the stack goes."),
          optional("existing", EXISTING_TABLE, "A table that stands already."));

  /** What can be set for a stream, and for all streams under {@code defaults}. */
  private static final List<Key> TUNING =
      List.of(
          optional("batchSize", whole(1, 10_000), 1, "The most records of an invocation."),
          optional("batchingWindowSeconds", whole(0, 300), 0, "How long a batch may gather."),
          optional(
              "parallelizationFactor",
              whole(1, 10),
              1,
              "How many invocations at a time each shard gets. See the README: which factor?"),
          optional(
              "maximumRetryAttempts",
              new Whole(0, 10_000, true),
              3,
              "How often a failed batch is tried again before it goes to the dead-letter queue."),
          optional(
              "maximumRecordAgeSeconds",
              new Whole(60, 604_800, true),
              -1,
              "Records older than this go to the dead-letter queue untried; -1 for no such age."),
          optional("bisectBatchOnError", new Flag(), false, "Whether a failed batch is halved."),
          optional(
              "startingPosition",
              new Choice(List.of("TRIM_HORIZON", "LATEST")),
              "TRIM_HORIZON",
              "Where a new mapping starts in the stream: at its oldest record or at its end."),
          optional(
              "filterPatterns",
              new ListOf(new Free(), 0),
              "Lambda's filter patterns: a record that matches none is not indexed."),
          optional("memoryMib", whole(128, 10_240), 1_769, "1769 is what one whole vCPU takes."),
          optional("timeoutSeconds", whole(1, 900), 30, "The longest that an invocation takes."),
          optional(
              "architecture", new Choice(List.of("arm64", "x86_64")), "arm64", "The processor."),
          optional(
              "reservedConcurrency",
              whole(1, 10_000),
              "Keeps so much concurrency for the stream: at least shards times factor."),
          optional(
              "ttlDeletes",
              new Choice(List.of("delete", "keep")),
              "delete",
              "Whether an item's expiry by time to live removes its document."),
          optional(
              "lagAttribute",
              ATTRIBUTE,
              "An attribute with the write's own time, in epoch milliseconds or ISO 8601, for lag"
                  + " finer than the stream's whole seconds."),
          optional("iteratorAgeAlarmSeconds", whole(1, 86_400), 10, "Alarm when further behind."),
          optional(
              "secondChanceSeconds",
              whole(0, 900),
              "Tries what failed once more after so long, before it becomes a dead letter and"
                  + " anybody is told; not at all when left out."));

  private static final Section STREAM =
      new Section(
          Stream.concat(
                  Stream.of(
                      required("index", INDEX, "The alias that readers use; the index's name."),
                      required("table", TABLE, "The table whose stream it is."),
                      optional(
                          "mapping",
                          text("\\S.*", "a path"),
                          "The index's mapping: a file, as seen from this one, or the name of one"
                              + " in the function's jar.")),
                  TUNING.stream())
              .toList());

  private static final Section SUBNET =
      section(
          required("id", text("subnet-[0-9a-f]+", "a subnet's id"), "The subnet's id."),
          required(
              "availabilityZone",
              text("[a-z]{2}(-[a-z]+)+-\\d[a-z]", "a zone's name, like eu-central-1a"),
              "Its zone."));
  private static final Section VPC =
      section(
          required("id", text("vpc-[0-9a-f]+", "a VPC's id"), "The VPC's id."),
          required("subnets", new ListOf(SUBNET, 1), "Private subnets of it."));

  static final Section FILE =
      section(
          optional(
              "stack",
              text("[A-Za-z][A-Za-z0-9-]{0,127}", "letters, digits and -, a letter first"),
              "utsushi",
              "The stack's name."),
          required("search", SEARCH, "Where the indexes live."),
          optional("vpc", VPC, "Runs the functions, and a new domain, in a VPC."),
          optional(
              "alarmTopicArn",
              text(ARN + "sns:[^:]+:\\d{12}:[^:]+", "the ARN of an SNS topic"),
              "The SNS topic that alarms go to."),
          optional(
              "logRetentionDays",
              new Steps(List.of(1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1_827, 3_653)),
              30,
              "How long CloudWatch keeps the functions' logs."),
          optional("defaults", new Section(TUNING), "For each stream that does not say otherwise."),
          required("streams", new ListOf(STREAM, 1), "One entry for each table and its index."));

  private FileShape() {}

  private static Section section(Key... keys) {
    return new Section(List.of(keys));
  }

  private static OneOf oneOf(Key... choices) {
    return new OneOf(section(choices));
  }

  private static Text text(String pattern, String rule) {
    return new Text(Pattern.compile(pattern), rule);
  }

  private static Whole whole(long least, long most) {
    return new Whole(least, most, false);
  }
}
