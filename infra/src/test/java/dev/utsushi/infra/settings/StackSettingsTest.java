package dev.utsushi.infra.settings;

import static dev.utsushi.infra.settings.TestSettings.ENDPOINT;
import static dev.utsushi.infra.settings.TestSettings.STREAMS;
import static dev.utsushi.infra.settings.TestSettings.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The stack's own keys, and what other parts must say to agree with them. */
class StackSettingsTest {
  private static final String READERS = "readers: [arn:aws:iam::123456789012:role/search]";

  @Test
  void theRegionIsThatOfEveryPart() {
    String key = "arn:aws:kms:us-east-1:123456789012:key/0a1b";
    String existing =
        """
        streams:
          - index: deals
            table:
              existing:
                arn: arn:aws:dynamodb:eu-west-1:123456789012:table/deals
                streamArn: ssm:/deals/stream
                partitionKey: dealId
                kmsKeyArn: %s
        """
            .formatted(key);
    String file = "region: eu-west-1\nkmsKeyArn: " + key + '\n' + ENDPOINT + existing;
    assertThat(problems(file.replace("eu-central-1", "us-east-2")))
        .containsExactly(
            "2: kmsKeyArn " + inOtherRegion("us-east-1"),
            "7: search.endpoint.secretArn " + inOtherRegion("us-east-2"),
            "15: streams[0].table.existing.kmsKeyArn " + inOtherRegion("us-east-1"));
    assertThat(problems(file.replaceAll("eu-central-1|us-east-1", "eu-west-1"))).isEmpty();
  }

  private static String inOtherRegion(String region) {
    return "is in %s, and what line 1 names in eu-west-1: all parts of a stack are in one region"
        .formatted(region);
  }

  /** Tables, topics and keys are often those of another account. */
  @Test
  void theAccountNeedNotBeThatOfEveryPart() {
    String key = "    kmsKeyArn: arn:aws:kms:eu-central-1:123456789012:key/0a1b\n";
    assertThat(problems("account: '999999999999'\n" + ENDPOINT + key + STREAMS)).isEmpty();
  }

  @Test
  void readersNeedADomainWhosePolicyIsTheStacks() {
    String what =
        "readers needs search.newDomain; let the roles read the index by their own policies, or in"
            + " the cluster, and remove it";
    assertThat(problems(ENDPOINT + STREAMS + "    " + READERS + '\n'))
        .containsExactly("9: streams[0]." + what);
    assertThat(problems(ENDPOINT + "defaults: { " + READERS + " }\n" + STREAMS))
        .containsExactly("6: defaults." + what);
    assertThat(problems("search: { newDomain: {} }\n" + STREAMS + "    " + READERS + '\n'))
        .isEmpty();
  }

  /** Another account has another stream of the same name, and the parameter says which. */
  @Test
  void aStreamIsOfItsTableUnlessSomethingElseNamesIt() {
    String existing =
        ENDPOINT
            + """
            streams:
              - index: deals
                table:
                  existing:
                    arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
                    streamArn: %s
                    partitionKey: dealId
            """;
    assertThat(problems(existing.formatted("ssm:/deals/stream"))).isEmpty();
    assertThat(problems(existing.formatted("export:DealsStream"))).isEmpty();
    String other = "arn:aws:dynamodb:eu-central-1:123456789012:table/people/stream/2026";
    assertThat(problems(existing.formatted(other)))
        .singleElement()
        .asString()
        .startsWith("11: streams[0].table.existing.streamArn belongs to another table");
  }

  /** AWS has no fine-grained access control on t2, which can't encrypt at rest either. */
  @Test
  void aMasterUserNeedsNoOtherInstances() {
    String domain =
        "search: { newDomain: { instanceType: %s.search, masterUserRoleArn:"
            + " 'arn:aws:iam::123456789012:role/admin' } }\n";
    assertThat(problems(domain.formatted("t3.small") + STREAMS)).isEmpty();
    assertThat(problems(domain.formatted("t2.small") + STREAMS)).hasSize(1);
  }

  @Test
  void anAgeAlarmOfItsOwnOrNoneNeedNotWaitForTheWindow() {
    for (String own : new String[] {"off", "90000"}) {
      String alarms = "    batchingWindowSeconds: 60\n    alarms: { IteratorAge: %s }\n";
      assertThat(problems(ENDPOINT + STREAMS + alarms.formatted(own))).as(own).isEmpty();
    }
  }

  @Test
  void anAlarmsNameIsSuggested() {
    assertThat(problems(ENDPOINT + STREAMS + "    alarms: { DeadLetter: 5, Errors: no }\n"))
        .containsExactlyInAnyOrder(
            "9: streams[0].alarms.DeadLetter is an unknown key; did you mean DeadLetters?",
            "9: streams[0].alarms.Errors must be a whole number from 1 to 2147483647, or off, not"
                + " 'no'");
  }

  @Test
  void aSecurityGroupIsWrittenInFull() {
    String vpc =
        """
        vpc:
          id: vpc-0123
          subnets: [{ id: subnet-0, availabilityZone: eu-central-1a }]
          securityGroupIds: [sg-0a]
        """;
    assertThat(problems(ENDPOINT + vpc + STREAMS))
        .containsExactly("9: vpc.securityGroupIds[0] must be a security group ID, not 'sg-0a'");
  }
}
