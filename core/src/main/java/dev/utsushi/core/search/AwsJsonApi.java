package dev.utsushi.core.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A service of AWS by its JSON protocol. The function asks some services for very little, and the
 * SDK's clients for them would add megabytes to its jar.
 *
 * @param target the prefix of the header that names the operation
 * @see <a href="https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html">AWS JSON 1.1
 *     protocol</a>
 */
public record AwsJsonApi(
    URI endpoint, String target, HttpCaller caller, Authorization authorization) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * An answer of the service.
   *
   * @param json missing if the service did not answer with JSON
   */
  public record Reply(int status, JsonNode json) {

    /** Returns whether the service did what was asked. */
    public boolean isSuccess() {
      return status == 200;
    }

    /** Returns the type of the error, without the name space that some services put before it. */
    public String errorType() {
      String type = json.path("__type").asText("no type");
      return type.substring(type.indexOf('#') + 1);
    }
  }

  /**
   * Creates a client with the function's own role.
   *
   * @param service its name in host names and signatures, like {@code kinesis}
   * @param environment may name another endpoint, by the variable that the SDK also reads
   * @param identifier the service's name in that variable, like {@code CLOUDWATCH_LOGS}
   */
  public static AwsJsonApi of(
      String service,
      String identifier,
      String target,
      String region,
      Map<String, String> environment,
      HttpCaller caller) {
    @Nullable String other = environment.get("AWS_ENDPOINT_URL_" + identifier);
    URI endpoint = other == null ? endpoint(service, region) : URI.create(other).resolve("/");
    return new AwsJsonApi(endpoint, target, caller, Authorization.sigV4(region, service));
  }

  /** Returns the service's endpoint in a region. */
  public static URI endpoint(String service, String region) {
    String suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return URI.create("https://%s.%s.%s/".formatted(service, region, suffix));
  }

  /**
   * Sends a request.
   *
   * @throws IOException if no answer comes
   * @throws Authorization.CredentialsException if there are no credentials
   */
  public Reply call(String operation, Map<String, ?> request, Duration timeout) throws IOException {
    byte[] body = body(request);
    Map<String, String> headers =
        Map.of(
            "Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", target + '.' + operation);
    HttpCaller.HttpReply reply =
        caller.send(
            new HttpCaller.HttpCall(
                "POST",
                endpoint,
                authorization.authorize("POST", endpoint, headers, body),
                body,
                timeout));
    return new Reply(reply.status(), parse(reply.body()));
  }

  private static byte[] body(Map<String, ?> request) {
    try {
      return JSON.writeValueAsBytes(request);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parse(byte[] body) {
    try {
      return Objects.requireNonNullElse(
          JSON.readTree(new String(body, UTF_8)), MissingNode.getInstance());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
