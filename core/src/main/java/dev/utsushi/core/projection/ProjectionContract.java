package dev.utsushi.core.projection;

import dev.utsushi.core.change.Value;
import dev.utsushi.core.projection.OwnProjection.FailedException;
import dev.utsushi.core.projection.OwnProjection.LoadException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks an {@link ItemProjection}: for the tests of its author, in any test framework. */
public final class ProjectionContract {
  private ProjectionContract() {}

  /**
   * Asks two instances, in different orders and twice, for what an index shows of these items, and
   * of items that have nothing but their keys, and returns what the class does wrong.
   *
   * @param keys the names of the table's key attributes
   * @param items of all kinds that the table has
   * @return what to fix; empty if the class keeps to the contract for these items
   */
  public static List<String> problems(
      Class<?> type, List<String> keys, List<Map<String, Value>> items) {
    Set<String> problems = new LinkedHashSet<>();
    if (items.isEmpty()) {
      problems.add("there are no items to check it with");
    }
    List<Map<String, Value>> all = new ArrayList<>(items);
    items.stream().map(item -> keysOf(item, keys)).distinct().forEach(all::add);
    try {
      OwnProjection one = create(type, keys);
      List<Object> first = results(one, all, keys, problems);
      List<Object> second = results(one, all, keys, problems);
      List<Object> another = results(create(type, keys), all.reversed(), keys, problems).reversed();
      for (int i = 0; i < all.size(); i++) {
        if (!first.get(i).equals(second.get(i)) || !first.get(i).equals(another.get(i))) {
          problems.add(name(all.get(i), keys) + ": a second call, or instance, has another result");
        }
      }
    } catch (LoadException e) {
      problems.add("the class " + e.getMessage());
    }
    return List.copyOf(problems);
  }

  private static OwnProjection create(Class<?> type, List<String> keys) throws LoadException {
    return new OwnProjection(type.getName(), OwnProjection.create(type), keys);
  }

  private static Map<String, Value> keysOf(Map<String, Value> item, List<String> keys) {
    Map<String, Value> alone = new LinkedHashMap<>(item);
    alone.keySet().retainAll(keys);
    return alone;
  }

  /** Names an item by its keys. */
  private static String name(Map<String, Value> item, List<String> keys) {
    return keysOf(item, keys).toString();
  }

  /** Returns what is shown of each item, or why the class fails for it. */
  private static List<Object> results(
      OwnProjection projection,
      List<Map<String, Value>> items,
      List<String> keys,
      Set<String> problems) {
    List<Object> results = new ArrayList<>();
    for (Map<String, Value> item : items) {
      String name = name(item, keys);
      String before = item.toString();
      try {
        results.add(projection.of(item));
      } catch (FailedException e) {
        results.add(String.valueOf(e.getMessage()));
        problems.add(name + ": " + e.getMessage());
      }
      if (!item.toString().equals(before)) {
        problems.add(name + ": the class changed what it was given");
      }
    }
    return results;
  }
}
