package dev.utsushi.core.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.utsushi.core.search.Authorization.CredentialsException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The engine's answer to one {@link BulkRequest.Update}.
 *
 * <p>This file alone judges answers: by status and error type, never by the text of the message,
 * which differs by engine and version and quotes item content.
 */
sealed interface BulkReply {
  /** What the engine is asked to send back. */
  String FILTER =
      "error.type,error.caused_by.type,error.caused_by.**.type,"
          + "items.*.status,items.*.result,"
          + "items.*.error.type,items.*.error.caused_by.type,items.*.error.caused_by.**.type";

  /**
   * Causes that pass: also below a status of 400, as when the engine compiles too many scripts at
   * once.
   */
  Set<String> PASSING =
      Set.of(
          "circuit_breaking_exception",
          "es_rejected_execution_exception",
          "rejected_execution_exception",
          "process_cluster_event_timeout_exception");

  /** What the script throws when a change is later than the document's, but of an older stream. */
  String OLDER_STREAM = "concurrent_modification_exception";

  JsonFactory JSON = new JsonFactory();

  /** The document now has the update's version. */
  record Written() implements BulkReply {}

  /** The document has the same version or a newer one. */
  record Superseded() implements BulkReply {}

  /** The document was not written. */
  sealed interface Failure extends BulkReply {
    String cause();

    default Outcome outcome() {
      return switch (this) {
        case Temporary _, Moved _ -> new Outcome.Deferred(cause());
        case Unfit _, TooLarge _, Refused _ -> new Outcome.Rejected(cause());
        case Unusable _, Missing _, Deleted _ ->
            new Outcome.Rejected(cause(), Outcome.Rejects.EVERY_WRITE);
        case OlderStream _ -> new Outcome.Rejected(cause(), Outcome.Rejects.OLDER_STREAM);
      };
    }
  }

  /** The same update may succeed later. */
  sealed interface Temporary extends Failure {}

  /** The engine cannot take the update now. */
  record Unavailable(String cause) implements Temporary {}

  /** The engine failed by itself: for a moment, or because of how the index is set up. */
  record EngineFault(String cause) implements Temporary {}

  /** The mapping has no place for this content. */
  record Unfit(String cause) implements Failure {}

  /** The request is too large. */
  record TooLarge(String cause) implements Failure {}

  /** The document exists already, and the update may only create it. */
  record Exists() implements Temporary {
    @Override
    public String cause() {
      return "the document exists";
    }
  }

  /** The update cannot succeed until somebody fixes the cause. */
  record Refused(String cause) implements Failure {}

  /** No update can succeed until somebody fixes the cause. */
  record Unusable(String cause) implements Failure {}

  /** The update is later than the document, but of an older stream. */
  record OlderStream() implements Failure {
    @Override
    public String cause() {
      return TWO_STREAMS;
    }
  }

  /** There is no write alias; {@link IndexSetup#whyMissing} tells why. */
  record Missing(String cause) implements Failure {}

  /** The index was there, and somebody deleted it. */
  record Deleted(String index) implements Failure {
    @Override
    public String cause() {
      return ("the index %s was deleted. Restore it from a snapshot; or create it empty with"
              + " 'utsushi index create', and write all items again")
          .formatted(index);
    }
  }

  /** A rebuild of the index began or ended: other aliases have taken this one's place. */
  record Moved(String cause) implements Failure {}

  /** Classifies a status other than success. */
  static Failure failure(int status, String errorType) {
    String cause = errorType.isEmpty() ? "status " + status : errorType + ", status " + status;
    if (PASSING.contains(errorType)) {
      return new Unavailable(cause);
    }
    if (errorType.equals(OLDER_STREAM)) {
      return new OlderStream();
    }
    if (errorType.equals("cluster_block_exception")) {
      return new Unavailable(cause + ": " + (status == 429 ? DISK_FULL : BLOCKED));
    }
    return switch (status) {
      case 400 ->
          errorType.equals("index_closed_exception")
              ? new Unusable(cause + ": open the index again")
              : new Unfit(cause);
      case 401, 403 -> new Unusable(cause + ": " + DENIED);
      case 404 -> new Missing(cause + ": the write alias is missing");
      case 409, 429 -> new Unavailable(cause);
      case 413 -> new TooLarge(cause);
      case 500 -> errorType.isEmpty() ? new Unavailable(cause) : new EngineFault(cause);
      default -> status >= 500 ? new Unavailable(cause) : new Refused(cause);
    };
  }

  String DENIED =
      "the engine denied access. Check UTSUSHI_SEARCH_AUTH, UTSUSHI_SEARCH_SECRET_ARN and the"
          + " engine's access policy";
  String DISK_FULL = "a disk of the engine is nearly full, so it refuses writes. Add or free space";

  String BLOCKED =
      "the engine refuses writes by a setting of the index or the cluster. Remove the block";

  String TWO_STREAMS =
      "the document holds an earlier change of a newer stream, so two streams write to this index."
          + " Stop one of them. To let this one win, switch its stream off and on again, write the"
          + " items of these changes again, and purge their dead letters";

  /** Classifies a request that got no answer. */
  static Failure failure(Exception e) {
    if (e instanceof CredentialsException credentials) {
      String message = String.valueOf(e.getMessage());
      return credentials.isPassing() ? new Unavailable(message) : new Refused(message);
    }
    boolean late = e instanceof SocketTimeoutException;
    return new Unavailable(late ? String.valueOf(e.getMessage()) : e.getClass().getSimpleName());
  }

  /** Parses the answers to the items of a bulk request, in their order. */
  static List<BulkReply> parse(byte[] body) throws IOException {
    List<BulkReply> replies = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean items = parser.currentName().equals("items");
        parser.nextToken();
        if (items) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            replies.add(item(parser));
          }
        } else {
          parser.skipChildren();
        }
      }
    }
    return replies;
  }

  /**
   * Parses {@code {"update":{"status":200,"result":"updated"}}}, or the same of {@code create},
   * after its first brace.
   */
  private static BulkReply item(JsonParser parser) throws IOException {
    int status = 0;
    String result = "";
    String errorType = "";
    parser.nextToken();
    boolean creates = parser.currentName().equals("create");
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "status" -> status = parser.getIntValue();
        case "result" -> result = parser.getText();
        case "error" -> errorType = type(parser);
        default -> parser.skipChildren();
      }
    }
    parser.nextToken();
    if (creates && status == 409) {
      return new Exists();
    }
    if (status < 200 || status >= 300) {
      return failure(status, errorType);
    }
    return result.equals("noop") ? new Superseded() : new Written();
  }

  /** Returns the error type of a request that failed as a whole, or an empty text. */
  static String errorType(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean error = parser.currentName().equals("error");
        if (parser.nextToken() == JsonToken.START_OBJECT && error) {
          return type(parser);
        }
        parser.skipChildren();
      }
      return "";
    } catch (IOException e) {
      // Not the engine's JSON but, for example, a proxy's page: the status alone decides.
      return "";
    }
  }

  /** Returns the type of an error, or that of a cause below it that says more. */
  private static String type(JsonParser parser) throws IOException {
    String type = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("type")) {
        type = decides(type) ? type : parser.getText();
      } else if (name.equals("caused_by")) {
        String cause = type(parser);
        type = decides(cause) ? cause : type;
      } else {
        parser.skipChildren();
      }
    }
    return type;
  }

  private static boolean decides(String type) {
    return PASSING.contains(type) || type.equals(OLDER_STREAM);
  }
}
