package dev.utsushi.core.projection;

import dev.utsushi.core.change.Value;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A class of the operator's own, whose results are checked. */
final class OwnProjection {
  private final String name;
  private final ItemProjection projection;
  private final List<String> keys;

  /**
   * Creates it.
   *
   * @param keys the names of the table's key attributes
   */
  OwnProjection(String name, ItemProjection projection, List<String> keys) {
    this.name = name;
    this.projection = projection;
    this.keys = keys;
  }

  /** The class cannot be used; the message follows its place in the settings. */
  static final class LoadException extends Exception {
    private static final long serialVersionUID = 1L;

    LoadException(String message) {
      super(message);
    }
  }

  /** The class failed for an item; the message holds nothing of the item. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message, null, false, false);
    }
  }

  /** Creates an instance of a class of the function's class path, which has that of its layers. */
  static ItemProjection load(String name) throws LoadException {
    try {
      return create(Class.forName(name));
    } catch (ClassNotFoundException e) {
      throw new LoadException(
          "is missing: '%s' is in no jar in java/lib of a layer of this function".formatted(name));
    } catch (LinkageError e) {
      throw new LoadException(
          "cannot be loaded: '%s' (%s)".formatted(name, e.getClass().getName()));
    }
  }

  static ItemProjection create(Class<?> type) throws LoadException {
    if (!ItemProjection.class.isAssignableFrom(type)) {
      throw new LoadException(
          "does not implement %s: '%s'".formatted(ItemProjection.class.getName(), type.getName()));
    }
    try {
      return (ItemProjection) type.getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw new LoadException(
          "fails in its constructor: '%s' (%s)".formatted(type.getName(), e.getCause()));
    } catch (ReflectiveOperationException e) {
      throw new LoadException(
          "must be a public class with a public constructor without parameters: '%s'"
              .formatted(type.getName()));
    }
  }

  /** Returns what is shown of an item; empty if it is not. */
  Optional<Map<String, Value>> of(Map<String, Value> item) throws FailedException {
    Optional<Map<String, Value>> shown;
    try {
      shown = projection.project(Collections.unmodifiableMap(item));
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      // Not OutOfMemoryError: of that the environment must end.
      throw new FailedException(name + " threw " + e.getClass().getName() + line(e));
    }
    if (shown == null) {
      throw new FailedException(name + " returned null");
    }
    if (shown.isPresent()) {
      check(shown.get(), item);
    }
    return shown;
  }

  private String line(Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .filter(frame -> frame.getClassName().equals(name))
        .findFirst()
        .map(frame -> " at line " + frame.getLineNumber())
        .orElse("");
  }

  @SuppressWarnings("ReferenceEquality") // what came in and goes out again has no nulls
  private void check(Map<String, Value> shown, Map<String, Value> item) throws FailedException {
    for (String key : keys) {
      if (!Objects.equals(shown.get(key), item.get(key))) {
        throw new FailedException("%s dropped or changed the key '%s'".formatted(name, key));
      }
    }
    for (var attribute : shown.entrySet()) {
      Object value = attribute.getValue();
      if (attribute.getKey() == null || (value != item.get(attribute.getKey()) && hasNull(value))) {
        throw new FailedException(name + " returned a null in an attribute");
      }
    }
  }

  private static boolean hasNull(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case Value.Text(String text) -> text == null;
      case Value.Decimal(String digits) -> digits == null;
      case Value.Binary(var bytes) -> bytes == null;
      case Value.Bool _, Value.Null _ -> false;
      case Value.Sequence(List<Value> values) -> anyNull(values);
      case Value.Structure(Map<String, Value> attributes) ->
          attributes == null || anyNull(attributes.keySet()) || anyNull(attributes.values());
      case Value.TextSet(List<String> texts) -> anyNull(texts);
      case Value.DecimalSet(List<String> numbers) -> anyNull(numbers);
      case Value.BinarySet(var binaries) -> anyNull(binaries);
      case Object _ -> false;
    };
  }

  private static boolean anyNull(@Nullable Collection<?> elements) {
    return elements == null || elements.stream().anyMatch(OwnProjection::hasNull);
  }
}
