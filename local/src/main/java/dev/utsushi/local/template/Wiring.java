package dev.utsushi.local.template;

import static dev.utsushi.local.template.StackPlan.NEW_AND_OLD_IMAGES;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/** Checks that resources fit together, and that nothing reaches out of this machine. */
final class Wiring {
  private static final String LOCAL_URL =
      "https?://(localhost|127(\\.\\d+){3}|\\[::1]|[^/:]+\\.invalid)([:/].*)?";
  private static final int MOST_VARIABLES_BYTES = 4_096;
  private static final int DEFAULT_VISIBILITY_SECONDS = 30;

  private final Set<String> names = new HashSet<>();
  private final StackPlan plan;
  private final Set<String> problems;

  /**
   * @param problems receives everything that does not fit
   */
  Wiring(StackPlan plan, Set<String> problems) {
    this.plan = plan;
    this.problems = problems;
  }

  void check() {
    for (Resource resource : plan.resources()) {
      checkName(resource);
      checkReferences(resource);
      switch (resource.type()) {
        case Resource.TABLE, Resource.GLOBAL_TABLE -> {
          checkKeys(resource);
          checkDestination(resource);
        }
        case Resource.FUNCTION -> {
          checkCode(resource);
          checkVariables(resource);
        }
        case Resource.ALIAS -> checkAlias(resource);
        case Resource.MAPPING -> checkMapping(resource);
        default -> {}
      }
    }
    plan.of(Resource.DOMAIN)
        .skip(1)
        .map(Resource::logicalId)
        .map(id -> id + " is a second search domain, and one engine runs here")
        .forEach(problems::add);
  }

  private void problem(Resource resource, String property, String what) {
    problems.add("%s.%s %s".formatted(resource.logicalId(), property, what));
  }

  private void checkName(Resource resource) {
    String property = TemplateSchema.nameProperty(resource.type());
    if (!property.isEmpty() && !names.add(property + ' ' + resource.name())) {
      problem(resource, property, "is not unique: " + resource.name());
    }
  }

  /** A reference that can't be resolved is a known problem. */
  private void checkReferences(Resource resource) {
    TemplateSchema.texts("references/" + resource.definition().replace("/", "~1"))
        .forEach(
            (property, name) -> {
              JsonNode kind = TemplateSchema.definition("kinds/" + name);
              String value = resource.text(property);
              boolean found =
                  plan.find(value)
                      .filter(
                          target ->
                              TemplateSchema.accepts(
                                  "kinds/" + name, TextNode.valueOf(target.type())))
                      .isPresent();
              if (!found && !value.isEmpty()) {
                String what = "is not %s: %s";
                problem(
                    resource, property, what.formatted(kind.path("description").asText(), value));
              }
            });
  }

  private void checkKeys(Resource table) {
    List<String> defined = table.at("AttributeDefinitions").findValuesAsText("AttributeName");
    List<String> used = table.at("KeySchema").findValuesAsText("AttributeName");
    if (defined.isEmpty() || used.isEmpty() || defined.contains("") || used.contains("")) {
      return;
    }
    used.stream()
        .filter(name -> !defined.contains(name))
        .map("has %s, which AttributeDefinitions does not define"::formatted)
        .forEach(problem -> problem(table, "KeySchema", problem));
    defined.stream()
        .filter(name -> !used.contains(name))
        .map("defines %s, which no key uses"::formatted)
        .forEach(problem -> problem(table, "AttributeDefinitions", problem));
  }

  /** DynamoDB's own destination does not need the table's stream; the one here reads it. */
  private void checkDestination(Resource table) {
    String view =
        table.optionalText("StreamSpecification.StreamViewType").orElse(NEW_AND_OLD_IMAGES);
    if (!table.kinesisDestination().isMissingNode() && !view.equals(NEW_AND_OLD_IMAGES)) {
      String what =
          "must be NEW_AND_OLD_IMAGES for a table with a Kinesis stream here, not " + view;
      problem(table, "StreamSpecification.StreamViewType", what);
    }
  }

  /**
   * Checks the asset and the handler's class. Lambda deploys a handler that does not exist and
   * fails each invocation; here the template is refused, before anything starts.
   */
  private void checkCode(Resource function) {
    List<Path> code = plan.template().code(function, plan.bindings());
    String handler = function.text("Handler");
    if (code.isEmpty()) {
      checkAsset(function);
    } else if (!Files.exists(code.getFirst())) {
      problem(function, "Code.S3Key", "is an asset whose file is missing: " + code.getFirst());
    } else if (!handler.isBlank()) {
      String file = handler.replaceFirst("::.*$", "").replace('.', '/') + ".class";
      if (code.stream().noneMatch(entry -> contains(entry, file))) {
        problem(function, "Handler", "names a class that is not in its code: " + handler);
      }
    }
  }

