package dev.utsushi.local.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.event.ruler.JsonRuleCompiler;

/**
 * What Lambda takes as a filter's pattern. Its library knows more operators than Lambda documents:
 * those are refused, so that what runs here is sure to run there.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax">Filter
 *     rule syntax</a>
 */
final class EventPattern {

  private static final Set<String> DOCUMENTED_OPERATORS =
      Set.of("anything-but", "equals-ignore-case", "exists", "numeric", "prefix", "suffix");

  private static final String OR = "$or";
  private static final ObjectMapper JSON = new ObjectMapper();

  private EventPattern() {}

  /** Why it is none; empty for a good one. */
  static Optional<String> problem(String pattern) {
    String complaint = JsonRuleCompiler.check(pattern);
    if (complaint != null) {
      return complaint.lines().findFirst();
    }
    try {
      return undocumented(JSON.readTree(pattern)).findFirst();
    } catch (JsonProcessingException e) {
      return Optional.of(e.getOriginalMessage());
    }
  }

  private static Stream<String> undocumented(JsonNode object) {
    return object.properties().stream()
        .flatMap(
            field -> {
              JsonNode value = field.getValue();
              if (value.isObject()) {
                return undocumented(value);
              }
              return field.getKey().equals(OR)
                  ? value.valueStream().flatMap(EventPattern::undocumented)
                  : value.valueStream().flatMap(EventPattern::undocumentedOperator);
            });
  }

  /** Of one alternative of a field: a plain value, or an object that names an operator. */
  private static Stream<String> undocumentedOperator(JsonNode alternative) {
    return alternative.properties().stream()
        .filter(
            operator ->
                !DOCUMENTED_OPERATORS.contains(operator.getKey()) || operator.getValue().isObject())
        .map(operator -> "Lambda documents no operator " + alternative);
  }
}
