package dev.utsushi.testbed.endpoints;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file that tells other terminals of the local AWS that runs in this one. */
public final class EndpointsFile implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String START_ONE =
      "start one with utsushi demo --keep, or utsushi up --template FILE";

  private final Path path;
  private final LocalEndpoints endpoints;

  private EndpointsFile(Path path, LocalEndpoints endpoints) {
    this.path = path;
    this.endpoints = endpoints;
  }

  /** In the checkout that the launcher belongs to; without one, in the temporary directory. */
  public static Path defaultPath() {
    String home = System.getProperty("utsushi.home");
    return home == null
        ? Path.of(System.getProperty("java.io.tmpdir"), "utsushi-local-aws.json")
        : Path.of(home, "target", "local-aws.json");
  }

  /**
   * Writes it, in place of one that is there: what was started last is what people mean. Closing
   * removes it.
   *
   * @throws UncheckedIOException if it can't be written
   */
  public static EndpointsFile write(Path path, LocalEndpoints endpoints) {
    try {
      Path directory = path.toAbsolutePath().getParent();
      Files.createDirectories(directory);
      // In one step: a reader sees all of it or the one before.
      Path complete = Files.createTempFile(directory, "local-aws-", ".json");
      Files.writeString(complete, json(endpoints));
      Files.move(
          complete, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return new EndpointsFile(path, endpoints);
    } catch (IOException e) {
      throw new UncheckedIOException("the endpoints can't be written to " + path, e);
    }
  }

  /**
   * Reads where a local AWS answers.
   *
   * @throws EndpointsException if none runs, or the file is not one of these
   */
  public static LocalEndpoints read(Path path) {
    LocalEndpoints endpoints = parse(path);
    if (ProcessHandle.of(endpoints.pid()).isEmpty()) {
      throw new EndpointsException(
          "the local AWS of %s has ended (process %d is gone); %s"
              .formatted(path, endpoints.pid(), START_ONE));
    }
    return endpoints;
  }

  private static LocalEndpoints parse(Path path) {
    try {
      return endpoints(JSON.readTree(Files.readString(path)));
    } catch (NoSuchFileException _) {
      throw new EndpointsException(
          "no local AWS runs here (there is no %s); %s".formatted(path, START_ONE));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EndpointsException(path + " is no file of local endpoints: " + e.getMessage());
    } catch (IOException e) {
      throw new EndpointsException(path + " can't be read: " + e);
    }
  }

  private static LocalEndpoints endpoints(JsonNode json) {
    JsonNode services = json.path("endpoints");
    return new LocalEndpoints(
        json.path("stack").asText(),
        json.path("region").asText(),
        json.path("pid").asLong(),
        uri(services, "lambda"),
        uri(services, "sqs"),
        uri(services, "dynamodb"),
        uri(services, "search"));
  }

  private static URI uri(JsonNode services, String service) {
    if (!services.path(service).isTextual()) {
      throw new IllegalArgumentException("it has no endpoint of " + service);
    }
    return URI.create(services.path(service).asText());
  }

  private static String json(LocalEndpoints endpoints) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("stack", endpoints.stack())
            .put("region", endpoints.region())
            .put("pid", endpoints.pid());
    json.putObject("endpoints")
        .put("lambda", endpoints.lambda().toString())
        .put("sqs", endpoints.sqs().toString())
        .put("dynamodb", endpoints.dynamoDb().toString())
        .put("search", endpoints.search().toString());
    return json.toPrettyString() + System.lineSeparator();
  }

  /** Removes the file, unless another has taken its place since. */
  @Override
  public void close() {
    try {
      if (parse(path).equals(endpoints)) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | EndpointsException _) {
      // Somebody has removed it, or written another: it is not ours any more.
    }
  }
}
