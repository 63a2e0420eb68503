package dev.utsushi.core.document;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.utsushi.core.change.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Writes values as JSON, and notes the numbers that the engine would round. */
final class ValueWriter {
  private final JsonGenerator json;
  private final Deque<Object> path = new ArrayDeque<>();
  private List<ExactNumber> exactNumbers = List.of();

  ValueWriter(JsonGenerator json) {
    this.json = json;
  }

  /** The numbers written so far that have to be set right behind the engine's parser. */
  List<ExactNumber> exactNumbers() {
    return exactNumbers;
  }

  void writeAttribute(String name, Value value) throws IOException {
    json.writeFieldName(name);
    path.addLast(name);
    write(value);
    path.removeLast();
  }

  private void write(Value value) throws IOException {
    switch (value) {
      case Value.Text(String text) -> json.writeString(text);
      case Value.Decimal(String digits) -> writeNumber(digits);
      case Value.Bool(boolean bool) -> json.writeBoolean(bool);
      case Value.Null _ -> json.writeNull();
      case Value.Binary(ByteBuffer bytes) -> writeBinary(bytes);
      case Value.Structure(Map<String, Value> attributes) -> writeObject(attributes);
      case Value.Sequence(List<Value> values) -> writeArray(values, this::write);
      case Value.TextSet(List<String> texts) -> writeArray(texts, json::writeString);
      case Value.DecimalSet(List<String> numbers) -> writeArray(numbers, this::writeNumber);
      case Value.BinarySet(List<ByteBuffer> binaries) -> writeArray(binaries, this::writeBinary);
    }
  }

  private void writeObject(Map<String, Value> attributes) throws IOException {
    json.writeStartObject();
    for (var attribute : attributes.entrySet()) {
      writeAttribute(attribute.getKey(), attribute.getValue());
    }
    json.writeEndObject();
  }

  private <T> void writeArray(List<T> elements, ElementWriter<T> writer) throws IOException {
    json.writeStartArray();
    for (int i = 0; i < elements.size(); i++) {
      path.addLast(i);
      writer.write(elements.get(i));
      path.removeLast();
    }
    json.writeEndArray();
  }

  private void writeNumber(String digits) throws IOException {
    NumberLiteral literal = NumberLiteral.of(digits);
    json.writeNumber(literal.text());
    if (!literal.survivesDouble()) {
      noteExact(literal.text());
    }
  }

  private void noteExact(String digits) {
    if (exactNumbers.isEmpty()) {
      exactNumbers = new ArrayList<>();
    }
    exactNumbers.add(new ExactNumber(List.copyOf(path), digits));
  }

  private void writeBinary(ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    json.writeBinary(copy);
  }

  @FunctionalInterface
  private interface ElementWriter<T> {
    void write(T element) throws IOException;
  }
}
