package dev.utsushi.local.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A synthesized template in JSON, with the manifest of its assets if there is one beside it. {@code
 * Stack.template.json} is the template of the stack {@code Stack}; its manifest is {@code
 * Stack.assets.json}.
 *
 * @param stackName {@code AWS::StackName}, and the first part of generated names
 * @param manifest where the assets' manifest is, if there is one
 * @param assets the manifest, empty without one
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html">Template
 *     anatomy</a>
 */
public record Template(String stackName, ObjectNode root, Path manifest, ObjectNode assets) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Reads the template and its manifest.
   *
   * @throws TemplateException if one of them can't be read or is not a JSON object
   */
  public static Template read(Path path) {
    Path file = path.toAbsolutePath();
    String stackName =
        String.valueOf(file.getFileName()).replaceFirst("(\\.template)?\\.json$", "");
    Path manifest = file.resolveSibling(stackName + ".assets.json");
    ObjectNode assets =
        Files.exists(manifest) ? object(manifest) : JsonNodeFactory.instance.objectNode();
    return new Template(stackName, object(file), manifest, assets);
  }

  private static ObjectNode object(Path file) {
    try {
      if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new TemplateException(file + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new TemplateException(file + " can't be read: " + e, e);
    }
    throw new TemplateException(List.of(file + " is not a JSON object"));
  }

  /** Returns the resource with this logical id; missing if the template has none. */
  JsonNode resource(String logicalId) {
    return root.path("Resources").path(logicalId);
  }

  /**
   * Returns the class path of a function, bound or from its asset; empty if there is no such asset.
   */
  List<Path> code(Resource function, Bindings bindings) {
    List<Path> bound = bindings.code().get(function.logicalId());
    return bound != null
        ? bound
        : asset(function.text("Code.S3Bucket"), function.text("Code.S3Key"))
            .map(Template::classPath)
            .orElse(List.of());
  }

  /**
   * Returns the file that a deployment would upload to this bucket and key.
   *
   * @see <a href="https://docs.aws.amazon.com/cdk/v2/guide/assets.html">Assets</a>
   */
  private Optional<Path> asset(String bucket, String key) {
    for (JsonNode asset : assets.path("files")) {
      for (JsonNode destination : asset.path("destinations")) {
        String name = ResourceReader.fillIn(destination.path("bucketName").asText());
        if (bucket.equals(name) && key.equals(destination.path("objectKey").asText())) {
          String source = asset.at("/source/path").asText();
          return Optional.of(manifest.resolveSibling(source).normalize());
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the class path that Lambda makes of a deployment package.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-package.html">Java deployment
   *     packages</a>
   */
  private static List<Path> classPath(Path asset) {
    Path libraries = asset.resolve("lib");
    if (!Files.isDirectory(libraries)) {
      return List.of(asset);
    }
    try (var files = Files.list(libraries)) {
      Stream<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted();
      return Stream.concat(Stream.of(asset), jars).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
