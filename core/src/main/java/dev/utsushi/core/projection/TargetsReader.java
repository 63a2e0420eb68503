package dev.utsushi.core.projection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.document.DocumentWriter;
import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.Mapping;
import dev.utsushi.core.projection.OwnProjection.LoadException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads targets, and finds what is wrong with them: for the function when it starts, and before
 * that for the settings file.
 */
public final class TargetsReader {
  private static final String ATTRIBUTES = "/attributes";

  private static final int MOST_LAYERS = 5;

  /** What a projection's result depends on beside its settings. */
  private static final int REVISION = 1;

  private final List<String> keys;
  private final boolean loads;
  private final List<TargetProblem> problems = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final Map<String, String> pointers = new HashMap<>();

  private final Set<String> layers = new LinkedHashSet<>();

  /** Paths that a target excludes, with their pointers. */
  private final Map<String, String> excluded = new LinkedHashMap<>();

  /**
   * Creates a reader that only checks: what it reads has no classes.
   *
   * @param keys the names of the table's key attributes
   */
  public TargetsReader(List<String> keys) {
    this(keys, false);
  }

  /**
   * Creates a reader.
   *
   * @param keys the names of the table's key attributes
   * @param loads whether to load the classes that targets name: a function has those of its layers
   */
  public TargetsReader(List<String> keys, boolean loads) {
    this.keys = keys;
    this.loads = loads;
  }

  /**
   * Reads targets.
   *
   * @param json a JSON array
   * @return why they cannot be used; empty if they can
   */
  public List<TargetProblem> read(String json) {
    try {
      Object list = PlainJson.read(json);
      List<?> given = list instanceof List<?> some ? some : List.of();
      if (given.isEmpty()) {
        add("", "must be a JSON array of targets");
      }
      for (int i = 0; i < given.size(); i++) {
        String pointer = TargetProblem.below("", Integer.toString(i));
        readTarget(given.get(i) instanceof Map<?, ?> members ? members : Map.of(), pointer);
      }
      checkAsked();
    } catch (IOException e) {
      add("", "must be a JSON array of targets");
    }
    return problems;
  }

  /** Returns what was read, if there was no problem. */
  public List<Target> targets() {
    return List.copyOf(targets);
  }

  /** Returns the layers that have the targets' classes. */
  public List<String> layers() {
    return List.copyOf(layers);
  }

  private void readTarget(Map<?, ?> target, String pointer) {
    IndexNames index = index(target.get("index"), pointer + "/index");
    Mapping mapping = mapping(target.get("mapping"), pointer + "/mapping");
    Projection projection = projection(target, pointer);
    targets.add(new Target(index, mapping.showing(projection.digest()), projection));
    if (target.get("layer") instanceof String arn
        && layers.add(arn)
        && layers.size() > MOST_LAYERS) {
      add(pointer + "/layer", "is one too many: a function has at most %d".formatted(MOST_LAYERS));
    }
  }

  private IndexNames index(@Nullable Object name, String pointer) {
    IndexNames names = new IndexNames(name instanceof String text ? text : "");
    if (!names.isValid()) {
      add(pointer, IndexNames.RULE);
    }
    for (String derived : List.of(names.reader(), names.writer(), names.first())) {
      String other = pointers.putIfAbsent(derived, pointer);
      if (other != null) {
        add(pointer, "is used already: each target needs an index of its own");
        break;
      }
    }
    return names;
  }

  private Mapping mapping(@Nullable Object given, String pointer) {
    try {
      return Mapping.read(
          switch (given) {
            case null -> Mapping.DEFAULT_RESOURCE;
            case String text -> text;
            case Object object -> PlainJson.write(object);
          });
    } catch (IllegalArgumentException e) {
      add(pointer, "is invalid: " + e.getMessage());
      return Mapping.read(Mapping.DEFAULT_RESOURCE);
    }
  }

