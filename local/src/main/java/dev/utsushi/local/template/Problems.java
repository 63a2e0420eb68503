package dev.utsushi.local.template;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with a template, each thing once, in the order in which it was found. */
final class Problems {
  private final Set<String> found = new LinkedHashSet<>();

  void add(String where, String what) {
    found.add(where + ' ' + what);
  }

  List<String> found() {
    return List.copyOf(found);
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new TemplateException(found());
    }
  }
}
