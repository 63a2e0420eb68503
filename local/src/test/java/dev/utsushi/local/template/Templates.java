package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The test's template, unchanged or changed. */
final class Templates {
  private static final JsonMapper JSON = new JsonMapper();

  private Templates() {}

  static ObjectNode copied() throws IOException {
    try (InputStream in = Templates.class.getResourceAsStream("Copied.template.json")) {
      return (ObjectNode) JSON.readTree(Objects.requireNonNull(in));
    }
  }

  /** Writes the template beside a manifest with one asset, as synthesis does. */
  static Template file(Path directory, JsonNode template) throws IOException {
    try (var jar = new ZipOutputStream(Files.newOutputStream(directory.resolve("asset.jar")))) {
      jar.putNextEntry(new ZipEntry("dev/utsushi/local/handlers/RecordingHandler.class"));
      jar.putNextEntry(new ZipEntry("dev/utsushi/local/handlers/MessageHandler.class"));
    }
    Files.writeString(
        directory.resolve("Copied.assets.json"),
        """
        {"files": {"abc": {"source": {"path": "asset.jar"}, "destinations": {"current": {
          "bucketName": "assets-${AWS::AccountId}-${AWS::Region}", "objectKey": "abc.jar"}}}}}
        """);
    Path file = directory.resolve("Copied.template.json");
    Files.writeString(file, template.toString());
    return Template.read(file);
  }

  static Template changed(Path directory, Consumer<ObjectNode> change) throws IOException {
    ObjectNode template = copied();
    change.accept(template);
    return file(directory, template);
  }

  static ObjectNode properties(ObjectNode template, String logicalId) {
    return (ObjectNode) template.path("Resources").path(logicalId).path("Properties");
  }

  static ObjectNode variables(ObjectNode template, String functionLogicalId) {
    return (ObjectNode) properties(template, functionLogicalId).at("/Environment/Variables");
  }

  static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }
}
