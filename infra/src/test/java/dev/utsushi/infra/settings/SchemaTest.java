package dev.utsushi.infra.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.settings.Settings.SearchAuth;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.core.settings.SettingsException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.opensearchservice.EngineVersion;

/** The function reads what the schema lets through: their rules must agree. */
class SchemaTest {
  private static final SchemaPart STREAM = SchemaPart.of(JsonPointer.compile("/streams/0"));

  @Test
  void everyKeyOfDefaultsIsAKeyOfAStream() {
    List<String> own =
        List.of(
            "index",
            "table",
            "source",
            "kinesis",
            "consumers",
            "consumer",
            "worker",
            "mapping",
            "targets");
    assertThat(STREAM.keys()).startsWith(own.toArray(String[]::new));
    assertThat(SchemaPart.FILE.key("defaults").keys())
        .isEqualTo(STREAM.keys().stream().filter(key -> !own.contains(key)).toList());
  }

  @Test
  void aConsumerHasTheKeysOfAStreamButForWhatItReads() {
    List<String> shared =
        List.of("table", "source", "kinesis", "consumers", "consumer", "worker", "targets");
    assertThat(STREAM.key("consumers").item().keys())
        .filteredOn(
            key -> !List.of("functionArn", "roleArn", "reportsBatchItemFailures").contains(key))
        .isEqualTo(STREAM.keys().stream().filter(key -> !shared.contains(key)).toList());
  }

  @Test
  void engineVersionsAreTheLibrarysVersions() {
    assertThat(SchemaPart.of(JsonPointer.compile("/search/newDomain/engineVersion")).words())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EngineVersion.class.getFields())
                .map(Field::getName)
                .filter(name -> name.startsWith("OPENSEARCH_"))
                .map(name -> name.replaceFirst("OPENSEARCH_(\\d+)_(\\d+)", "OpenSearch_$1.$2"))
                .toList());
  }

  @Test
  void wordsAreTheFunctionsWords() {
    assertThat(STREAM.key("ttlDeletes").words()).isEqualTo(words(TtlDeletes.values()));
    assertThat(words(SearchAuth.values()))
        .containsAll(SchemaPart.of(JsonPointer.compile("/search/endpoint/auth")).words());
  }

  @Test
  void indexNamesAreTheFunctionsIndexNames() {
    Pattern pattern = Pattern.compile(STREAM.key("index").json().path("pattern").asText());
    for (char character = ' '; character <= '~'; character++) {
      for (String name : List.of("a" + character + "b", character + "ab")) {
        assertThat(pattern.matcher(name).matches()).as(name).isEqualTo(isIndexOfFunction(name));
      }
    }
  }

  private static List<String> words(Enum<?>... constants) {
    return Arrays.stream(constants).map(it -> it.name().toLowerCase(Locale.ROOT)).toList();
  }

  private static boolean isIndexOfFunction(String name) {
    try {
      Settings settings =
          Settings.read(
              Map.of(
                  Setting.INDEX.variable(), name,
                  Setting.PARTITION_KEY.variable(), "id",
                  Setting.SEARCH_ENDPOINT.variable(), "http://localhost:9200",
                  Setting.SEARCH_AUTH.variable(), "none"));
      return settings.index().reader().equals(name);
    } catch (SettingsException e) {
      return false;
    }
  }
}
