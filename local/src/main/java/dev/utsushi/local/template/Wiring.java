package dev.utsushi.local.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.local.mapping.FilterCriteria;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/** Checks that resources fit together, and that nothing reaches out of this machine. */
final class Wiring {
  private static final String LATEST = "$LATEST";
  private static final URI ANYWHERE = URI.create("http://127.0.0.1");
  private static final String LOOPBACK = "https?://(localhost|127(\\.\\d+){3}|\\[::1])([:/].*)?";
  private static final String SOURCE = "EventSourceArn";
  private static final String REDRIVE_TARGET = "RedrivePolicy.deadLetterTargetArn";
  private static final int MOST_VARIABLES_BYTES = 4_096;
  private static final int DEFAULT_VISIBILITY_SECONDS = 30;

  private final Map<String, Resource> functionsByArn = new HashMap<>();
  private final Map<String, Resource> queuesByArn = new HashMap<>();
  private final Map<String, String> executedVersions = new HashMap<>();
  private final Set<String> streamArns = new HashSet<>();
  private final Placeholders placeholders = new Placeholders();
  private final List<Resource> resources;
  private final Template template;
  private final Bindings bindings;
  private final Set<String> problems;

  /**
   * The wiring of these resources.
   *
   * @param problems receives everything that does not fit
   */
  Wiring(List<Resource> resources, Template template, Bindings bindings, Set<String> problems) {
    this.resources = resources;
    this.template = template;
    this.bindings = bindings;
    this.problems = problems;
    streamArns.addAll(bindings.tables().keySet());
    bindings.searchEndpoints().forEach(url -> placeholders.searchEndpoint(url, ANYWHERE));
    resources.forEach(this::register);
  }

  private void register(Resource resource) {
    String name = resource.name();
    switch (resource.type()) {
      case Resource.TABLE, Resource.GLOBAL_TABLE -> streamArns.add(Placeholders.streamArn(name));
      case Resource.QUEUE -> {
        queuesByArn.put(ResourceNames.arn("sqs", name), resource);
        placeholders.queue(name, ANYWHERE.toString());
      }
      case Resource.FUNCTION -> {
        String arn = ResourceNames.functionArn(name);
        functionsByArn.put(arn, resource);
        executedVersions.put(arn, LATEST);
        executedVersions.put(arn + ':' + LATEST, LATEST);
      }
      case Resource.VERSION -> executedVersions.put(name, "1");
      case Resource.ALIAS -> executedVersions.put(name, resource.text("FunctionVersion"));
      case Resource.DOMAIN -> placeholders.domain(name, ANYWHERE);
      default -> {}
    }
  }

  /** The version that runs, by the ARN of a function, a version or an alias. */
  Map<String, String> executedVersions() {
    return executedVersions;
  }

  void check() {
    for (Resource resource : resources) {
      switch (resource.type()) {
        case Resource.TABLE, Resource.GLOBAL_TABLE -> checkKeys(resource);
        case Resource.QUEUE -> checkRedrive(resource);
        case Resource.FUNCTION -> {
          checkCode(resource);
          checkVariables(resource);
        }
        case Resource.VERSION -> checkFunction(resource);
        case Resource.ALIAS -> checkAlias(resource);
        case Resource.MAPPING -> checkMapping(resource);
        default -> {}
      }
    }
    checkNames();
    checkDomains();
  }

  private void problem(Resource resource, String property, String what) {
    problems.add("%s.%s %s".formatted(resource.logicalId(), property, what));
  }

  private void require(Resource resource, String property, Set<String> known, String what) {
    String value = resource.text(property);
    if (!value.isEmpty() && !known.contains(value)) {
      problem(resource, property, "is not " + what + ": " + value);
    }
  }

  private void checkKeys(Resource table) {
    Set<String> defined = attributeNames(table, "AttributeDefinitions");
    Set<String> used = attributeNames(table, "KeySchema");
    if (defined.isEmpty() || used.isEmpty() || defined.contains("") || used.contains("")) {
      return;
    }
    for (String name : used) {
      if (!defined.contains(name)) {
        problem(table, "KeySchema", "has " + name + ", which AttributeDefinitions does not define");
      }
    }
    for (String name : defined) {
      if (!used.contains(name)) {
        problem(table, "AttributeDefinitions", "defines " + name + ", which no key uses");
      }
    }
  }

