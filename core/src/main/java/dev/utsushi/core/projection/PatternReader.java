package dev.utsushi.core.projection;

import dev.utsushi.core.change.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads an {@link ItemPattern}, and finds what is wrong with it. */
final class PatternReader {
  private static final String OR = "$or";

  private static final String TYPES = "S, N, B, BOOL, NULL, SS, NS, BS, M, L";

  private final List<TargetProblem> problems;
  private final Set<String> paths = new TreeSet<>();

  private PatternReader(List<TargetProblem> problems) {
    this.problems = problems;
  }

  /** Reads a pattern, and adds its problems to a list. */
  static ItemPattern read(@Nullable Object json, String pointer, List<TargetProblem> problems) {
    PatternReader reader = new PatternReader(problems);
    Predicate<Map<String, Value>> test = reader.section(json, pointer, "");
    return new ItemPattern(test, List.copyOf(reader.paths));
  }

  /** Reads conditions on attributes: all of them must hold. */
  private Predicate<Map<String, Value>> section(
      @Nullable Object json, String pointer, String path) {
    List<Predicate<Map<String, Value>>> all = new ArrayList<>();
    for (var entry : members(json, pointer).entrySet()) {
      String name = String.valueOf(entry.getKey());
      String at = TargetProblem.below(pointer, name);
      if (name.equals(OR)) {
        all.add(any(entry.getValue(), at, (choice, there) -> section(choice, there, path)));
      } else {
        Predicate<@Nullable Value> test = typed(entry.getValue(), at, path + name, true);
        all.add(item -> test.test(item.get(name)));
      }
    }
    return item -> holds(all, item);
  }

  /**
   * Reads conditions on one value, by its type.
   *
   * @param mayBeAbsent not in a list, where another element would still be there
   */
  private Predicate<@Nullable Value> typed(
      @Nullable Object json, String pointer, String path, boolean mayBeAbsent) {
    List<Predicate<@Nullable Value>> all = new ArrayList<>();
    for (var entry : members(json, pointer).entrySet()) {
      String type = String.valueOf(entry.getKey());
      String at = TargetProblem.below(pointer, type);
      Object wanted = entry.getValue();
      switch (type) {
        case OR ->
            all.add(any(wanted, at, (choice, there) -> typed(choice, there, path, mayBeAbsent)));
        case "M" -> all.add(structure(section(wanted, at, path + '.')));
        case "L" -> all.add(sequence(typed(wanted, at, path, false)));
        case "S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS" ->
            all.add(scalar(type, comparisons(wanted, at, mayBeAbsent)));
        default -> add(at, "is no type of DynamoDB's: these are " + TYPES);
      }
      if (!type.equals("M")) {
        paths.add(path);
      }
    }
    return value -> holds(all, value);
  }

  private Map<?, ?> members(@Nullable Object json, String pointer) {
    if (json instanceof Map<?, ?> members && !members.isEmpty()) {
      return members;
    }
    add(pointer, "must be names and their types, like {entity: {S: [Action]}}");
    return Map.of();
  }

  private <T extends @Nullable Object> Predicate<T> any(
      @Nullable Object json, String pointer, BiFunction<Object, String, Predicate<T>> read) {
    List<Predicate<T>> choices = new ArrayList<>();
    List<?> given = json instanceof List<?> list ? list : List.of();
    if (given.size() < 2) {
      add(pointer, "must be a list of at least 2 patterns");
    }
    for (int i = 0; i < given.size(); i++) {
      Object choice = given.get(i);
      choices.add(read.apply(choice == null ? "" : choice, TargetProblem.below(pointer, "" + i)));
    }
    return value -> {
      for (Predicate<T> choice : choices) {
        if (choice.test(value)) {
          return true;
        }
      }
      return false;
    };
  }

  private static <T extends @Nullable Object> boolean holds(List<Predicate<T>> all, T value) {
    for (Predicate<T> each : all) {
      if (!each.test(value)) {
        return false;
      }
    }
    return true;
  }

  private static Predicate<@Nullable Value> structure(Predicate<Map<String, Value>> section) {
    return value ->
        section.test(
            value instanceof Value.Structure(Map<String, Value> attributes)
                ? attributes
                : Map.of());
  }

  private static Predicate<@Nullable Value> sequence(Predicate<@Nullable Value> element) {
    return value ->
        value instanceof Value.Sequence(List<Value> values) && values.stream().anyMatch(element);
  }

