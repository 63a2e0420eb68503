package dev.utsushi.local.lambda;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The environment variables that Lambda sets for every function.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime">Defined
 *     runtime environment variables</a>
 */
final class ReservedVariables {

  private ReservedVariables() {}

  /**
   * Returns the whole environment of a function. Reserved variables override the function's own,
   * except for credentials and region, which a local function may set.
   */
  static Map<String, String> of(LambdaConfiguration configuration, String api, Path taskRoot) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("AWS_REGION", LambdaConfiguration.REGION);
    variables.put("AWS_DEFAULT_REGION", LambdaConfiguration.REGION);
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    variables.put("AWS_SESSION_TOKEN", "local");
    variables.put("TZ", ":UTC");
    variables.put("LANG", "en_US.UTF-8");
    variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    variables.putAll(configuration.environment());
    variables.put("_HANDLER", configuration.handler());
    variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
    variables.put("AWS_LAMBDA_FUNCTION_NAME", configuration.functionName());
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    variables.put(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(configuration.memoryMegabytes()));
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", configuration.initializationType());
    variables.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + configuration.functionName());
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "[$LATEST]" + UUID.randomUUID());
    variables.put("AWS_LAMBDA_RUNTIME_API", api);
    variables.put("LAMBDA_TASK_ROOT", taskRoot.toString());
    variables.put("LAMBDA_RUNTIME_DIR", taskRoot.toString());
    return variables;
  }
}