  private static Set<String> attributeNames(Resource table, String property) {
    return table
        .at(property)
        .valueStream()
        .map(element -> element.path("AttributeName").asText())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void checkRedrive(Resource queue) {
    require(queue, REDRIVE_TARGET, queuesByArn.keySet(), "a queue of this template");
    Set<Resource> passed = new HashSet<>();
    Resource next = queue;
    while (next != null && passed.add(next)) {
      next = queuesByArn.get(next.text(REDRIVE_TARGET));
    }
    if (next != null) {
      problem(queue, REDRIVE_TARGET, "leads into a cycle of queues");
    }
  }

  /**
   * Lambda deploys a handler that does not exist, and fails each invocation. Here the template is
   * refused, which is when one wants to know.
   */
  private void checkCode(Resource function) {
    List<Path> code = template.code(function, bindings);
    String bucket = function.text("Code.S3Bucket");
    String key = function.text("Code.S3Key");
    if (code.isEmpty()) {
      if (!function.properties().has("Code")) {
        problem(function, "Code", "is missing");
      } else if (!bucket.isEmpty() && !key.isEmpty()) {
        problem(
            function,
            "Code.S3Key",
            "is not an asset in %s: %s/%s".formatted(template.manifest(), bucket, key));
      }
    } else if (!Files.exists(code.getFirst())) {
      problem(function, "Code.S3Key", "is an asset whose file is missing: " + code.getFirst());
    } else {
      String handler = function.text("Handler");
      String file = handler.replaceFirst("::.*$", "").replace('.', '/') + ".class";
      if (!handler.isBlank() && code.stream().noneMatch(entry -> contains(entry, file))) {
        problem(function, "Handler", "names a class that is not in its code: " + handler);
      }
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
    int bytes = 0;
    for (var variable : function.at("Environment.Variables").properties()) {
      String property = "Environment.Variables." + variable.getKey();
      String value = function.text(property);
      bytes += variable.getKey().getBytes(UTF_8).length + value.getBytes(UTF_8).length;
      if (value.startsWith("arn:aws:secretsmanager:")) {
        problem(function, property, "is a secret, and there is no Secrets Manager here");
      }
      // A local run must never reach a real cluster because a template names one.
      String filled = placeholders.fillIn(value);
      if (filled.matches("https?://.*") && !filled.matches(LOOPBACK)) {
        problem(function, property, "is outside the template: bind a search endpoint to " + value);
      }
    }
    if (bytes > MOST_VARIABLES_BYTES) {
      problem(
          function,
          "Environment.Variables",
          "must be %d bytes at most, not %d".formatted(MOST_VARIABLES_BYTES, bytes));
    }
  }

  private void checkAlias(Resource alias) {
    if (checkFunction(alias)) {
      String version = alias.text("FunctionVersion");
      String arn = ResourceNames.functionArn(alias.text("FunctionName")) + ':' + version;
      if (!version.isEmpty() && !executedVersions.containsKey(arn)) {
        problem(alias, "FunctionVersion", "is not a version of this template: " + version);
      }
    }
  }

  private boolean checkFunction(Resource resource) {
    String name = resource.text("FunctionName");
    String arn = ResourceNames.functionArn(name);
    boolean found = executedVersions.containsKey(arn);
    if (!found && !name.isEmpty()) {
      problem(
          resource,
          "FunctionName",
          "is not a function, version or alias of this template: " + name);
    }
    return found;
  }

  private void checkMapping(Resource mapping) {
    checkFunction(mapping);
    if (mapping.isQueueMapping()) {
      require(mapping, SOURCE, queuesByArn.keySet(), "a queue of this template");
      checkVisibility(mapping);
    } else {
      require(mapping, SOURCE, streamArns, "a stream of this template (bind a table to it)");
      require(
          mapping,
          "DestinationConfig.OnFailure.Destination",
          queuesByArn.keySet(),
          "a queue of this template");
      checkFilters(mapping);
    }
  }

  /** Lambda refuses a mapping whose messages come back while they are processed. */
  private void checkVisibility(Resource mapping) {
    Resource queue = queuesByArn.get(mapping.text(SOURCE));
    Resource function =
        functionsByArn.get(ResourceNames.unqualifiedArn(mapping.text("FunctionName")));
    if (queue == null || function == null) {
      return;
    }
    int visibility = queue.at("VisibilityTimeout").asInt(DEFAULT_VISIBILITY_SECONDS);
    int timeout = function.at("Timeout").asInt();
    if (visibility < timeout) {
      problem(
          mapping,
          SOURCE,
          "is a queue whose visibility timeout of %d s is shorter than the function's timeout of %d s"
              .formatted(visibility, timeout));
    }
  }

  private void checkFilters(Resource mapping) {
    try {
      var _ = new FilterCriteria(mapping.filterPatterns());
    } catch (IllegalArgumentException e) {
      problem(mapping, "FilterCriteria", "is not valid: " + e.getMessage());
    }
  }

  private void checkNames() {
    Set<String> taken = new HashSet<>();
    bindings.tables().keySet().forEach(arn -> taken.add("TableName " + Bindings.tableName(arn)));
    for (Resource resource : resources) {
      String property = Resource.nameProperty(resource.type());
      if (!property.isEmpty() && !taken.add(property + ' ' + resource.name())) {
        problem(resource, property, "is not unique: " + resource.name());
      }
    }
  }

  private void checkDomains() {
    resources.stream()
        .filter(resource -> resource.type().equals(Resource.DOMAIN))
        .skip(1)
        .forEach(
            domain ->
                problems.add(
                    domain.logicalId() + " is a second search domain, and one engine runs here"));
  }
}