  private static Predicate<@Nullable Value> scalar(
      String type, List<Predicate<List<?>>> comparisons) {
    return value -> {
      List<?> values = value != null && type(value).equals(type) ? elements(value) : List.of();
      for (Predicate<List<?>> comparison : comparisons) {
        if (comparison.test(values)) {
          return true;
        }
      }
      return false;
    };
  }

  private static String type(Value value) {
    return switch (value) {
      case Value.Text _ -> "S";
      case Value.Decimal _ -> "N";
      case Value.Binary _ -> "B";
      case Value.Bool _ -> "BOOL";
      case Value.Null _ -> "NULL";
      case Value.TextSet _ -> "SS";
      case Value.DecimalSet _ -> "NS";
      case Value.BinarySet _ -> "BS";
      case Value.Structure _ -> "M";
      case Value.Sequence _ -> "L";
    };
  }

  /** Returns what typed JSON has for a value: numbers and binaries are texts there. */
  private static List<?> elements(Value value) {
    return switch (value) {
      case Value.Text(String text) -> List.of(text);
      case Value.Decimal(String digits) -> List.of(digits);
      case Value.Binary(ByteBuffer bytes) -> List.of(base64(bytes));
      case Value.Bool(boolean bool) -> List.of(bool);
      case Value.Null _ -> List.of(true);
      case Value.TextSet(List<String> texts) -> texts;
      case Value.DecimalSet(List<String> numbers) -> numbers;
      case Value.BinarySet(List<ByteBuffer> binaries) ->
          binaries.stream().map(PatternReader::base64).toList();
      case Value.Structure _, Value.Sequence _ -> List.of();
    };
  }

  private static String base64(ByteBuffer bytes) {
    return new String(
        Base64.getEncoder().encode(bytes.duplicate()).array(),
        java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private List<Predicate<List<?>>> comparisons(
      @Nullable Object json, String pointer, boolean mayBeAbsent) {
    List<?> given = json instanceof List<?> list ? list : List.of();
    if (given.isEmpty()) {
      add(pointer, "must be a list of values, like [Action]");
    }
    List<Predicate<List<?>>> comparisons = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      comparisons.add(comparison(given.get(i), TargetProblem.below(pointer, "" + i), mayBeAbsent));
    }
    return comparisons;
  }

  private Predicate<List<?>> comparison(
      @Nullable Object json, String pointer, boolean mayBeAbsent) {
    if (json instanceof String || json instanceof Boolean) {
      return values -> values.contains(json);
    }
    if (json instanceof Map<?, ?> one && one.size() == 1) {
      var entry = one.entrySet().iterator().next();
      return operator(String.valueOf(entry.getKey()), entry.getValue(), pointer, mayBeAbsent);
    }
    add(pointer, "must be a text, true or false, or one comparison: numbers are texts, like \"5\"");
    return _ -> false;
  }

  private Predicate<List<?>> operator(
      String name, @Nullable Object wanted, String pointer, boolean mayBeAbsent) {
    if (name.equals("exists") && wanted instanceof Boolean exists) {
      if (!exists && !mayBeAbsent) {
        add(pointer, "must not ask what a list lacks: another element may have it");
      }
      return values -> values.isEmpty() != exists;
    }
    if (name.equals("anything-but")) {
      return anythingBut(wanted, pointer);
    }
    if (!(wanted instanceof String text)) {
      add(pointer, "can't be compared: write prefix, suffix or equals-ignore-case with a text");
      return _ -> false;
    }
    return switch (name) {
      case "prefix" -> anyText(each -> each.startsWith(text));
      case "suffix" -> anyText(each -> each.endsWith(text));
      case "equals-ignore-case" -> anyText(each -> each.equalsIgnoreCase(text));
      default -> {
        add(
            pointer,
            "can't be compared: '%s' is no comparison of DynamoDB's texts".formatted(name));
        yield _ -> false;
      }
    };
  }

  private Predicate<List<?>> anythingBut(@Nullable Object wanted, String pointer) {
    List<?> others =
        wanted instanceof List<?> list ? list : wanted == null ? List.of() : List.of(wanted);
    if (others.isEmpty() || !others.stream().allMatch(String.class::isInstance)) {
      add(pointer, "must be anything-but one or more texts");
    }
    return anyText(each -> !others.contains(each));
  }

  private static Predicate<List<?>> anyText(Predicate<String> test) {
    return values -> {
      for (Object value : values) {
        if (value instanceof String text && test.test(text)) {
          return true;
        }
      }
      return false;
    };
  }

  private void add(String pointer, String what) {
    problems.add(new TargetProblem(pointer, what));
  }
}
