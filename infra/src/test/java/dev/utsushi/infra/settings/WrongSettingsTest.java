package dev.utsushi.infra.settings;

import static dev.utsushi.infra.settings.TestSettings.ENDPOINT;
import static dev.utsushi.infra.settings.TestSettings.STREAMS;
import static dev.utsushi.infra.settings.TestSettings.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that AWS, the CDK or the function would refuse later. */
class WrongSettingsTest {
  private static final String DOMAIN = "search: { newDomain: {} }\n";
  private static final String TAG =
      "must have a name of 1 to 128 and a text of at most 256 letters, digits, spaces and _ . : /"
          + " = + - @";
  private static final String PORT = "must have a host's name and a port from 1 to 65535, not ";
  private static final String EXISTING =
      """
      streams:
        - index: deals
          table:
            existing:
              arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
              streamArn: %s
              partitionKey: dealId
      """;
  private static final String STREAM =
      "arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/2026-11-01T00:00:00.000";

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong(
            "tags: { 'aws:a': x }\n" + DOMAIN + STREAMS,
            "1: tags.aws:a must not begin with aws:, which AWS keeps for itself"),
        wrong(
            "tags: { AWS:a: x }\n" + DOMAIN + STREAMS,
            "1: tags.AWS:a must not begin with aws:, which AWS keeps for itself"),
        wrong("tags: { '': x }\n" + DOMAIN + STREAMS, "1: tags. " + TAG),
        wrong("tags: { a#b: x }\n" + DOMAIN + STREAMS, "1: tags.a#b " + TAG),
        wrong("tags: { a: x?y }\n" + DOMAIN + STREAMS, "1: tags.a " + TAG),
        wrong("tags: { a: '\uD83D\uDE00' }\n" + DOMAIN + STREAMS, "1: tags.a " + TAG),
        wrong(
            "tags: [a]\n" + DOMAIN + STREAMS,
            "1: tags must be a section of names and texts, like { team: sales }"),
        wrong(
            "tags: { a: [b] }\n" + DOMAIN + STREAMS,
            "1: tags.a must be text of up to 256 characters, not a list"),
        wrong(tags(46) + DOMAIN + STREAMS, "1: tags must have at most 45 entries, not 46"),
        wrong(
            ENDPOINT.replace("-AbCdEf", "") + STREAMS,
            "5: search.endpoint.secretArn must be the whole ARN of a secret, with the hyphen and"
                + " six characters at its end, not"
                + " 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:search'"),
        wrong(
            ENDPOINT.replace(":9200", ":99999") + STREAMS,
            "3: search.endpoint.url " + PORT + "'https://search.example.com:99999'"),
        wrong(
            ENDPOINT.replace(":9200", ":0") + STREAMS,
            "3: search.endpoint.url " + PORT + "'https://search.example.com:0'"),
        wrong(
            ENDPOINT.replace("search.example", "my_host.example") + STREAMS,
            "3: search.endpoint.url " + PORT + "'https://my_host.example.com:9200'"),
        wrong(
            ENDPOINT.replace("search.example.com:9200", "a.eu-central-1.aoss.amazonaws.com")
                + STREAMS,
            "3: search.endpoint.url is of OpenSearch Serverless, which is not supported; use a"
                + " domain"),
        wrong(
            ENDPOINT.replace("search.example", "{a}") + STREAMS,
            "3: search.endpoint.url must be a URL, not 'https://{a}.com:9200'"),
        wrong(
            "account: '999999999999'\npermissionsBoundaryArn: arn:aws:iam::123456789012:policy/b\n"
                + DOMAIN
                + STREAMS,
            "2: permissionsBoundaryArn must be a policy of account 999999999999"),
        wrong(
            "account: '999999999999'\n" + ENDPOINT + STREAMS,
            "6: search.endpoint.secretArn is of another account, which needs a key of its own: set"
                + " kmsKeyArn"),
        wrong(
            "alarmTopicArn: arn:aws-cn:sns:eu-central-1:123456789012:t\n" + DOMAIN + STREAMS,
            "1: alarmTopicArn must begin with arn:aws: as all of eu-central-1"),
        wrong(
            "alarmTopicArn: arn:aws:sns:cn-north-1:123456789012:t\n" + DOMAIN + STREAMS,
            "1: alarmTopicArn must begin with arn:aws-cn: as all of cn-north-1"),
        wrong(
            DOMAIN + vpc(17, "") + STREAMS,
            "4: vpc.subnets must have at most 16 entries, not 17: Private subnets of the VPC: the"
                + " functions use all of them, a new domain the first of each zone, in as many"
                + " zones as it has."),
        wrong(
            DOMAIN
                + vpc(1, "  securityGroupIds:\n    - sg-0123abcd\n    - sg-0123abcd\n")
                + STREAMS,
            "8: vpc.securityGroupIds[1] is the security group of line 7; remove one of them"),
        wrong(
            "search: { newDomain: { instanceType: ultrawarm1.medium.search } }\n" + STREAMS,
            "1: search.newDomain.instanceType must have encrypted gp3 volumes:"
                + " ultrawarm1.medium.search has no EBS volumes; take one of r8g, m8g, c8g or t3"),
        wrong(
            DOMAIN + STREAMS + "    alarms: { Throttles: 2147483648 }\n",
            "5: streams[0].alarms.Throttles must be a whole number from 1 to 2147483647, or off,"
                + " not '2147483648'"),
        wrong(
            DOMAIN + STREAMS.replace("deals", "a${b}"),
            "3: streams[0].index must not contain '${': IAM would read a policy variable"),
        wrong(
            DOMAIN + STREAMS.replace("dealId", "\u00e9".repeat(128)),
            "4: streams[0].table.create.partitionKey must have at most 255 bytes in UTF-8"),
        wrong(
            DOMAIN
                + STREAMS
                + "  - { index: deals-000002, table: { create: { partitionKey: id } } }\n",
            "5: streams[1].index collides with the stream at line 3, whose rebuild may use the name"
                + " 'deals-000002'"),
        wrong(
            "account: '123456789012'\n"
                + DOMAIN
                + EXISTING.formatted(STREAM)
                + "  - { index: d, table: { create: { name: deals, partitionKey: id } } }\n",
            "7: streams[0].table.existing.arn is the table that line 10 creates; copy it a second"
                + " time in another stack"),
        wrong(
            DOMAIN + EXISTING.formatted("ssm:a/b"),
            "7: streams[0].table.existing.streamArn must be the ARN of a table's stream"
                + " (LatestStreamArn in the output of aws dynamodb describe-table), ssm:PARAMETER"
                + " or export:NAME, not 'ssm:a/b'"),
        wrong(
            DOMAIN + STREAMS.replace("index: deals", "index: !Ref Deals").replace("Deals", "deals"),
            "3: streams[0].index has the tag !Ref, which means nothing here: write the value"
                + " itself"),
        wrong(
            DOMAIN + STREAMS + "    mapping: \"a\\0b\"\n",
            "5: streams[0].mapping is unknown: 'a\\u0000b' is neither a file beside this one nor a"
                + " mapping in the function's jar"),
        schedule("rate(1 days)", "'rate(1 days)'; did you mean rate(1 day)?"),
        schedule("'0 3 * * 1'", "'0 3 * * 1'; did you mean cron(0 3 ? * MON *)?"),
        schedule("at(2026-11-01T03:00:00)", "'at(2026-11-01T03:00:00)'"),
        wrong(
            "defaults: { purge: { schedule: cron(0 24 * * ? *) } }\n" + DOMAIN + STREAMS,
            "1: defaults.purge.schedule must be a rate or a cron expression, like rate(1 day) or"
                + " cron(0 3 * * ? *), not 'cron(0 24 * * ? *)': its hours can't be '24'"),
        wrong(
            "defaults: { purge: { schedule: rate(7 days) } }\n" + DOMAIN + streams(11),
            "14: streams[10] is one too many: a stack with schedules has room for 10 streams; it"
                + " needs another stack"),
        wrong(
            DOMAIN + STREAMS + "    verify: { schedul: rate(1 day), schedule: rate(1 day) }\n",
            "5: streams[0].verify.schedul is an unknown key; did you mean schedule?"),
        wrong(
            DOMAIN + STREAMS + "    verify: { repair: true }\n",
            "5: streams[0].verify.schedule is missing: When to verify, in UTC: an expression of"
                + " EventBridge Scheduler. A rate begins with the deployment, so backfill an"
                + " existing table first."),
        wrong(
            DOMAIN + STREAMS + "    verify: { schedule: rate(1 day), sample: 0.00% }\n",
            "5: streams[0].verify.sample must be a share, like 1% or 100%, not '0.00%'"),
        wrong(
            DOMAIN + STREAMS + "    verify: { schedule: rate(1 day), readCapacity: 0 }\n",
            "5: streams[0].verify.readCapacity must be a whole number from 1 to 1000000, not '0'"),
        wrong("\"a/b\": 1\n" + DOMAIN + STREAMS, "1: a/b is an unknown key"),
        wrong("[".repeat(20_000), "1: the file nests too deeply"));
  }

  private static Arguments wrong(String yaml, String problem) {
    return Arguments.of(yaml, problem);
  }

  private static Arguments schedule(String value, String problem) {
    return wrong(
        DOMAIN + STREAMS + "    verify:\n      repair: true\n      schedule: " + value + "\n",
        "7: streams[0].verify.schedule must be a rate or a cron expression, like rate(1 day) or"
            + " cron(0 3 * * ? *), not "
            + problem);
  }

  private static String streams(int count) {
    StringBuilder streams = new StringBuilder("streams:\n");
    for (int i = 0; i < count; i++) {
      streams.append("  - { index: i%d, table: { create: { partitionKey: id } } }\n".formatted(i));
    }
    return streams.toString();
  }

  private static String tags(int count) {
    StringBuilder tags = new StringBuilder("tags:\n");
    for (int i = 0; i < count; i++) {
      tags.append("  k%d: v\n".formatted(i));
    }
    return tags.toString();
  }

  private static String vpc(int subnets, String more) {
    StringBuilder vpc = new StringBuilder("vpc:\n  id: vpc-0123\n  subnets:\n");
    for (int i = 0; i < subnets; i++) {
      vpc.append("    - { id: subnet-%02x, availabilityZone: eu-central-1a }\n".formatted(i));
    }
    return vpc + more;
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void isToldWithItsLine(String yaml, String problem) {
    assertThat(problems(yaml)).containsExactly(problem);
  }

  @Test
  void whatAwsTakesIsRight() {
    assertThat(problems("tags: { Größe: 42, a b: '' }\n" + DOMAIN + STREAMS)).isEmpty();
    assertThat(problems(DOMAIN + EXISTING.formatted("ssm:/deals/stream"))).isEmpty();
    assertThat(problems(DOMAIN + EXISTING.formatted("ssm:stream.1"))).isEmpty();
    assertThat(problems(DOMAIN + STREAMS + "    alarms: { Throttles: 2147483647 }\n")).isEmpty();
    String runs = "verify: { schedule: rate(12 hours), sample: 0.5%, readCapacity: 1 }";
    assertThat(problems(DOMAIN + "defaults: { " + runs + " }\n" + STREAMS)).isEmpty();
    String secret = ENDPOINT + "    kmsKeyArn: arn:aws:kms:eu-central-1:123456789012:key/0a1b\n";
    assertThat(problems("account: '999999999999'\n" + secret + STREAMS)).isEmpty();
    assertThat(problems("region: cn-north-1\n" + DOMAIN + STREAMS)).isEmpty();
  }
}
