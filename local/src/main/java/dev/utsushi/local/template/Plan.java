package dev.utsushi.local.template;

import java.util.List;
import java.util.Optional;

/** Everything that a template says, read, understood and found to fit together. */
record Plan(List<Planned> resources) {

  Plan {
    resources = List.copyOf(resources);
  }

  <P extends Planned> List<P> all(Class<P> type) {
    return resources.stream().filter(type::isInstance).map(type::cast).toList();
  }

  Optional<Planned.Function> functionNamed(String name) {
    return all(Planned.Function.class).stream()
        .filter(function -> function.configuration().functionName().equals(name))
        .findFirst();
  }

  /** The version that runs under a function's name: an alias stands for one. */
  String executedVersion(FunctionReference function) {
    return all(Planned.Alias.class).stream()
        .filter(alias -> alias.alias().equals(function))
        .map(Planned.Alias::version)
        .findFirst()
        .orElse(function.qualifier().isEmpty() ? "$LATEST" : function.qualifier());
  }

  Optional<Planned.Table> tableOfStream(String streamArn) {
    return all(Planned.Table.class).stream()
        .filter(table -> table.streamArn().equals(streamArn))
        .findFirst();
  }

  Optional<Planned.Queue> queueOfArn(String arn) {
    return all(Planned.Queue.class).stream().filter(queue -> queue.arn().equals(arn)).findFirst();
  }
}
