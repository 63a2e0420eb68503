package dev.utsushi.cli.up;

import dev.utsushi.local.template.Bindings;
import dev.utsushi.local.template.Bindings.KeyAttribute;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What a template takes from outside, as it is typed. */
public record Bound(Bindings bindings) {

  /**
   * Reads the options of the command.
   *
   * @param tables keys as {@code name[:type][,name[:type]]}, by stream ARN
   * @throws IllegalArgumentException saying what is no key
   */
  public static Bound of(
      Map<String, String> parameters, Map<String, String> tables, List<String> searchEndpoints) {
    Bindings bindings = Bindings.none();
    for (var parameter : parameters.entrySet()) {
      bindings = bindings.withParameter(parameter.getKey(), parameter.getValue());
    }
    for (var table : tables.entrySet()) {
      bindings = bindings.withTable(table.getKey(), keys(table.getValue()));
    }
    for (String url : searchEndpoints) {
      bindings = bindings.withSearchEndpoint(url);
    }
    return new Bound(bindings);
  }

  private static List<KeyAttribute> keys(String text) {
    List<KeyAttribute> keys = Arrays.stream(text.split(",", -1)).map(Bound::key).toList();
    if (keys.size() > 2) {
      throw new IllegalArgumentException("a table has one or two keys, not " + text);
    }
    return keys;
  }

  private static KeyAttribute key(String text) {
    String[] parts = text.split(":", -1);
    var type = parts.length == 1 ? ScalarAttributeType.S : ScalarAttributeType.fromValue(parts[1]);
    if (parts.length > 2 || parts[0].isBlank() || !known(type)) {
      throw new IllegalArgumentException(
          "a key is a name, perhaps with :S, :N or :B, and not '" + text + "'");
    }
    return new KeyAttribute(parts[0], type);
  }

  private static boolean known(ScalarAttributeType type) {
    return ScalarAttributeType.knownValues().contains(type);
  }
}
