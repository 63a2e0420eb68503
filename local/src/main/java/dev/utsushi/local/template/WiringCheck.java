package dev.utsushi.local.template;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Checks that what was read fits together, and that nothing reaches out of this machine. */
final class WiringCheck {
  private static final URI ANYWHERE = URI.create("http://127.0.0.1");
  private static final String LOOPBACK = "https?://(localhost|127(\\.\\d+){3}|\\[::1])([:/].*)?";

  private final Plan plan;
  private final Bindings bindings;
  private final Problems problems;

  WiringCheck(Plan plan, Bindings bindings, Problems problems) {
    this.plan = plan;
    this.bindings = bindings;
    this.problems = problems;
  }

  void check() {
    plan.all(Planned.Mapping.class).forEach(this::check);
    plan.all(Planned.QueueMapping.class).forEach(this::check);
    plan.all(Planned.Queue.class).forEach(this::checkRedrive);
    plan.all(Planned.Alias.class).forEach(this::check);
    plan.all(Planned.Version.class)
        .forEach(version -> requireFunction(version.logicalId(), version.version()));
    plan.all(Planned.Function.class).forEach(this::checkAddresses);
    if (plan.all(Planned.Domain.class).size() > 1) {
      problems.add(
          plan.all(Planned.Domain.class).getLast().logicalId(),
          "is a second search domain, and one engine runs here");
    }
    checkDistinct(Planned.Table.class, Planned.Table::name);
    checkDistinct(Planned.Queue.class, Planned.Queue::name);
    checkDistinct(Planned.Function.class, function -> function.configuration().functionName());
  }

  private void check(Planned.Mapping mapping) {
    if (!mapping.streamArn().isEmpty() && plan.tableOfStream(mapping.streamArn()).isEmpty()) {
      problems.add(
          mapping.logicalId() + ".EventSourceArn",
          "is no stream of the template's: bind a table to " + mapping.streamArn());
    }
    if (requireFunction(mapping.logicalId(), mapping.function())) {
      requireQualifier(mapping.logicalId(), mapping.function());
    }
    mapping
        .onFailureArn()
        .filter(arn -> plan.queueOfArn(arn).isEmpty())
        .ifPresent(
            arn ->
                problems.add(
                    mapping.logicalId() + ".DestinationConfig.OnFailure.Destination",
                    "is no queue of the template's: " + arn));
  }

  private void check(Planned.QueueMapping mapping) {
    var queue = plan.queueOfArn(mapping.queueArn());
    if (queue.isEmpty()) {
      problems.add(
          mapping.logicalId() + ".EventSourceArn",
          "is no queue of the template's: " + mapping.queueArn());
    }
    if (requireFunction(mapping.logicalId(), mapping.function())) {
      requireQualifier(mapping.logicalId(), mapping.function());
    }
    var function = plan.functionNamed(mapping.function().name());
    if (queue.isPresent() && function.isPresent()) {
      checkVisibility(mapping, queue.get(), function.get());
    }
  }

  /** Lambda refuses a mapping whose messages come back while they are worked on. */
  private void checkVisibility(
      Planned.QueueMapping mapping, Planned.Queue queue, Planned.Function function) {
    Duration timeout = function.configuration().timeout();
    if (queue.visibilityTimeout().compareTo(timeout) < 0) {
      problems.add(
          mapping.logicalId(),
          "is of a queue whose visibility timeout of %d s is less than the function's time-out of %d s"
              .formatted(queue.visibilityTimeout().toSeconds(), timeout.toSeconds()));
    }
  }

  private void checkRedrive(Planned.Queue queue) {
    Set<String> passed = new HashSet<>();
    for (var each = Optional.of(queue); each.isPresent(); ) {
      var redrive = each.get().redrive();
      if (redrive.isEmpty()) {
        return;
      }
      String target = redrive.get().targetArn();
      if (!passed.add(target)) {
        problems.add(queue.logicalId() + ".RedrivePolicy", "comes back to itself");
        return;
      }
      each = plan.queueOfArn(target);
      if (each.isEmpty() && !target.isEmpty()) {
        problems.add(
            queue.logicalId() + ".RedrivePolicy.deadLetterTargetArn",
            "is no queue of the template's: " + target);
      }
    }
  }

  private void check(Planned.Alias alias) {
    if (requireFunction(alias.logicalId(), alias.alias()) && !alias.version().isEmpty()) {
      requireQualifier(alias.logicalId(), alias.alias().qualified(alias.version()));
    }
  }

  private boolean requireFunction(String logicalId, FunctionReference reference) {
    boolean found = plan.functionNamed(reference.name()).isPresent();
    if (!found && !reference.name().isEmpty()) {
      problems.add(
          logicalId + ".FunctionName", "is no function of the template's: " + reference.name());
    }
    return found;
  }

  private void requireQualifier(String logicalId, FunctionReference reference) {
    boolean found =
        reference.qualifier().isEmpty()
            || reference.qualifier().equals("$LATEST")
            || plan.all(Planned.Version.class).stream()
                .anyMatch(version -> version.version().equals(reference))
            || plan.all(Planned.Alias.class).stream()
                .anyMatch(alias -> alias.alias().equals(reference));
    if (!found) {
      problems.add(
          logicalId,
          "refers to version or alias %s of %s, which the template does not have"
              .formatted(reference.qualifier(), reference.name()));
    }
  }

  /** A local run must never reach a real cluster because a template names one. */
  private void checkAddresses(Planned.Function function) {
    var standIns = new StandIns();
    plan.all(Planned.Domain.class).forEach(domain -> standIns.domain(domain.name(), ANYWHERE));
    plan.all(Planned.Queue.class)
        .forEach(queue -> standIns.queue(queue.name(), ANYWHERE.toString()));
    bindings.searchEndpoints().forEach(url -> standIns.searchEndpoint(url, ANYWHERE));
    function
        .configuration()
        .environment()
        .forEach(
            (name, value) -> {
              String filled = standIns.fillIn(value);
              if (filled.matches("https?://.*") && !filled.matches(LOOPBACK)) {
                problems.add(
                    function.logicalId() + ".Environment.Variables." + name,
                    "is outside the template: bind a search endpoint to " + value);
              }
            });
  }

  private <P extends Planned> void checkDistinct(Class<P> type, Function<P, String> name) {
    Set<String> names = new HashSet<>();
    List<P> all = plan.all(type);
    all.stream()
        .filter(each -> !names.add(name.apply(each)))
        .forEach(each -> problems.add(each.logicalId(), "has a name twice: " + name.apply(each)));
  }
}
