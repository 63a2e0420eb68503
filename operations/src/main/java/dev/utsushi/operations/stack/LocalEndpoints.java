package dev.utsushi.operations.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where a local AWS answers: published in a file by the process that runs it, read by other
 * terminals.
 *
 * @param stack the stack that its functions are tagged with
 * @param pid the process that runs it
 */
public record LocalEndpoints(String stack, String region, long pid, Services endpoints) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES).build();
  private static final String REGION = "us-east-1";
  private static final String START_ONE =
      "start one with utsushi demo --keep, or utsushi up --template FILE";

  /**
   * The endpoint of each service.
   *
   * @param kinesis empty if no Kinesis runs
   */
  public record Services(URI lambda, URI sqs, URI dynamodb, URI search, URI kinesis) {

    /** Returns the endpoints of an AWS without Kinesis. */
    public Services(URI lambda, URI sqs, URI dynamodb, URI search) {
      this(lambda, sqs, dynamodb, search, URI.create(""));
    }
  }

  /** A published file; closing it removes the file. */
  @FunctionalInterface
  public interface Published extends AutoCloseable {
    @Override
    void close();
  }

  /** Returns the endpoints of a local AWS that this process runs. */
  public static LocalEndpoints ofThisProcess(String stack, Services endpoints) {
    return new LocalEndpoints(stack, REGION, ProcessHandle.current().pid(), endpoints);
  }

  /** Returns the file in the checkout of the launcher; without one, in the temporary directory. */
  public static Path defaultFile() {
    String home = System.getProperty("utsushi.home");
    return home == null
        ? Path.of(System.getProperty("java.io.tmpdir"), "utsushi-local-aws.json")
        : Path.of(home, "target", "local-aws.json");
  }

  /**
   * Writes the file. It replaces that of an earlier process, since people mean the latest. A second
   * file, for this process alone, is for readers that find the first one gone.
   *
   * @throws UncheckedIOException if a file can't be written
   */
  public Published publish(Path file) {
    Path own = file.resolveSibling(prefix(file) + pid + ".json");
    try {
      write(own);
      write(file);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write the endpoints to " + file, e);
    }
    return () -> {
      remove(own);
      remove(file);
    };
  }

  private void write(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    // Moved in one step, so that a reader never sees half a file.
    Path complete = Files.createTempFile(directory, "endpoints", ".tmp");
    JSON.writerWithDefaultPrettyPrinter().writeValue(complete.toFile(), this);
    Files.move(complete, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String prefix(Path file) {
    return file.getFileName().toString().replaceFirst("\\.json$", "") + '-';
  }

  private void remove(Path file) {
    try {
      if (parse(file).equals(this)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | OperationException _) {
      // Another process has removed or replaced it: the file is no longer ours.
    }
  }

  /**
   * Reads the file of a local AWS that is running; if that one has ended, of another that published
   * to the same file before.
   *
   * @throws OperationException if none is running, or the file holds no endpoints
   */
  public static LocalEndpoints read(Path file) {
    LocalEndpoints endpoints = Files.exists(file) ? parse(file) : null;
    if (endpoints != null && endpoints.isRunning()) {
      return endpoints;
    }
    return others(file)
        .map(LocalEndpoints::parse)
        .filter(LocalEndpoints::isRunning)
        .findFirst()
        .orElseThrow(
            () ->
                OperationException.usage(
                    endpoints == null
                        ? "no local AWS is running here (there is no %s); %s"
                            .formatted(file, START_ONE)
                        : "the local AWS of %s has ended (process %d is gone); %s"
                            .formatted(file, endpoints.pid(), START_ONE)));
  }

  private boolean isRunning() {
    return ProcessHandle.of(pid).isPresent();
  }

  private static Stream<Path> others(Path file) {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    try (var files = Files.list(directory)) {
      return files
          .filter(each -> each.getFileName().toString().startsWith(prefix(file)))
          .toList()
          .stream();
    } catch (IOException _) {
      // There is no such directory.
      return Stream.empty();
    }
  }

  private static LocalEndpoints parse(Path file) {
    try {
      return JSON.readValue(Files.readString(file), LocalEndpoints.class);
    } catch (JsonProcessingException e) {
      throw OperationException.usage(
          "%s is not a file of local endpoints: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw OperationException.usage("can't read %s: %s".formatted(file, e), e);
    }
  }
}
