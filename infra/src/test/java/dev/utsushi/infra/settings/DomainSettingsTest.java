package dev.utsushi.infra.settings;

import static dev.utsushi.infra.settings.TestSettings.ENDPOINT;
import static dev.utsushi.infra.settings.TestSettings.STREAMS;
import static dev.utsushi.infra.settings.TestSettings.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Domains, networks and the Region of a stack. */
class DomainSettingsTest {
  @TempDir Path directory;

  @Test
  void aDomainInMoreZonesThanItsSubnetsIsAProblem() {
    assertThat(
            problems(
                """
                search: { newDomain: { dataNodes: 3, zones: 3 } }
                vpc:
                  id: vpc-0123
                  subnets:
                    - { id: subnet-0, availabilityZone: eu-central-1a }
                    - { id: subnet-1, availabilityZone: eu-central-1a }
                """
                    + STREAMS))
        .containsExactly(
            "4: vpc.subnets must be in at least 3 zones, as search.newDomain.zones says, not in 1");
  }

  @Test
  void whatAnInstanceTypeLacksIsAProblem() {
    for (var lack :
        Map.of(
                "i3.large", "EBS volumes",
                "r6gd.large", "EBS volumes",
                "i8g.large", "EBS volumes",
                "t2.small", "encryption at rest",
                "m3.large", "encryption at rest",
                "r4.large", "gp3 volumes")
            .entrySet()) {
      assertThat(problems(domain("instanceType: %s.search".formatted(lack.getKey()))))
          .as(lack.getKey())
          .singleElement()
          .asString()
          .startsWith("1: search.newDomain.instanceType must have encrypted gp3 volumes: ")
          .contains("%s.search has no %s; take one of ".formatted(lack.getKey(), lack.getValue()));
    }
    for (String type : List.of("t3.small", "r8g.large", "or1.large", "m5.large", "x9.mega")) {
      assertThat(problems(domain("instanceType: %s.search".formatted(type)))).as(type).isEmpty();
    }
  }

  @Test
  void aVolumeThatItsInstanceCannotTakeIsAProblem() {
    assertThat(problems(domain("instanceType: t3.small.search, volumeGib: 101")))
        .containsExactly(
            "1: search.newDomain.volumeGib must be at most 100, which is the most that"
                + " t3.small.search takes, not '101'");
    assertThat(problems(domain("instanceType: t3.small.search, volumeGib: 100"))).isEmpty();
    assertThat(problems(domain("instanceType: r6g.xlarge.search, volumeGib: 3072"))).isEmpty();
  }

  @Test
  void anEngineVersionThatTheServiceDoesNotHaveIsAProblem() {
    assertThat(problems(domain("engineVersion: OpenSearch_2.18")))
        .singleElement()
        .asString()
        .startsWith("1: search.newDomain.engineVersion must be one of OpenSearch_1.0, ")
        .contains(", not 'OpenSearch_2.18'; did you mean OpenSearch_2.1");
  }

  private static String domain(String settings) {
    return "search: { newDomain: { %s } }\n".formatted(settings) + STREAMS;
  }

  @Test
  void aSubnetIsListedOnce() {
    assertThat(
            problems(
                ENDPOINT
                    + """
                    vpc:
                      id: vpc-0123
                      subnets:
                        - { id: subnet-0, availabilityZone: eu-central-1a }
                        - { id: subnet-0, availabilityZone: eu-central-1b }
                    """
                    + STREAMS))
        .containsExactly("10: vpc.subnets[1].id is the subnet of line 9; remove one of them");
  }

  @Test
  void aStackIsInOneRegion() {
    assertThat(
            problems(
                """
                search:
                  existingDomain:
                    arn: arn:aws:es:eu-central-1:123456789012:domain/search
                    endpoint: https://search-search-abc.eu-north-1.es.amazonaws.com
                vpc:
                  id: vpc-0123
                  subnets:
                    - { id: subnet-0, availabilityZone: eu-west-1a }
                alarmTopicArn: arn:aws:sns:us-east-1:123456789012:on-call
                streams:
                  - index: deals
                    table:
                      existing:
                        arn: arn:aws:dynamodb:us-west-2:123456789012:table/deals
                        streamArn: arn:aws:dynamodb:us-west-2:123456789012:table/deals/stream/2026
                        partitionKey: dealId
                """))
        .containsExactly(
            "4: search.existingDomain.endpoint " + inOtherRegion("eu-north-1"),
            "8: vpc.subnets[0].availabilityZone " + inOtherRegion("eu-west-1"),
            "9: alarmTopicArn " + inOtherRegion("us-east-1"),
            "14: streams[0].table.existing.arn " + inOtherRegion("us-west-2"));
  }

  private static String inOtherRegion(String region) {
    return "is in %s, and what line 3 names in eu-central-1: all parts of a stack are in one region"
        .formatted(region);
  }

  @Test
  void certificateAuthoritiesAreAFileInPem() throws Exception {
    String yaml =
        ENDPOINT.replace("auth: apikey", "auth: apikey\n    certificateAuthorities: ca.pem")
            + STREAMS;

    assertThat(problems(yaml, directory))
        .containsExactly(
            "5: search.endpoint.certificateAuthorities must be a file beside this one with"
                + " certificates in PEM, not 'ca.pem'");
    Files.writeString(directory.resolve("ca.pem"), "no certificate");
    assertThat(problems(yaml, directory)).hasSize(1);
  }
}
