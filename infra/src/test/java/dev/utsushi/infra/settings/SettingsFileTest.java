package dev.utsushi.infra.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.settings.SearchAuth;
import dev.utsushi.infra.settings.SettingsFile.Outcome;
import dev.utsushi.infra.settings.TableSettings.KeyAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
  void leavingOutTakesTheCardsDefaults() {
    Settings settings = read(ENDPOINT + STREAMS);

    assertThat(settings.stack()).isEqualTo("utsushi");
    assertThat(settings.search())
        .isEqualTo(
            new SearchSettings.Endpoint(
                "https://search.example.com:9200",
                SearchAuth.APIKEY,
                "arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf"));
    StreamSettings stream = settings.streams().getFirst();
    assertThat(stream.reading())
        .isEqualTo(
            new StreamSettings.Reading(
                1, Duration.ZERO, 1, 3, -1, false, "TRIM_HORIZON", List.of()));
    assertThat(stream.running())
        .isEqualTo(
            new StreamSettings.Running(1_769, Duration.ofSeconds(30), "arm64", Optional.empty()));
    assertThat(stream.ttlDeletes()).isEqualTo(TtlDeletes.DELETE);
    assertThat(stream.secondChance()).isEmpty();
    assertThat(stream.table())
        .isEqualTo(
            new TableSettings.Create(
                Optional.empty(),
                new KeyAttribute("dealId", "S"),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void aStreamOverridesTheDefaultsKeyByKey() {
    Settings settings =
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
    assertThat(deals.reading().parallelizationFactor()).isEqualTo(7);
    assertThat(deals.running().memoryMib()).isEqualTo(512);
    assertThat(deals.reading().filterPatterns()).containsExactly("{\"eventName\":[\"INSERT\"]}");
    StreamSettings people = settings.streams().getLast();
    assertThat(people.reading().parallelizationFactor()).isEqualTo(4);
    assertThat(people.reading().filterPatterns())
        .containsExactly("{\"dynamodb\":{\"NewImage\":{\"age\":{\"N\":[{\"exists\":true}]}}}}");
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
            "1: stak is no key; did you mean stack?",
            "3: search.newDomain.instanceType must be an instance type, like r8g.large.search, not"
                + " 'large'",
            "3: search must have exactly one of: newDomain, existingDomain, endpoint",
            "3: search.newDomain.dataNodes must be a multiple of zones: 3 does not spread evenly"
                + " over 2",
            "5: search.endpoint.url must be an https URL of a host, like"
                + " https://search.example.com:9200, not 'http://search.example.com'",
            "5: search.endpoint.secretArn is missing: A secret with username and password (basic),"
                + " or with apiKey (apikey).",
            "6: search.endpoint.auth must be one of basic, apikey, not 'bsic'; did you mean basic?",
            "7: logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827,"
                + " 3653, not '31'",
            "9: defaults.batchSize must be a whole number from 1 to 10000, not 'many'",
            "10: defaults.batchSize stands here twice: keep one",
            "13: sortKey is the partition key: leave it out",
            "14: streams[0].paralelizationFactor is no key; did you mean parallelizationFactor?",
            "15: streams[0].parallelizationFactor must be a whole number from 1 to 10, not '11'",
            "16: streams[0].bisectBatchOnError must be true or false, not 'perhaps'",
            "17: index 'deals' collides with the stream at line 12: both would have 'deals'; give"
                + " each stream an index of its own",
            "21: streamArn is not of this table: it must start with"
                + " arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/",
            "23: reservedConcurrency 2 is less than parallelizationFactor 4: one shard alone would"
                + " be throttled",
            "25: mapping 'none.json' is no file beside this one and no mapping in the function's"
                + " jar",
            "26: streams[2].index must be an index's name: lower case, none of \\ / * ? \" < > | ,"
                + " # : or space in it, none of - _ + . before it, not 'Deals'",
            "27: streams[2].table must be a section with some of: create, existing",
            "28: streams[2].maximumRecordAgeSeconds must be a whole number from 60 to 604800, or"
                + " -1, not '30'");
  }

  @Test
  void aSecondChanceComesAtOnceOrWithinAQuarterOfAnHour() {
    assertThat(read(ENDPOINT + STREAMS + "    secondChanceSeconds: 0\n").streams().getFirst())
        .extracting(StreamSettings::secondChance)
        .isEqualTo(Optional.of(Duration.ZERO));
    assertThat(read(ENDPOINT + "defaults: { secondChanceSeconds: 900 }\n" + STREAMS).streams())
        .extracting(StreamSettings::secondChance)
        .containsExactly(Optional.of(Duration.ofMinutes(15)));
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
        .startsWith("9: index 'deals-write' collides with the stream at line 7");
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
            broken -> assertThat(broken.problems().getFirst().what()).contains("no such file"));
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
        .contains("is not JSON from its line");
    assertThat(problems(ENDPOINT + STREAMS + "    mapping: long.json\n"))
        .singleElement()
        .asString()
        .contains("hold only 3000 of it");
  }

  @Test
  void theExampleThatShipsIsRight() {
    assertThat(SettingsFile.read(Path.of("utsushi.yaml"))).isInstanceOf(Outcome.Read.class);
  }

  private Settings read(String yaml) {
    return switch (SettingsFile.read(yaml, directory)) {
      case Outcome.Read(Settings settings) -> settings;
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
