package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the files are that a deployment would upload: from bucket and key to a path.
 *
 * @see <a href="https://docs.aws.amazon.com/cdk/v2/guide/assets.html">Assets</a>
 */
record AssetManifest(Path file, JsonNode content) {

  static AssetManifest of(Path file, JsonNode content) {
    return new AssetManifest(file, content);
  }

  /** Of a template without assets: it finds nothing. */
  static AssetManifest missing(Path file) {
    return new AssetManifest(file, MissingNode.getInstance());
  }

  /** The asset that a deployment would put there. */
  Optional<Path> find(String bucket, String key) {
    for (JsonNode asset : content.path("files")) {
      for (JsonNode destination : asset.path("destinations")) {
        if (key.equals(destination.path("objectKey").asText())
            && bucket.equals(AwsEnvironment.fillIn(destination.path("bucketName").asText()))) {
          return Optional.of(
              file.resolveSibling(asset.path("source").path("path").asText()).normalize());
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The class path that Lambda makes of a deployment package.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-package.html">Java deployment
   *     packages</a>
   */
  static List<Path> classPath(Path asset) {
    List<Path> classPath = new ArrayList<>(List.of(asset));
    Path libraries = asset.resolve("lib");
    if (Files.isDirectory(libraries)) {
      try (var files = Files.list(libraries)) {
        files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(classPath::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return classPath;
  }
}
