package dev.utsushi.infra.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awscdk.cxapi.CloudFormationStackArtifact;

/**
 * A template whose code is in files beside it, as {@code aws cloudformation package} takes it. In
 * the CDK's template the code is in the bucket that {@code cdk bootstrap} creates.
 */
public final class LocalTemplate {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String BUCKET_KEY = "S3Key";

  private final ObjectNode json;
  private final Map<String, String> filesByKey = new HashMap<>();
  private final Set<String> files = new TreeSet<>();

  private LocalTemplate(ObjectNode json, JsonNode assets) {
    this.json = json;
    for (JsonNode asset : assets.path("files")) {
      String file = asset.path("source").path("path").asText();
      asset
          .path("destinations")
          .forEach(destination -> filesByKey.put(destination.path("objectKey").asText(), file));
    }
    remove("Parameters", "BootstrapVersion");
    remove("Rules", "CheckBootstrapVersion");
    localize(json.path("Resources"));
  }

  /**
   * Writes {@code template.json} and its assets into a directory, in place of earlier ones.
   *
   * @param assembly the directory of the synthesized stack
   * @return the template
   */
  public static JsonNode write(CloudFormationStackArtifact stack, Path assembly, Path directory)
      throws IOException {
    Path template = assembly.resolve(stack.getTemplateFile());
    String assets = stack.getTemplateFile().replace(".template.json", ".assets.json");
    LocalTemplate local =
        new LocalTemplate(
            (ObjectNode) JSON.readTree(template.toFile()),
            JSON.readTree(assembly.resolve(assets).toFile()));
    Files.createDirectories(directory);
    try (DirectoryStream<Path> earlier = Files.newDirectoryStream(directory, "asset.*")) {
      for (Path file : earlier) {
        Files.delete(file);
      }
    }
    for (String file : local.files) {
      Files.copy(assembly.resolve(file), directory.resolve(file));
    }
    JSON.writerWithDefaultPrettyPrinter()
        .writeValue(directory.resolve("template.json").toFile(), local.json);
    return local.json;
  }

  private void remove(String section, String name) {
    if (json.path(section) instanceof ObjectNode entries && entries.remove(name) != null) {
      if (entries.isEmpty()) {
        json.remove(section);
      }
    }
  }

  private void localize(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        String file = filesByKey.get(entry.getValue().path(BUCKET_KEY).asText());
        if (file != null) {
          files.add(file);
          object.put(entry.getKey(), file);
        }
      }
    }
    node.forEach(this::localize);
  }
}
