package dev.utsushi.infra.settings;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a value in the file may be. */
sealed interface Shape {

  /**
   * Words.
   *
   * @param rule what the pattern asks for, to follow "must be"
   */
  record Text(Pattern pattern, String rule) implements Shape {
    boolean allows(String text) {
      return pattern.matcher(text).matches();
    }
  }

  /**
   * A whole number.
   *
   * @param orMinusOne whether -1 is allowed too, as Lambda writes "without a limit"
   */
  record Whole(long least, long most, boolean orMinusOne) implements Shape {
    boolean allows(long number) {
      return (number >= least && number <= most) || (orMinusOne && number == -1);
    }

    String rule() {
      return "a whole number from %d to %d%s".formatted(least, most, orMinusOne ? ", or -1" : "");
    }
  }

  /** One of these numbers. */
  record Steps(List<Integer> numbers) implements Shape {}

  /** True or false. */
  record Flag() implements Shape {}

  /** One of these words. */
  record Choice(List<String> words) implements Shape {}

  /** A mapping with these keys. */
  record Section(List<Key> keys) implements Shape {
    Optional<Key> key(String name) {
      return keys.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    List<String> names() {
      return keys.stream().map(Key::name).toList();
    }
  }

  /** A mapping with exactly one of these keys. */
  record OneOf(Section choices) implements Shape {}

  /** A list. */
  record ListOf(Shape item, int least) implements Shape {}

  /** A mapping that somebody else reads: whatever JSON can say. */
  record Free() implements Shape {}
}
