package dev.utsushi.infra.settings;

import static dev.utsushi.infra.settings.TestSettings.ENDPOINT;
import static dev.utsushi.infra.settings.TestSettings.STREAMS;
import static dev.utsushi.infra.settings.TestSettings.problems;
import static dev.utsushi.infra.settings.TestSettings.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams: tables, indexes, mappings, alarms. */
class StreamSettingsTest {
  @TempDir Path directory;

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
                + " 2 at a time; read Kinesis instead (source: kinesis)",
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
  void aMappingIsAFileBesideOrAResourceInTheJar() throws Exception {
    Files.writeString(
        directory.resolve("deals.json"),
        "{\n  \"properties\": { \"a\": { \"type\": \"date\" } }\n}");

    assertThat(
            read(ENDPOINT + STREAMS + "    mapping: deals.json\n", directory)
                .streams()
                .getFirst()
                .mapping())
        .contains("{\"properties\":{\"a\":{\"type\":\"date\"}}}");
    assertThat(
            read(ENDPOINT + STREAMS + "    mapping: activity-log.json\n", directory)
                .streams()
                .getFirst()
                .mapping())
        .contains("activity-log.json");
  }

  @Test
  void aMappingThatIsBrokenIsAProblem() throws Exception {
    Files.writeString(directory.resolve("broken.json"), "{\n\"properties\": \n");

    assertThat(problems(ENDPOINT + STREAMS + "    mapping: broken.json\n", directory))
        .singleElement()
        .asString()
        .contains("is not JSON: see line 3 of 'broken.json'");
  }
}
