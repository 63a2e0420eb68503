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

  Optional<Planned.Table> tableOfStream(String streamArn) {
    return all(Planned.Table.class).stream()
        .filter(table -> table.streamArn().equals(streamArn))
        .findFirst();
  }

  Optional<Planned.Queue> queueOfArn(String arn) {
    return all(Planned.Queue.class).stream().filter(queue -> queue.arn().equals(arn)).findFirst();
  }
}
