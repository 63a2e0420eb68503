package dev.utsushi.infra.settings;

import dev.utsushi.infra.settings.Shape.Section;
import dev.utsushi.infra.settings.Value.Entries;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A section as it holds in the end: what is given, else the defaults, else the shape's own. */
record Given(Entries entries, Entries defaults, Section shape) {
  static Given of(Entries entries, Section shape) {
    return new Given(entries, new Entries(entries.line(), Map.of()), shape);
  }

  Given withDefaults(Entries others) {
    return new Given(entries, others, shape);
  }

  String text(String name) {
    return value(name).orElseThrow().toString();
  }

  Optional<String> optionalText(String name) {
    return value(name).map(Object::toString);
  }

  int whole(String name) {
    return optionalWhole(name).orElseThrow();
  }

  Optional<Integer> optionalWhole(String name) {
    return value(name).map(number -> ((Number) number).intValue());
  }

  boolean flag(String name) {
    return (Boolean) value(name).orElseThrow();
  }

  List<String> jsons(String name) {
    Entries holder = entries.values().containsKey(name) ? entries : defaults;
    return holder.items(name).stream().map(item -> ((Value.Json) item).text()).toList();
  }

  Given section(String name) {
    return optionalSection(name).orElseThrow();
  }

  Optional<Given> optionalSection(String name) {
    return entries.entries(name).map(section -> of(section, shapeOf(name)));
  }

  List<Given> sections(String name) {
    return entries.items(name).stream().map(item -> of((Entries) item, shapeOf(name))).toList();
  }

  private Optional<Object> value(String name) {
    return scalar(entries, name)
        .or(() -> scalar(defaults, name))
        .or(() -> shape.key(name).map(Key::otherwise));
  }

  private static Optional<Object> scalar(Entries entries, String name) {
    return entries.values().get(name) instanceof Value.Scalar(_, Object content)
        ? Optional.of(content)
        : Optional.empty();
  }

  private Section shapeOf(String name) {
    return sectionOf(shape.key(name).orElseThrow().shape());
  }

  private static Section sectionOf(Shape shape) {
    return switch (shape) {
      case Section section -> section;
      case Shape.OneOf(Section choices) -> choices;
      case Shape.ListOf(Shape item, _) -> sectionOf(item);
      case Shape.Text _, Shape.Whole _, Shape.Steps _, Shape.Flag _, Shape.Choice _, Shape.Free _ ->
          throw new IllegalStateException("no section: " + shape);
    };
  }
}
