package dev.utsushi.infra.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands in the file and has the shape that it should. */
sealed interface Value {
  /** Where it starts, counted from 1. */
  int line();

  /** A string, a {@code Long}, or a {@code Boolean}. */
  record Scalar(int line, Object content) implements Value {}

  /** A mapping, without what is wrong in it. */
  record Entries(int line, Map<String, Value> values) implements Value {
    Optional<Entries> entries(String name) {
      return as(Entries.class, name);
    }

    /** The section of this name, or an empty one. */
    Entries entriesOrNone(String name) {
      return entries(name).orElseGet(() -> new Entries(line, Map.of()));
    }

    List<Value> items(String name) {
      return as(Items.class, name).map(Items::values).orElse(List.of());
    }

    Optional<String> text(String name) {
      return as(Scalar.class, name).map(scalar -> scalar.content().toString());
    }

    Optional<Long> whole(String name) {
      return as(Scalar.class, name).map(scalar -> (Long) scalar.content());
    }

    int lineOf(String name) {
      Value value = values.get(name);
      return value == null ? line : value.line();
    }

    private <V extends Value> Optional<V> as(Class<V> type, String name) {
      return Optional.ofNullable(values.get(name)).map(type::cast);
    }
  }

  /** A list, without what is wrong in it. */
  record Items(int line, List<Value> values) implements Value {}

  /** What somebody else reads, as JSON. */
  record Json(int line, String text) implements Value {}
}
