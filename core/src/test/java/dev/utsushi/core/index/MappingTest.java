package dev.utsushi.core.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MappingTest {
  @Test
  void settingsAloneKeepTheDefaultMapping() {
    Mapping mapping = Mapping.read("{\"settings\":{\"number_of_shards\":3}}");
    String usual = Mapping.read(Mapping.DEFAULT_RESOURCE).mappings();
    assertThat(mapping.mappings()).isEqualTo(usual).contains("date_detection");
    assertThat(mapping.createIndex()).contains("\"number_of_shards\":3", usual);
  }

  @Test
  void aMappingThatSaysNothingOfNumbersAndDatesGetsTheUsual() {
    String numbers =
        "{\"integers\":{\"match_mapping_type\":\"long\",\"mapping\":{\"type\":\"double\"}}},"
            + "{\"decimals\":{\"match_mapping_type\":\"double\",\"mapping\":{\"type\":\"double\"}}}";
    assertThat(Mapping.read("{\"properties\":{}}").createIndex())
        .isEqualTo(
            "{\"mappings\":{\"properties\":{},\"date_detection\":false,\"dynamic_templates\":["
                + numbers
                + "]}}");
    String own = "{\"dynamic_templates\":[{\"a\":{}}],\"date_detection\":true}";
    assertThat(Mapping.read("{\"settings\":{},\"mappings\":" + own + "}").createIndex())
        .isEqualTo(
            "{\"settings\":{},\"mappings\":"
                + own.replace("{\"a\":{}}", "{\"a\":{}}," + numbers)
                + "}");
    String usual = Mapping.read(Mapping.DEFAULT_RESOURCE).mappings();
    assertThat(Mapping.read("{\"mappings\":" + usual + "}").mappings()).isEqualTo(usual);
  }

  @Test
  void whatBreaksTheCopyIsRefusedByName() {
    for (String part :
        List.of(
            "\"_source\":{\"enabled\":false}",
            "\"_source\":{\"excludes\":[\"memo\"]}",
            "\"_routing\":{\"required\":true}",
            "\"enabled\":false")) {
      String name = part.substring(1, part.indexOf('"', 1));
      for (String json : List.of("{" + part + "}", "{\"mappings\":{" + part + "}}")) {
        assertThatThrownBy(() -> Mapping.read(json)).hasMessageContaining("'" + name + "'");
      }
    }
    assertThatThrownBy(
            () -> Mapping.read("{\"properties\":{\"_replication\":{\"type\":\"keyword\"}}}"))
        .hasMessageContaining("'_replication'");
  }
}
