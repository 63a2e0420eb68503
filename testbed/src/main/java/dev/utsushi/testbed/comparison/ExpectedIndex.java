package dev.utsushi.testbed.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An index, and what it must show of a table by the settings of its target; not by the function's
 * own code.
 *
 * @param name the readers' alias
 * @param where the items; missing for all of them
 * @param excluded paths of attributes that it does not show
 * @param included paths of those that it shows; empty for all
 * @param renames new names by those in the table
 */
public record ExpectedIndex(
    String name,
    JsonNode where,
    List<String> excluded,
    List<String> included,
    Map<String, String> renames) {
  /**
   * What it shows of an item.
   *
   * @param collided attributes whose new names are taken: they keep their own, in the overflow
   */
  public record Shown(Map<String, AttributeValue> attributes, Set<String> collided) {}

  /** Returns an index of whole items. */
  public static ExpectedIndex whole(String name) {
    return new ExpectedIndex(name, MissingNode.getInstance(), List.of(), List.of(), Map.of());
  }

  /**
   * Reads targets as the function gets them.
   *
   * @param keys the names of the table's key attributes, which every index shows
   */
  public static List<ExpectedIndex> read(String targets, List<String> keys) throws IOException {
    return SearchApi.parse(targets).valueStream().map(target -> of(target, keys)).toList();
  }

  private static ExpectedIndex of(JsonNode target, List<String> keys) {
    JsonNode attributes = target.path("attributes");
    List<String> included = texts(attributes.path("include"));
    if (!included.isEmpty()) {
      included.addAll(keys);
    }
    Map<String, String> renames = new LinkedHashMap<>();
    attributes
        .path("rename")
        .properties()
        .forEach(each -> renames.put(each.getKey(), each.getValue().asText()));
    return new ExpectedIndex(
        target.path("index").asText(),
        target.path("where"),
        texts(attributes.path("exclude")),
        included,
        renames);
  }

  private static List<String> texts(JsonNode array) {
    return new ArrayList<>(array.valueStream().map(JsonNode::asText).toList());
  }

  /** Returns whether it shows only some items. */
  public boolean chooses() {
    return !where.isMissingNode();
  }

  /** Returns what it shows of an item; empty if it does not show it. */
  public Optional<Shown> shown(Map<String, AttributeValue> item) {
    if (!WherePattern.matches(where, item)) {
      return Optional.empty();
    }
    boolean isWhole = excluded.isEmpty() && included.isEmpty();
    Map<String, AttributeValue> selected = isWhole ? item : selected("", item);
    Map<String, AttributeValue> renamed = new LinkedHashMap<>();
    Set<String> collided = new HashSet<>();
    selected.forEach(
        (name, value) -> {
          String other = renames.get(name);
          if (other != null && selected.containsKey(other)) {
            collided.add(name);
          }
          renamed.put(other == null || selected.containsKey(other) ? name : other, value);
        });
    return Optional.of(new Shown(renamed, collided));
  }

  private Map<String, AttributeValue> selected(String at, Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> selected = new LinkedHashMap<>();
    attributes.forEach(
        (name, value) -> selected(at + name, value).ifPresent(some -> selected.put(name, some)));
    return selected;
  }

  private Optional<AttributeValue> selected(String path, AttributeValue value) {
    if (excluded.contains(path)) {
      return Optional.empty();
    }
    if (included.isEmpty() || included.stream().anyMatch(each -> each.startsWith(path + "."))) {
      return included.contains(path) ? Optional.of(value) : inside(path, value);
    }
    return Optional.of(value).filter(_ -> included.contains(path));
  }

  private Optional<AttributeValue> inside(String path, AttributeValue value) {
    if (value.hasM()) {
      return Optional.of(AttributeValue.fromM(selected(path + ".", value.m())));
    }
    if (value.hasL()) {
      return Optional.of(
          AttributeValue.fromL(
              value.l().stream().flatMap(each -> inside(path, each).stream()).toList()));
    }
    return Optional.of(value).filter(_ -> included.isEmpty());
  }
}