  private Projection projection(Map<?, ?> target, String pointer) {
    Object where = target.get("where");
    Object attributes = target.get("attributes");
    ItemPattern pattern =
        where == null ? ItemPattern.ALL : PatternReader.read(where, pointer + "/where", problems);
    Map<?, ?> members = attributes instanceof Map<?, ?> some ? some : Map.of();
    Selection selection = selection(members, pointer + ATTRIBUTES);
    Map<String, String> renames = renames(members, selection, pointer + ATTRIBUTES + "/rename");
    String own = target.get("class") instanceof String name ? name : "";
    boolean isWhole =
        where == null
            && selection.equals(Selection.Plain.ALL)
            && renames.isEmpty()
            && own.isEmpty();
    String digest =
        isWhole ? "" : digest(REVISION + canonical(where) + canonical(attributes) + own);
    return new Projection(
        pattern, selection, own.isEmpty() ? null : own(own, pointer + "/class"), renames, digest);
  }

  private OwnProjection own(String name, String pointer) {
    ItemProjection projection =
        _ -> {
          throw new IllegalStateException("The class was not to be loaded.");
        };
    try {
      projection = loads ? OwnProjection.load(name) : projection;
    } catch (LoadException e) {
      add(pointer, String.valueOf(e.getMessage()));
    }
    return new OwnProjection(name, projection, keys);
  }

  private Selection selection(Map<?, ?> attributes, String pointer) {
    List<String> included = paths(attributes.get("include"));
    List<String> left = paths(attributes.get("exclude"));
    if (attributes.containsKey("include") && attributes.containsKey("exclude")) {
      add(pointer + "/exclude", "must not stand beside include; keep one of them");
    }
    for (int i = 0; i < left.size(); i++) {
      String at = TargetProblem.below(pointer + "/exclude", Integer.toString(i));
      excluded.putIfAbsent(left.get(i), at);
      if (keys.contains(left.get(i))) {
        add(at, "is a key of the table, which every document shows; it can be renamed");
      }
    }
    if (attributes.containsKey("include")) {
      return new Selection.Only(Stream.concat(keys.stream(), included.stream()).toList());
    }
    return left.isEmpty() ? Selection.Plain.ALL : new Selection.Without(left);
  }

  private static List<String> paths(@Nullable Object list) {
    return list instanceof List<?> given
        ? given.stream().map(String::valueOf).distinct().toList()
        : List.of();
  }

  private Map<String, String> renames(Map<?, ?> attributes, Selection shown, String pointer) {
    Map<String, String> renames = new LinkedHashMap<>();
    Map<?, ?> given = attributes.get("rename") instanceof Map<?, ?> members ? members : Map.of();
    given.forEach((from, to) -> renames.put(String.valueOf(from), String.valueOf(to)));
    Map<String, String> byNewName = new HashMap<>();
    renames.forEach(
        (from, to) -> {
          String at = TargetProblem.below(pointer, from);
          String other = byNewName.putIfAbsent(to, from);
          if (DocumentWriter.isReserved(to)) {
            add(at, "must not be '%s', which is not the item's to use".formatted(to));
          } else if (keys.contains(to) && !renames.containsKey(to)) {
            add(at, "must not be '%s', which is a key of the table".formatted(to));
          } else if (other != null) {
            add(at, "must not be '%s', the new name of '%s' already".formatted(to, other));
          } else if (renames.containsKey(to)) {
            add(at, "must not be '%s', which is renamed itself".formatted(to));
          } else if (shown.below(from).equals(Selection.Plain.NONE)) {
            add(at, "has no effect: the target does not show '%s'".formatted(from));
          }
        });
    return renames;
  }

  /** A dead letter holds what the patterns ask for, and must not hold what is excluded. */
  private void checkAsked() {
    List<String> asked =
        targets.stream().flatMap(each -> each.projection().where().paths().stream()).toList();
    excluded.forEach(
        (path, pointer) ->
            asked.stream()
                .filter(other -> Selection.covers(path, other))
                .findFirst()
                .ifPresent(
                    other ->
                        add(
                            pointer,
                            "is what a where asks for ('%s'), so that dead letters must hold it"
                                .formatted(other))));
  }

  private static String canonical(@Nullable Object json) {
    return PlainJson.write(PlainJson.sorted(json));
  }

  private static String digest(String text) {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(sha256, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  private void add(String pointer, String what) {
    problems.add(new TargetProblem(pointer, what));
  }
}
