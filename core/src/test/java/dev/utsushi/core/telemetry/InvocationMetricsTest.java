package dev.utsushi.core.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class InvocationMetricsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T01:02:03.417Z");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Log log = new Log(new PrintStream(out), () -> NOW);
  private final InvocationMetrics metrics = new InvocationMetrics(Map.of("Index", "activity-logs"));

  @Test
  void aLineIsInTheEmbeddedFormat() throws JsonProcessingException {
    metrics.count(Metric.APPLIED);
    metrics.count(Metric.RETRIES, 3);
    metrics.lag(Duration.ofMillis(417));
    metrics.writeDuration(Duration.ofMillis(2));
    metrics.writeTo(log, NOW);
    JsonNode line = lines().getFirst();
    JsonNode directive = line.at("/_aws/CloudWatchMetrics/0");
    assertThat(line.at("/_aws/Timestamp").asLong()).isEqualTo(NOW.toEpochMilli());
    assertThat(directive.path("Namespace").asText()).isEqualTo("Utsushi");
    assertThat(directive.at("/Dimensions/0/0").asText()).isEqualTo("Index");
    assertThat(line.path("Index").asText()).isEqualTo("activity-logs");
    assertThat(line.path("Applied").asInt()).isEqualTo(1);
    assertThat(line.path("Superseded").asInt(-1)).isZero();
    assertThat(line.path("Retries").asInt()).isEqualTo(3);
    assertThat(line.at("/Lag/0").asInt()).isEqualTo(417);
    assertThat(line.path("WriteDuration").asInt()).isEqualTo(2);
    for (JsonNode metric : directive.path("Metrics")) {
      assertThat(line.has(metric.path("Name").asText())).as("%s", metric).isTrue();
    }
  }

  @Test
  void twoStacksWithOneIndexReportTwoMetrics() throws JsonProcessingException {
    Map<String, String> dimensions = new TreeMap<>(Map.of("Index", "deals", "Stack", "prod"));
    new InvocationMetrics(dimensions).writeTo(log, NOW);
    log.count(dimensions, Metric.FILTERED, 2);
    assertThat(lines())
        .hasSize(2)
        .allSatisfy(
            line -> {
              assertThat(line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString())
                  .isEqualTo("[[\"Index\",\"Stack\"]]");
              assertThat(line.path("Index").asText()).isEqualTo("deals");
              assertThat(line.path("Stack").asText()).isEqualTo("prod");
            });
  }

  @Test
  void noLineHoldsMoreLagsThanTheFormatAllows() throws JsonProcessingException {
    for (int i = 0; i < 250; i++) {
      metrics.lag(Duration.ofMillis(i));
    }
    metrics.writeTo(log, NOW);
    assertThat(lines()).extracting(line -> line.path("Lag").size()).containsExactly(100, 100, 50);
    assertThat(lines().get(1).has("Applied")).isFalse();
  }

  @Test
  void aClockThatIsSlowGivesNoNegativeLag() throws JsonProcessingException {
    metrics.lag(Duration.ofMillis(-5));
    metrics.writeTo(log, NOW);
    assertThat(lines().getFirst().at("/Lag/0").asInt(-1)).isZero();
  }

  private List<JsonNode> lines() throws JsonProcessingException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString(UTF_8).lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }
}
