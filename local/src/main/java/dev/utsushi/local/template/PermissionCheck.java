package dev.utsushi.local.template;

import dev.utsushi.local.permission.Access;
import dev.utsushi.local.permission.PolicySimulator;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyListener;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Denies what IAM would deny: each request of a function is judged by the template's policies
 * before it reaches its server.
 *
 * <p>A function's access key is the logical id of its role, so that the signature of a request says
 * whose it is.
 */
final class PermissionCheck implements AutoCloseable {
  private static final String DENIED =
      """
      {"__type":"AccessDeniedException","message":"%1$s","Message":"%1$s"}\
      """;

  private static final List<String> LOGS = List.of("logs:CreateLogStream", "logs:PutLogEvents");
  private static final List<String> SEND = List.of("sqs:SendMessage");

  /**
   * Without {@code ListStreams}, which Lambda asks for too: IAM knows no resource of it, and grants
   * for one stream have been enough.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html">Permissions
   *     for a stream</a>
   */
  private static final List<String> STREAM =
      List.of("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator");

  /**
   * @see <a
   *     href="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaKinesisExecutionRole.html">AWSLambdaKinesisExecutionRole</a>
   */
  private static final List<String> KINESIS =
      List.of(
          "kinesis:DescribeStream",
          "kinesis:DescribeStreamSummary",
          "kinesis:GetRecords",
          "kinesis:GetShardIterator",
          "kinesis:ListShards");

  /**
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html">Permissions
   *     for a queue</a>
   */
  private static final List<String> QUEUE =
      List.of("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage");

  private final List<FaultProxy> proxies = new ArrayList<>();
  private final Set<Access> used = ConcurrentHashMap.newKeySet();
  private final StackPlan plan;
  private final Map<String, String> names;
  private final TemplatePolicies policies;
  private final PolicySimulator simulator;
  private final RunProblems problems;

  /**
   * @param names what the servers call the template's resources, by the template's name
   */
  PermissionCheck(StackPlan plan, Map<String, String> names, RunProblems problems)
      throws InterruptedException {
    this.plan = plan;
    this.names = names;
    this.problems = problems;
    policies = new TemplatePolicies(plan);
    simulator = PolicySimulator.start();
  }

  /** Returns the address of an AWS service for functions. */
  URI inFrontOf(URI server) {
    return proxy(server, 400, Access::of);
  }

  /** Returns the address of a domain for functions. */
  URI inFrontOf(URI engine, String domainArn) {
    return proxy(engine, 403, request -> List.of(Access.of(request, domainArn)));
  }

  private URI proxy(URI server, int status, Function<Request, List<Access>> accesses) {
    var proxy =
        new FaultProxy(
            server,
            request -> {
              for (Access access : accesses.apply(request)) {
                if (!allows(access)) {
                  return new ProxyAction.Answer(status, DENIED.formatted(message(access)));
                }
              }
              return new ProxyAction.Forward();
            },
            ProxyListener.SILENT);
    proxies.add(proxy);
    return proxy.endpoint();
  }

  /**
   * Judges what Lambda does in the name of a function's role.
   *
   * @return the function's access key
   */
  String ofFunction(Resource function) {
    String role = policies.role(function.logicalId(), "Role");
    String group = policies.logGroup(function.logicalId());
    if (!group.isEmpty()) {
      require(role, Access.logStreams(group), LOGS);
    }
    return role;
  }

  /** Judges what Lambda does for a mapping: AWS refuses one whose role may not read its source. */
  void ofStreamMapping(Resource mapping, String stream) {
    String role = ofMapped(mapping);
    require(role, stream, stream.startsWith("arn:aws:kinesis:") ? KINESIS : STREAM);
    mapping
        .optionalText("DestinationConfig.OnFailure.Destination")
        .ifPresent(queue -> require(role, queue, SEND));
  }

  void ofQueueMapping(Resource mapping) {
    require(ofMapped(mapping), mapping.text("EventSourceArn"), QUEUE);
  }

  void ofSchedule(Resource schedule) {
    String role = policies.role(schedule.logicalId(), "Target/RoleArn");
    require(role, schedule.text("Target.Arn"), SEND);
  }

  private String ofMapped(Resource mapping) {
    Resource function = plan.function(mapping.text("FunctionName")).orElseThrow();
    return policies.role(function.logicalId(), "Role");
  }

  private void require(String role, String resource, List<String> actions) {
    actions.forEach(action -> allows(new Access(role, action, resource)));
  }

  private boolean allows(Access local) {
    Access access = new Access(local.role(), local.action(), inTemplate(local.resource()));
    boolean allowed = wouldAllow(access);
    if (allowed) {
      used.add(access);
    } else {
      problems.add(message(access));
    }
    return allowed;
  }

  boolean wouldAllow(Access access) {
    return simulator.allows(access, policies.policies(access));
  }

  private String inTemplate(String resource) {
    for (Map.Entry<String, String> name : names.entrySet()) {
      String value = name.getValue();
      if (resource.equals(value)) {
        return name.getKey();
      }
      if (resource.contains(':' + value + ':')) {
        return resource.replace(value, name.getKey());
      }
    }
    return resource;
  }

  private static String message(Access access) {
    return "not allowed by the template's policies: " + access;
  }

  /** Returns what roles may do, such as {@code Role: sqs:SendMessage}, and whether they did. */
  Map<String, Boolean> granted() {
    Map<String, Boolean> granted = new TreeMap<>();
    policies
        .granted()
        .forEach((role, actions) -> actions.forEach(each -> granted.put(name(role, each), false)));
    used.forEach(each -> granted.put(name(each.role(), each.action()), true));
    return granted;
  }

  private static String name(String role, String action) {
    return role + ": " + action;
  }

  @Override
  public void close() {
    proxies.forEach(FaultProxy::close);
    simulator.close();
  }
}
