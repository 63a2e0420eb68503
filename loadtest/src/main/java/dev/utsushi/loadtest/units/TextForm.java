package dev.utsushi.loadtest.units;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How people write a kind of value.
 *
 * @param description says in messages what is expected, with an example
 */
public record TextForm(Pattern pattern, String description) {

  /** Creates a form of texts that match a regular expression. */
  public TextForm(String regex, String description) {
    this(Pattern.compile(regex), description);
  }

  /**
   * Returns the groups of the pattern.
   *
   * @throws IllegalArgumentException if the text does not match it
   */
  public Matcher match(String text) {
    Matcher matcher = pattern.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'%s' is not %s".formatted(text, description));
    }
    return matcher;
  }
}
