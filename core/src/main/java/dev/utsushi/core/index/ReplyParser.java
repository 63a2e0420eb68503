package dev.utsushi.core.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads what the engine answered, as far as {@link #FILTER} lets it answer. */
final class ReplyParser {
  /** Only this is sent back; error messages quote item content and are never asked for. */
  static final String FILTER = "error.type,items.*.status,items.*.result,items.*.error.type";

  private static final JsonFactory JSON = new JsonFactory();

  private ReplyParser() {}

  /** The replies to the items of a bulk request, in their order. */
  static List<Reply> items(byte[] body) throws IOException {
    List<Reply> replies = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        if (parser.currentName().equals("items")) {
          parser.nextToken();
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            replies.add(item(parser));
          }
        } else {
          parser.nextToken();
          parser.skipChildren();
        }
      }
    }
    return replies;
  }

  /** The first field name in the body, which holds an object. */
  static String firstName(byte[] body) throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      return parser.nextFieldName();
    }
  }

  /** Every field name and every text in the body. */
  static Set<String> words(byte[] body) throws IOException {
    Set<String> words = new HashSet<>();
    try (JsonParser parser = JSON.createParser(body)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
          words.add(parser.getText());
        }
      }
    }
    return words;
  }

  /** The error type of a request that failed as a whole, or an empty text. */
  static String errorType(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "";
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean error = parser.currentName().equals("error");
        if (parser.nextToken() == JsonToken.START_OBJECT && error) {
          return error(parser);
        }
        parser.skipChildren();
      }
      return "";
    } catch (IOException e) {
      // A proxy's own page, say. The status tells enough.
      return "";
    }
  }

  /** {@code {"update":{"status":200,"result":"updated"}}}, from its first brace to its last. */
  private static Reply item(JsonParser parser) throws IOException {
    int status = 0;
    String result = "";
    String errorType = "";
    parser.nextToken();
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "status" -> status = parser.getIntValue();
        case "result" -> result = parser.getText();
        case "error" -> errorType = error(parser);
        default -> parser.skipChildren();
      }
    }
    parser.nextToken();
    return Replies.of(status, result, errorType);
  }

  private static String error(JsonParser parser) throws IOException {
    String type = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isType = parser.currentName().equals("type");
      parser.nextToken();
      if (isType) {
        type = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
    return type;
  }
}
