package dev.utsushi.infra.settings;

import org.jspecify.annotations.Nullable;

/**
 * A key of a section.
 *
 * @param otherwise what holds when the key is left out; null if nothing does
 * @param about one sentence for the editor
 */
record Key(String name, Shape shape, boolean required, @Nullable Object otherwise, String about) {

  static Key required(String name, Shape shape, String about) {
    return new Key(name, shape, true, null, about);
  }

  static Key optional(String name, Shape shape, String about) {
    return new Key(name, shape, false, null, about);
  }

  static Key optional(String name, Shape shape, Object otherwise, String about) {
    return new Key(name, shape, false, otherwise, about);
  }
}
