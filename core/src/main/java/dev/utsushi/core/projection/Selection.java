package dev.utsushi.core.projection;

import dev.utsushi.core.change.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses attributes by path: names with dots between them, through maps and the elements of lists.
 * Since names may have dots themselves, a path means every attribute that it can mean.
 */
sealed interface Selection {
  /** Returns what is taken of the attribute with this name. */
  Selection below(String name);

  /** Returns whether a value without attributes is taken. */
  boolean takesValue();

  /** Takes everything or nothing. */
  enum Plain implements Selection {
    ALL,
    NONE;

    @Override
    public Selection below(String name) {
      return this;
    }

    @Override
    public boolean takesValue() {
      return this == ALL;
    }
  }

  /** Takes what is at the paths. */
  record Only(List<String> paths) implements Selection {
    @Override
    public Selection below(String name) {
      if (paths.contains(name)) {
        return Plain.ALL;
      }
      List<String> rests = rests(name, paths);
      return rests.isEmpty() ? Plain.NONE : new Only(rests);
    }

    @Override
    public boolean takesValue() {
      return false;
    }
  }

  /** Takes what is not at the paths. */
  record Without(List<String> paths) implements Selection {
    @Override
    public Selection below(String name) {
      if (paths.contains(name)) {
        return Plain.NONE;
      }
      List<String> rests = rests(name, paths);
      return rests.isEmpty() ? Plain.ALL : new Without(rests);
    }

    @Override
    public boolean takesValue() {
      return true;
    }
  }

  /** Takes what one of several takes. */
  record Either(List<Selection> choices) implements Selection {
    @Override
    public Selection below(String name) {
      return either(choices.stream().map(each -> each.below(name)).toList());
    }

    @Override
    public boolean takesValue() {
      return choices.stream().anyMatch(Selection::takesValue);
    }
  }

  /** Returns a selection of what one of several takes. */
  static Selection either(List<Selection> choices) {
    if (choices.contains(Plain.ALL)) {
      return Plain.ALL;
    }
    List<Selection> some = choices.stream().filter(each -> !each.equals(Plain.NONE)).toList();
    return some.isEmpty() ? Plain.NONE : some.size() == 1 ? some.getFirst() : new Either(some);
  }

  /** Returns whether a path is another one, or leads to it. */
  static boolean covers(String path, String other) {
    return other.equals(path) || other.startsWith(path + '.');
  }

  /** Returns the selected attributes, in their order. */
  default Map<String, Value> of(Map<String, Value> attributes) {
    Map<String, Value> taken = LinkedHashMap.newLinkedHashMap(attributes.size());
    attributes.forEach(
        (name, value) -> {
          Value kept = below(name).of(value);
          if (kept != null) {
            taken.put(name, kept);
          }
        });
    return taken;
  }

  /** Returns what is taken of a value; null for nothing. */
  private @Nullable Value of(Value value) {
    if (this instanceof Plain) {
      return takesValue() ? value : null;
    }
    return switch (value) {
      case Value.Structure(Map<String, Value> attributes) -> new Value.Structure(of(attributes));
      case Value.Sequence(List<Value> values) ->
          new Value.Sequence(
              values.stream()
                  .map(each -> Optional.ofNullable(of(each)))
                  .flatMap(Optional::stream)
                  .toList());
      case Value.Text _,
          Value.Decimal _,
          Value.Binary _,
          Value.Bool _,
          Value.Null _,
          Value.TextSet _,
          Value.DecimalSet _,
          Value.BinarySet _ ->
          takesValue() ? value : null;
    };
  }

  /** Returns the rests of the paths that lead below an attribute. */
  private static List<String> rests(String name, List<String> paths) {
    List<String> rests = List.of();
    for (String path : paths) {
      if (path.length() > name.length() + 1
          && path.charAt(name.length()) == '.'
          && path.startsWith(name)) {
        rests = rests.isEmpty() ? new ArrayList<>() : rests;
        rests.add(path.substring(name.length() + 1));
      }
    }
    return rests;
  }
}
