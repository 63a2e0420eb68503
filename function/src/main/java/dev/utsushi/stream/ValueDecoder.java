package dev.utsushi.stream;

import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import dev.utsushi.core.change.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From Lambda's attribute values to ours. */
final class ValueDecoder {
  private ValueDecoder() {}

  /**
   * @throws IllegalArgumentException if a value has no type that DynamoDB knows
   */
  static Map<String, Value> decode(Map<String, AttributeValue> attributes) {
    Map<String, Value> values = LinkedHashMap.newLinkedHashMap(attributes.size());
    attributes.forEach((name, attribute) -> values.put(name, decode(attribute)));
    return values;
  }

  static Value decode(AttributeValue attribute) {
    if (attribute.getS() != null) {
      return new Value.Text(attribute.getS());
    }
    if (attribute.getN() != null) {
      return new Value.Decimal(attribute.getN());
    }
    if (attribute.getBOOL() != null) {
      return new Value.Bool(attribute.getBOOL());
    }
    if (attribute.getM() != null) {
      return new Value.Structure(decode(attribute.getM()));
    }
    if (attribute.getL() != null) {
      return new Value.Sequence(decode(attribute.getL()));
    }
    return decodeRare(attribute);
  }

  private static List<Value> decode(List<AttributeValue> attributes) {
    return attributes.stream().map(ValueDecoder::decode).toList();
  }

  private static Value decodeRare(AttributeValue attribute) {
    if (attribute.getNULL() != null) {
      return new Value.Null();
    }
    if (attribute.getB() != null) {
      return new Value.Binary(attribute.getB());
    }
    if (attribute.getSS() != null) {
      return new Value.TextSet(attribute.getSS());
    }
    if (attribute.getNS() != null) {
      return new Value.DecimalSet(attribute.getNS());
    }
    if (attribute.getBS() != null) {
      return new Value.BinarySet(attribute.getBS());
    }
    throw new IllegalArgumentException("A value has none of DynamoDB's data types.");
  }
}