  private void checkAsset(Resource function) {
    String bucket = function.text("Code.S3Bucket");
    String key = function.text("Code.S3Key");
    if (!function.properties().has("Code")) {
      problem(function, "Code", "is missing");
    } else if (!bucket.isEmpty() && !key.isEmpty()) {
      String what = "is not an asset in %s: %s/%s";
      problem(function, "Code.S3Key", what.formatted(plan.template().manifest(), bucket, key));
    }
  }

  private static boolean contains(Path entry, String file) {
    if (Files.isDirectory(entry)) {
      return Files.exists(entry.resolve(file));
    }
    try (var jar = new ZipFile(entry.toFile())) {
      return jar.getEntry(file) != null;
    } catch (IOException _) {
      // The JVM does not find a class in it either.
      return false;
    }
  }

  private void checkVariables(Resource function) {
    Map<String, String> bound =
        plan.bindings().searchEndpoints().stream()
            .collect(Collectors.toMap(url -> url, url -> "http://127.0.0.1"));
    int bytes = 0;
    for (var variable : function.at("Environment.Variables").properties()) {
      String property = "Environment.Variables." + variable.getKey();
      String value = function.text(property);
      bytes += variable.getKey().getBytes(UTF_8).length + value.getBytes(UTF_8).length;
      if (value.startsWith("arn:aws:secretsmanager:")) {
        problem(function, property, "is a secret, and there is no Secrets Manager here");
      }
      // A local run must never reach a real cluster because a template names one.
      String url = ResourceReader.replaceAll(value, bound);
      if (url.matches("https?://.*") && !url.matches(LOCAL_URL)) {
        problem(function, property, "is outside the template: bind a search endpoint to " + value);
      }
    }
    if (bytes > MOST_VARIABLES_BYTES) {
      String what = "must be %d bytes at most, not %d".formatted(MOST_VARIABLES_BYTES, bytes);
      problem(function, "Environment.Variables", what);
    }
  }

  private void checkAlias(Resource alias) {
    String version = alias.text("FunctionVersion");
    if (plan.function(alias.text("FunctionName")).isPresent()
        && !version.isEmpty()
        && plan.find(alias.text("FunctionName") + ':' + version).isEmpty()) {
      problem(alias, "FunctionVersion", "is not a version of this template: " + version);
    }
  }

  private void checkMapping(Resource mapping) {
    if (!mapping.isQueueMapping()) {
      checkFilters(mapping);
      checkStartingPosition(mapping);
      return;
    }
    // Lambda refuses a mapping whose messages become visible again while they are processed.
    int timeout =
        plan.function(mapping.text("FunctionName")).map(f -> f.integer("Timeout")).orElse(0);
    int visibility =
        plan.find(mapping.text("EventSourceArn"))
            .map(queue -> queue.at("VisibilityTimeout").asInt(DEFAULT_VISIBILITY_SECONDS))
            .orElse(Integer.MAX_VALUE);
    if (visibility < timeout) {
      String what =
          "is a queue whose visibility timeout of %d s is shorter than the function's timeout of %d"
              + " s";
      problem(mapping, "EventSourceArn", what.formatted(visibility, timeout));
    }
  }

  private void checkStartingPosition(Resource mapping) {
    boolean atTime = mapping.text("StartingPosition").equals("AT_TIMESTAMP");
    boolean hasTime = !mapping.at("StartingPositionTimestamp").isMissingNode();
    if (atTime && plan.find(mapping.text("EventSourceArn")).filter(Resource::isTable).isPresent()) {
      problem(mapping, "StartingPosition", "is AT_TIMESTAMP, which only a Kinesis stream has");
    } else if (atTime != hasTime) {
      problem(mapping, "StartingPositionTimestamp", "goes with AT_TIMESTAMP, and only with it");
    }
  }

  private void checkFilters(Resource mapping) {
    try {
      var _ = StackPlan.filters(mapping);
    } catch (IllegalArgumentException e) {
      problem(mapping, "FilterCriteria", "is not valid: " + e.getMessage());
    }
  }
}
