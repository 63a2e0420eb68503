package dev.utsushi.local.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.permission.PolicySimulator.Policies;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PolicySimulatorIT {
  private static final String TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/t";
  private static final String PATH = "arn:aws:es:us-east-1:000000000000:domain/d/i-write/_bulk";

  @Test
  void policiesAllowOrDeny() throws Exception {
    JsonNode scan =
        policy("{'Effect':'Allow','Action':'dynamodb:Scan','Resource':'%s'}".formatted(TABLE));
    JsonNode deny = policy("{'Effect':'Deny','Action':'dynamodb:*','Resource':'*'}");
    JsonNode domain =
        policy(
            "{'Effect':'Allow','Principal':{'AWS':'%s'},'Action':'es:ESHttpPost','Resource':'%s'}"
                .formatted(Access.roleArn("Writer"), PATH));
    try (var simulator = PolicySimulator.start()) {
      assertThat(simulator.allows(new Access("A", "dynamodb:Scan", TABLE), of(null, scan)))
          .isTrue();
      assertThat(simulator.allows(new Access("A", "dynamodb:Query", TABLE), of(null, scan)))
          .isFalse();
      assertThat(simulator.allows(new Access("B", "dynamodb:Scan", TABLE), of(null, scan, deny)))
          .isFalse();
      assertThat(simulator.allows(new Access("Writer", "es:ESHttpPost", PATH), of(domain)))
          .isTrue();
      assertThat(simulator.allows(new Access("Reader", "es:ESHttpPost", PATH), of(domain)))
          .isFalse();
      assertThatThrownBy(() -> simulator.allows(new Access("A", "dynamodb:No", TABLE), of(null)))
          .isInstanceOf(LocalServerException.class)
          .hasMessageContaining("invalid.action");
    }
  }

  private static Policies of(@Nullable JsonNode resource, JsonNode... identity) {
    return new Policies(List.of(identity), resource);
  }

  private static JsonNode policy(String statement) throws Exception {
    return new JsonMapper()
        .readTree(
            "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}"
                .formatted(statement.replace('\'', '"')));
  }
}
