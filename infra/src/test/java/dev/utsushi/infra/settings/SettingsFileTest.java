package dev.utsushi.infra.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.infra.settings.SettingsFile.Outcome;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import dev.utsushi.infra.settings.StreamSettings.NewTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
  private static final String ENDPOINT =
      """
      search:
        endpoint:
          url: https://search.example.com:9200
          auth: apikey
          secretArn: arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf
      """;
  private static final String STREAMS =
      """
      streams:
        - index: deals
          table: { create: { partitionKey: dealId } }
      """;

  @TempDir Path directory;

  @Test
  void keysThatAreLeftOutHaveTheSchemasDefaults() {
    StackSettings settings = read(ENDPOINT + STREAMS);

    assertThat(settings.stack()).isEqualTo("utsushi");
    assertThat(settings.logRetentionDays()).isEqualTo(30);
    assertThat(settings.search())
        .isEqualTo(
            new StackSettings.Endpoint(
                "https://search.example.com:9200",
                "apikey",
                "arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf"));
    assertThat(settings.streams())
        .containsExactly(
            new StreamSettings(
                "deals",
                new NewTable(null, "dealId", "S", null, null, null),
                null,
                1,
                0,
                1,
                3,
                -1,
                false,
                "TRIM_HORIZON",
                List.of(),
                1_769,
                30,
                "arm64",
                null,
                "delete",
                null,
                10,
                null));
  }

  @Test
  void aStreamOverridesTheDefaultsKeyByKey() {
    StackSettings settings =
        read(
            ENDPOINT
                + """
                defaults:
                  parallelizationFactor: 4
                  memoryMib: 512
                  filterPatterns: [{ eventName: [INSERT] }]
                streams:
                  - index: deals
                    table: { create: { partitionKey: dealId } }
                    parallelizationFactor: 7
                  - index: people
                    table: { create: { partitionKey: id, partitionKeyType: N } }
                    filterPatterns: [{ dynamodb: { NewImage: { age: { N: [{ exists: true }] } } } }]
                """);

    StreamSettings deals = settings.streams().getFirst();
    assertThat(deals.parallelizationFactor()).isEqualTo(7);
    assertThat(deals.memoryMib()).isEqualTo(512);
    assertThat(deals.filterPatterns().toString()).isEqualTo("[{\"eventName\":[\"INSERT\"]}]");
    StreamSettings people = settings.streams().getLast();
    assertThat(people.parallelizationFactor()).isEqualTo(4);
    assertThat(people.filterPatterns().toString())
        .isEqualTo("[{\"dynamodb\":{\"NewImage\":{\"age\":{\"N\":[{\"exists\":true}]}}}}]");
  }

  /** Filter patterns are Lambda's to read: a number keeps its digits. */
  @Test
  void aFilterPatternIsPassedOnAsItIs() {
    assertThat(
            read(ENDPOINT
                    + STREAMS
                    + "    filterPatterns: [{ a: [1.50, 1e3, null, true, \"7\"] }]\n")
                .streams()
                .getFirst()
                .filterPatterns()
                .toString())
        .isEqualTo("[{\"a\":[1.50,1E+3,null,true,\"7\"]}]");
  }

  @Test
  void aBareNumberIsANameAndAQuotedOneANumber() {
    StreamSettings stream =
        read(ENDPOINT
                + """
                streams:
                  - index: 2026
                    table: { create: { partitionKey: true } }
                    batchSize: "7"
                """)
            .streams()
            .getFirst();

    assertThat(stream.index()).isEqualTo("2026");
    assertThat(stream.table().partitionKey()).isEqualTo("true");
    assertThat(stream.batchSize()).isEqualTo(7);
  }

  @Test
  void anEmptySectionHasItsDefaults() {
    assertThat(read("search:\n  newDomain:\ndefaults:\n" + STREAMS).search())
        .isEqualTo(
            new StackSettings.NewDomain(
                null, "OpenSearch_3.5", "r8g.large.search", 2, 1, 50, "none"));
  }

  @Test
  void allProblemsAtOnceEachWithItsLineAndWhatToDo() {
    String yaml =
        """
        stak: wrong
        search:
          newDomain: { dataNodes: 3, zones: 2, instanceType: large }
          endpoint:
            url: http://search.example.com
            auth: bsic
        logRetentionDays: 31
        defaults:
          batchSize: many
          batchSize: 2
        streams:
          - index: deals
            table: { create: { partitionKey: dealId, sortKey: dealId } }
            paralelizationFactor: 3
            parallelizationFactor: 11
            bisectBatchOnError: perhaps
          - index: deals
            table:
              existing:
                arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
                streamArn: arn:aws:dynamodb:eu-central-1:123456789012:table/other/stream/2026
                partitionKey: dealId
            reservedConcurrency: 2
            parallelizationFactor: 4
            mapping: none.json
          - index: Deals
            table: deals
            maximumRecordAgeSeconds: 30
        """;

    assertThat(problems(yaml))
        .containsExactly(
            "1: stak is an unknown key; did you mean stack?",
            "2: search must have exactly one of: newDomain, existingDomain, endpoint",
            "3: search.newDomain.instanceType must be an instance type, like r8g.large.search, not"
                + " 'large'",
            "3: search.newDomain.dataNodes must be a multiple of zones: 3 nodes do not spread"
                + " evenly over 2",
            "4: search.endpoint.secretArn is missing: ARN of a Secrets Manager secret with username"
                + " and password (basic) or apiKey (apikey).",
            "5: search.endpoint.url must be the https URL of a host, like"
                + " https://search.example.com:9200, not 'http://search.example.com'",
            "6: search.endpoint.auth must be one of basic, apikey, not 'bsic'; did you mean basic?",
            "7: logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827,"
                + " 3653, not '31'",
            "9: defaults.batchSize must be a whole number from 1 to 10000, not 'many'",
            "10: defaults.batchSize is given twice; keep one",
            "13: streams[0].table.create.sortKey must not be the partition key; remove it if the"
                + " table has no sort key",
            "14: streams[0].paralelizationFactor is an unknown key; did you mean"
                + " parallelizationFactor?",
            "15: streams[0].parallelizationFactor must be a whole number from 1 to 10, not '11'",
            "16: streams[0].bisectBatchOnError must be true or false, not 'perhaps'",
            "17: streams[1].index collides with the stream at line 12: both would use the name"
                + " 'deals'",
            "21: streams[1].table.existing.streamArn belongs to another table; it must start with"
                + " arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/",
            "23: streams[1].reservedConcurrency must be at least parallelizationFactor: 2 throttles"
                + " even one shard at a factor of 4",
            "25: streams[1].mapping is unknown: 'none.json' is neither a file beside this one nor a"
                + " mapping in the function's jar",
            "26: streams[2].index must be an index name (lowercase ASCII; no space and none of \\ /"
                + " * ? \" < > | , # : in it; none of - _ + . before it), not 'Deals'",
            "27: streams[2].table must be a section with some of: create, existing",
            "28: streams[2].maximumRecordAgeSeconds must be a whole number from 60 to 604800, or"
                + " -1, not '30'");
  }

  @Test
  void emptyValuesAndListsAreProblems() {
    assertThat(problems(ENDPOINT + "stack:\nstreams: []\n"))
        .containsExactly(
            "6: stack has no value; set one or remove the key",
            "7: streams must have at least 1 entry");
    assertThat(problems("search:\n  newDomane: {}\nstreams:\n  -\n"))
        .containsExactly(
            "2: search.newDomane is an unknown key; did you mean newDomain?",
            "4: streams[0] has no value; set one or remove the key");
    assertThat(problems(ENDPOINT + STREAMS + "    filterPatterns: [INSERT]\n    batchSize: [1]\n"))
        .containsExactly(
            "9: streams[0].filterPatterns[0] must be a filter pattern, like { dynamodb: { Keys: {"
                + " tenant: { S: [a] } } } }",
            "10: streams[0].batchSize must be a whole number from 1 to 10000, not a list");
  }

  @Test
  void filterPatternsMustFitIntoTheVariablesOfAFunction() {
    String pattern = "{ eventName: [" + "a".repeat(3_000) + "] }";
    assertThat(problems(ENDPOINT + STREAMS + "    filterPatterns: [" + pattern + "]\n"))
        .containsExactly(
            "9: streams[0].filterPatterns have 3020 bytes, the mapping included, and a function's"
                + " variables hold only 3000 of them");
  }

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
  void anAgeAlarmWaitsForTheBatchingWindow() {
    assertThat(problems(ENDPOINT + STREAMS + "    batchingWindowSeconds: 60\n"))
        .containsExactly(
            "7: streams[0].iteratorAgeAlarmSeconds must be above batchingWindowSeconds, which is"
                + " 60, not '10': records wait that long");
    assertThat(
            problems(
                ENDPOINT
                    + "defaults: { batchingWindowSeconds: 60, iteratorAgeAlarmSeconds: 61 }\n"
                    + STREAMS))
        .isEmpty();
  }

  @Test
  void filterPatternsHaveTheShapeThatLambdaReads() {
    assertThat(
            problems(
                ENDPOINT
                    + """
                    defaults:
                      filterPatterns:
                        - { eventName: INSERT }
                    """
                    + STREAMS))
        .containsExactly(
            "8: defaults.filterPatterns[0].eventName must be a list of values, like"
                + " [\"INSERT\"]");
    assertThat(
            problems(
                ENDPOINT
                    + STREAMS
                    + """
                        filterPatterns:
                          - {}
                          - { dynamodb: { Keys: { id: { S: [] } } } }
                          - { dynamodb: { Keys: { id: { S: [[a]] } } } }
                          - { dynamodb: { Keys: { id: { S: [{ prefx: a }] } } } }
                          - { dynamodb: { Keys: { id: { S: [{ prefix: a, suffix: b }] } } } }
                          - { $or: [a] }
                    """))
        .containsExactly(
            "10: streams[0].filterPatterns[0] must not be empty; remove it to match every record",
            "11: streams[0].filterPatterns[1].dynamodb.Keys.id.S must have at least 1 value",
            "12: streams[0].filterPatterns[2].dynamodb.Keys.id.S[0] must be a value or a"
                + " comparison, not a list",
            "13: streams[0].filterPatterns[3].dynamodb.Keys.id.S[0] "
                + comparison("[prefx]")
                + "; did you mean prefix?",
            "14: streams[0].filterPatterns[4].dynamodb.Keys.id.S[0] "
                + comparison("[prefix, suffix]")
                + "; did you mean prefix?",
            "15: streams[0].filterPatterns[5].$or[0] must be a section: $or joins patterns");
    assertThat(
            problems(
                ENDPOINT
                    + STREAMS
                    + """
                        filterPatterns:
                          - $or: [{ a: [1, null, true, b] }, { a: { b: [{ exists: false }] } }]
                    """))
        .isEmpty();
  }

  private static String comparison(String given) {
    return "must have exactly one of anything-but, cidr, equals-ignore-case, exists, numeric,"
        + " prefix, suffix, wildcard, not "
        + given;
  }

  @Test
  void listsHaveALimit() {
    String patterns = "    filterPatterns: [" + "{ a: [1] }, ".repeat(10) + "{ a: [1] }]\n";
    assertThat(problems(ENDPOINT + STREAMS + patterns))
        .singleElement()
        .asString()
        .startsWith("9: streams[0].filterPatterns must have at most 10 entries, not 11: ");
    StringBuilder streams = new StringBuilder(ENDPOINT + "streams:\n");
    for (int i = 0; i < 13; i++) {
      streams.append("  - { index: i%d, table: { create: { partitionKey: id } } }\n".formatted(i));
    }
    assertThat(problems(streams.toString()))
        .singleElement()
        .asString()
        .startsWith("6: streams must have at most 12 entries, not 13: ");
  }

  /** IAM and the descriptions of functions take no other characters. */
  @Test
  void anIndexNameIsAscii() {
    assertThat(problems(ENDPOINT + STREAMS.replace("deals", "geschäfte")))
        .singleElement()
        .asString()
        .startsWith("7: streams[0].index must be an index name (lowercase ASCII; ");
  }

  @Test
  void aTableHasOneStackAndAStreamTwoReaders() {
    String existing =
        """
            table:
              existing:
                arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
                streamArn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/2026
                partitionKey: dealId
        """;
    assertThat(
            problems(
                ENDPOINT
                    + "streams:\n"
                    + "  - index: a\n"
                    + existing
                    + "  - index: b\n"
                    + existing
                    + "  - index: c\n"
                    + existing
                    + "  - index: d\n"
                    + "    table: { create: { name: deals, partitionKey: id } }\n"
                    + "  - { index: e, table: { create: { name: deals, partitionKey: id,"
                    + " sortKeyType: N } } }\n"))
        .containsExactly(
            "23: streams[2].table.existing.streamArn has too many readers: a DynamoDB stream serves"
                + " 2 at a time",
            "27: streams[4].table.create.sortKeyType has no effect without sortKey",
            "27: streams[4].table.create.name names the table of line 26; a second stream on it"
                + " needs another stack, with table.existing");
  }

  @Test
  void aSecondChanceComesAtOnceOrWithinAQuarterOfAnHour() {
    assertThat(read(ENDPOINT + STREAMS + "    secondChanceSeconds: 0\n").streams().getFirst())
        .extracting(StreamSettings::secondChanceSeconds)
        .isEqualTo(0);
    assertThat(read(ENDPOINT + "defaults: { secondChanceSeconds: 900 }\n" + STREAMS).streams())
        .extracting(StreamSettings::secondChanceSeconds)
        .containsExactly(900);
    assertThat(problems(ENDPOINT + STREAMS + "    secondChanceSeconds: 901\n"))
        .containsExactly(
            "9: streams[0].secondChanceSeconds must be a whole number from 0 to 900, not '901'");
  }

  @Test
  void indexesCollideWhereDerivedNamesDo() {
    assertThat(
            problems(
                ENDPOINT
                    + """
                    streams:
                      - index: deals
                        table: { create: { partitionKey: dealId } }
                      - index: deals-write
                        table: { create: { partitionKey: dealId } }
                    """))
        .singleElement()
        .asString()
        .startsWith("9: streams[1].index collides with the stream at line 7");
  }

  @Test
  void aFileThatIsNoYamlNamesTheLine() {
    assertThat(problems("search:\n  newDomain: {\nstreams: ]\n"))
        .singleElement()
        .asString()
        .startsWith("3: the file is not YAML from here on");
    assertThat(problems("")).singleElement().asString().contains("empty");
    assertThat(problems("just words"))
        .singleElement()
        .asString()
        .startsWith("1: the file must be a section");
    assertThat(SettingsFile.read(directory.resolve("none.yaml")))
        .isInstanceOfSatisfying(
            Outcome.Broken.class,
            broken ->
                assertThat(broken.problems().getFirst().what()).contains("the file is missing"));
  }

  @Test
  void aMappingIsAFileBesideOrAResourceInTheJar() throws Exception {
    Files.writeString(
        directory.resolve("deals.json"),
        "{\n  \"properties\": { \"a\": { \"type\": \"date\" } }\n}");

    assertThat(
            read(ENDPOINT + STREAMS + "    mapping: deals.json\n").streams().getFirst().mapping())
        .contains("{\"properties\":{\"a\":{\"type\":\"date\"}}}");
    assertThat(
            read(ENDPOINT + STREAMS + "    mapping: activity-log.json\n")
                .streams()
                .getFirst()
                .mapping())
        .contains("activity-log.json");
  }

  @Test
  void aMappingThatIsBrokenOrTooLongIsAProblem() throws Exception {
    Files.writeString(directory.resolve("broken.json"), "{\n\"properties\": \n");
    Files.writeString(
        directory.resolve("long.json"), "{\"a\":\"%s\"}".formatted("x".repeat(3_000)));

    assertThat(problems(ENDPOINT + STREAMS + "    mapping: broken.json\n"))
        .singleElement()
        .asString()
        .contains("is not JSON: see line 3 of 'broken.json'");
    assertThat(problems(ENDPOINT + STREAMS + "    mapping: long.json\n"))
        .singleElement()
        .asString()
        .contains("hold only 3000 of it");
  }

  @Test
  void theExampleThatShipsIsRight() {
    assertThat(SettingsFile.read(Path.of("utsushi.yaml"))).isInstanceOf(Outcome.Read.class);
  }

  private StackSettings read(String yaml) {
    return switch (SettingsFile.read(yaml, directory)) {
      case Outcome.Read(StackSettings settings) -> settings;
      case Outcome.Broken(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  private List<String> problems(String yaml) {
    return switch (SettingsFile.read(yaml, directory)) {
      case Outcome.Read _ -> List.of();
      case Outcome.Broken(List<Problem> problems) ->
          problems.stream().map(problem -> problem.line() + ": " + problem.what()).toList();
    };
  }
}
