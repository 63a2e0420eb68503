package dev.utsushi.local.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.local.lambda.LambdaConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads functions, and refuses what Lambda would.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html">AWS::Lambda::Function</a>
 */
final class FunctionReader {
  private static final int MOST_VARIABLES_BYTES = 4_096;
  private static final Pattern VARIABLE_NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]+");
  private static final Set<String> RESERVED_NAMES =
      Set.of(
          "AWS_ACCESS_KEY",
          "AWS_ACCESS_KEY_ID",
          "AWS_DEFAULT_REGION",
          "AWS_EXECUTION_ENV",
          "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
          "AWS_LAMBDA_FUNCTION_NAME",
          "AWS_LAMBDA_FUNCTION_VERSION",
          "AWS_LAMBDA_INITIALIZATION_TYPE",
          "AWS_LAMBDA_LOG_GROUP_NAME",
          "AWS_LAMBDA_LOG_STREAM_NAME",
          "AWS_LAMBDA_RUNTIME_API",
          "AWS_REGION",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "LAMBDA_RUNTIME_DIR",
          "LAMBDA_TASK_ROOT",
          "_HANDLER");

  private final AssetManifest assets;
  private final Bindings bindings;

  FunctionReader(AssetManifest assets, Bindings bindings) {
    this.assets = assets;
    this.bindings = bindings;
  }

  Planned.Function function(String logicalId, String name, Properties function) {
    checkSurroundings(function);
    List<Path> code = code(logicalId, function);
    String handler = function.requiredText("Handler");
    if (!handler.isBlank() && !HandlerClass.of(handler).isIn(code)) {
      function.problem("Handler", "names a class that is not in its code: " + handler);
    }
    Map<String, String> variables =
        function.object("Environment", this::variables).orElse(Map.of());
    int memory = function.integer("MemorySize", 128, 10_240).orElse(128);
    int timeoutSeconds = function.integer("Timeout", 1, 900).orElse(3);
    var reserved = function.integer("ReservedConcurrentExecutions", 0, 1_000);
    boolean snapStart =
        function
            .object("SnapStart", snap -> snap.choice("ApplyOn", "PublishedVersions", "None"))
            .flatMap(applyOn -> applyOn)
            .filter("PublishedVersions"::equals)
            .isPresent();
    boolean named = name.matches("[A-Za-z0-9_-]{1,64}");
    if (!named) {
      function.problem("FunctionName", "takes 1 to 64 letters, digits, - and _, not " + name);
    }
    var configuration =
        LambdaConfiguration.of(
                named ? name : "refused", code, handler.isBlank() ? "refused" : handler)
            .withEnvironment(variables)
            .withMemoryMegabytes(memory)
            .withTimeout(Duration.ofSeconds(timeoutSeconds))
            .withLog(bindings.log());
    return new Planned.Function(
        logicalId,
        reserved.isPresent()
            ? configuration.withReservedConcurrency(reserved.getAsInt())
            : configuration,
        snapStart);
  }

  /** What is around the handler, or would change what runs. */
  private static void checkSurroundings(Properties function) {
    function.text("FunctionName");
    function.choice("PackageType", "Zip");
    function.choice("Runtime", "java25");
    if (function.text("Runtime").isEmpty()) {
      function.problem("Runtime", "must be java25 here");
    }
    List<String> architectures = function.texts("Architectures");
    if (architectures.size() > 1 || !Set.of("x86_64", "arm64").containsAll(architectures)) {
      function.problem("Architectures", "takes x86_64 or arm64, not " + architectures);
    }
    function.ignoreRequired("Role");
    function.ignore(
        "Description",
        "KmsKeyArn",
        "LoggingConfig",
        "RecursiveLoop",
        "RuntimeManagementConfig",
        "Tags",
        "TracingConfig",
        "VpcConfig");
    function.refuse("Layers", "the embedded runtime has no layers");
    function.refuse("FileSystemConfigs", "the embedded runtime mounts nothing");
    function.refuse("EphemeralStorage", "the embedded runtime does not limit /tmp");
    function.refuse(
        "DeadLetterConfig", "it is for asynchronous invocations, which streams' are not");
  }

  private List<Path> code(String logicalId, Properties function) {
    List<Path> given = bindings.code().get(logicalId);
    if (given != null) {
      function.ignore("Code");
      return given;
    }
    return function
        .object("Code", this::asset)
        .orElseGet(
            () -> {
              function.problem("Code", "gives no file to run");
              return List.of(Path.of("refused"));
            });
  }

  private List<Path> asset(Properties code) {
    code.refuse("ZipFile", "inline code is not Java");
    code.refuse("ImageUri", "the embedded runtime runs no images");
    String bucket = code.requiredText("S3Bucket");
    String key = code.requiredText("S3Key");
    var asset = assets.find(bucket, key);
    if (asset.isEmpty()) {
      code.problem("S3Key", "names no asset of " + assets.file() + ": " + bucket + '/' + key);
    } else if (!Files.exists(asset.get())) {
      code.problem("S3Key", "names an asset whose file is not there: " + asset.get());
    }
    return asset.map(AssetManifest::classPath).orElse(List.of(Path.of("refused")));
  }

  private Map<String, String> variables(Properties environment) {
    Map<String, String> variables = environment.variables("Variables");
    int bytes = 0;
    for (var variable : variables.entrySet()) {
      bytes +=
          variable.getKey().getBytes(UTF_8).length + variable.getValue().getBytes(UTF_8).length;
      String what = problemOf(variable.getKey(), variable.getValue());
      if (!what.isEmpty()) {
        environment.problem("Variables." + variable.getKey(), what);
      }
    }
    if (bytes > MOST_VARIABLES_BYTES) {
      environment.problem("Variables", "take %d bytes, of 4096 at most".formatted(bytes));
    }
    return variables;
  }

  private static String problemOf(String name, String value) {
    if (RESERVED_NAMES.contains(name)) {
      return "is a name that Lambda reserves";
    }
    if (!VARIABLE_NAME.matcher(name).matches()) {
      return "is no name for a variable";
    }
    return value.startsWith("arn:aws:secretsmanager:")
        ? "names a secret, and no Secrets Manager runs here"
        : "";
  }
}
