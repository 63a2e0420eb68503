package dev.utsushi.local.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A synthesized template in JSON, with the manifest of its assets if one lies beside it. {@code
 * Stack.template.json} is the template of the stack {@code Stack}; its manifest is {@code
 * Stack.assets.json}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html">Template
 *     anatomy</a>
 */
public final class TemplateFile {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TEMPLATE_SUFFIX = ".template.json";

  private final Path path;
  private final String stackName;
  private final ObjectNode root;
  private final AssetManifest assets;

  private TemplateFile(Path path, String stackName, ObjectNode root, AssetManifest assets) {
    this.path = path;
    this.stackName = stackName;
    this.root = root;
    this.assets = assets;
  }

  /**
   * Reads the template and its manifest.
   *
   * @throws TemplateException if one of them can't be read or is no JSON object
   */
  public static TemplateFile read(Path path) {
    Path file = path.toAbsolutePath();
    String name = String.valueOf(file.getFileName());
    String stackName =
        name.endsWith(TEMPLATE_SUFFIX)
            ? name.substring(0, name.length() - TEMPLATE_SUFFIX.length())
            : name.replaceFirst("\\.json$", "");
    Path manifest = file.resolveSibling(stackName + ".assets.json");
    AssetManifest assets =
        Files.exists(manifest)
            ? AssetManifest.of(manifest, object(manifest))
            : AssetManifest.missing(manifest);
    return new TemplateFile(file, stackName, object(file), assets);
  }

  private static ObjectNode object(Path file) {
    try {
      JsonNode read = JSON.readTree(Files.readAllBytes(file));
      if (read instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new TemplateException(file + " is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new TemplateException(file + " can't be read: " + e, e);
    }
    throw new TemplateException(List.of(file + " is no JSON object"));
  }

  public Path path() {
    return path;
  }

  /** The stack's name: {@code AWS::StackName}, and the first part of names that are generated. */
  public String stackName() {
    return stackName;
  }

  ObjectNode root() {
    return root;
  }

  AssetManifest assets() {
    return assets;
  }
}
