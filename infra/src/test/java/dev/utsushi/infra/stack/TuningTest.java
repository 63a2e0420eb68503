package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.Stacks.SEARCH;
import static dev.utsushi.infra.stack.Stacks.STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class TuningTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aNewFactorChangesThatMappingsFactorAndNothingElse() {
    JsonNode before = template(SEARCH + STREAMS);
    JsonNode after =
        template(SEARCH + STREAMS.replace("parallelizationFactor: 3", "parallelizationFactor: 9"));

    assertThat(factorOf(before)).isEqualTo(3);
    assertThat(factorOf(after)).isEqualTo(9);
    mapping(after).put("ParallelizationFactor", 3);
    assertThat(after).isEqualTo(before);
  }

  private static JsonNode template(String yaml) {
    return JSON.valueToTree(Stacks.template(yaml).toJSON());
  }

  private static int factorOf(JsonNode template) {
    return mapping(template).path("ParallelizationFactor").asInt();
  }

  private static ObjectNode mapping(JsonNode template) {
    return StreamSupport.stream(template.path("Resources").spliterator(), false)
        .filter(
            resource ->
                resource.path("Type").asText().equals("AWS::Lambda::EventSourceMapping")
                    && resource.path("Properties").has("ParallelizationFactor")
                    && resource.toString().contains("activitylogs"))
        .map(resource -> (ObjectNode) resource.path("Properties"))
        .findFirst()
        .orElseThrow();
  }
}
