package dev.utsushi.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Does what the event's {@code do} field says. */
public final class ScriptedHandler implements RequestHandler<Map<String, String>, Object> {

  private int invocations;

  /** Public and without arguments, as the runtime requires. */
  public ScriptedHandler() {}

  @Override
  public Object handleRequest(Map<String, String> event, Context context) {
    invocations++;
    return switch (event.getOrDefault("do", "")) {
      case "echo" -> event;
      case "count" -> invocations;
      case "environment" -> System.getenv();
      case "context" -> contextOf(context);
      case "print" -> printed(event.getOrDefault("text", ""));
      case "throw" -> throw new IllegalStateException("told to");
      case "hang" -> hang();
      case "exit" -> exit();
      case "fill" -> fill();
      default -> throw new IllegalArgumentException("do what?");
    };
  }

  private static Map<String, Object> contextOf(Context context) {
    return Map.of(
        "requestId", context.getAwsRequestId(),
        "arn", context.getInvokedFunctionArn(),
        "name", context.getFunctionName(),
        "memory", context.getMemoryLimitInMB(),
        "remainingMillis", context.getRemainingTimeInMillis(),
        "maxHeapMegabytes", Runtime.getRuntime().maxMemory() >> 20);
  }

  private static String printed(String text) {
    System.out.println(text);
    return text;
  }

  private static String hang() {
    System.out.println("hanging");
    try {
      Thread.sleep(600_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "never";
  }

  private static String exit() {
    System.exit(3);
    return "never";
  }

  private static int fill() {
    List<byte[]> kept = new ArrayList<>();
    while (kept.size() < 1_000_000) {
      kept.add(new byte[10 << 20]);
    }
    return kept.size();
  }
}
