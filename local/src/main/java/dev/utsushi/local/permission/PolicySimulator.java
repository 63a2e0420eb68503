package dev.utsushi.local.permission;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.local.LocalServerException;
import dev.utsushi.local.NodePackage;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * IAM's decisions: <a href="https://github.com/cloud-copilot/iam-simulate">iam-simulate</a> in a
 * Node.js process, which ends with {@link #close()} or when this JVM dies.
 */
public final class PolicySimulator implements AutoCloseable {
  static final NodePackage PACKAGE = new NodePackage("iam-simulate-0.1.173", PolicySimulator.class);

  private static final JsonMapper JSON = new JsonMapper();

  private final Map<Access, Boolean> decisions = new ConcurrentHashMap<>();
  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  private PolicySimulator(Process process) {
    this.process = process;
    questions = process.outputWriter(UTF_8);
    answers = process.inputReader(UTF_8);
  }

  /**
   * The policies that apply to an access.
   *
   * @param identity those of the role
   * @param resource that of the resource, if it has one
   */
  public record Policies(List<JsonNode> identity, @Nullable JsonNode resource) {}

  /**
   * Starts the simulator. The first start on a machine installs it into {@code ~/.cache/utsushi},
   * which needs npm and its registry.
   *
   * @throws LocalServerException if it can't be installed or started, with what to do
   */
  public static PolicySimulator start() throws InterruptedException {
    try {
      Path folder = PACKAGE.installed();
      var command =
          new ProcessBuilder("node", "--input-type=module", "-e", PACKAGE.resource("simulator.js"))
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      return new PolicySimulator(PACKAGE.start(command));
    } catch (IOException e) {
      throw new LocalServerException("The simulator of IAM did not start", e);
    }
  }

  /**
   * Returns whether the policies allow an access.
   *
   * @param policies asked for once for each access
   * @throws LocalServerException if the simulator knows no such action or resource
   */
  public boolean allows(Access access, Policies policies) {
    return decisions.computeIfAbsent(access, _ -> decide(access, policies));
  }

  private synchronized boolean decide(Access access, Policies policies) {
    try {
      var question = JSON.createObjectNode();
      question.put("accountId", Access.ACCOUNT);
      question.put("principal", Access.roleArn(access.role()));
      question.put("action", access.action());
      question.put("resource", access.resource());
      question.putArray("identityPolicies").addAll(policies.identity());
      if (policies.resource() != null) {
        question.set("resourcePolicy", policies.resource());
      }
      questions.write(question.toString());
      questions.newLine();
      questions.flush();
      String line = answers.readLine();
      if (line == null) {
        throw new LocalServerException(
            "The simulator of IAM has ended: does 'node --version' say 20 or later?");
      }
      JsonNode answer = JSON.readTree(line);
      if (!answer.has("allowed") || answer.has("errors")) {
        throw new LocalServerException(
            "The simulator of IAM can't judge %s: %s".formatted(access, answer.path("errors")));
      }
      return answer.path("allowed").booleanValue();
    } catch (IOException e) {
      throw new LocalServerException("The simulator of IAM does not answer", e);
    }
  }

  /** Ends the process, which reads to the end of its input. */
  @Override
  public void close() {
    process.destroy();
  }
}
