package dev.utsushi.testbed.activity;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The words of the sample data in one language.
 *
 * @param memos by kind of action, with {@code %s} for the contact
 * @param minutes a duration in words, as an older tool wrote it
 * @param words that several memos have in common
 * @param phrase of one memo
 * @param note the memo of an item that a user may write
 */
public record SampleTexts(
    List<String> users,
    List<String> companies,
    List<String> goods,
    List<String> tags,
    List<String> contacts,
    Map<String, List<String>> memos,
    List<String> afterthoughts,
    List<String> nextActions,
    String minutes,
    String attachment,
    String words,
    String phrase,
    String note) {

  /** The languages that there are texts in. */
  public enum Language {
    JA,
    EN
  }

  /** Returns the texts in a language. */
  public static SampleTexts in(Language language) {
    String resource = language.name().toLowerCase(Locale.ROOT) + ".json";
    try (InputStream in = SampleTexts.class.getResourceAsStream(resource)) {
      return new JsonMapper().readValue(in, SampleTexts.class);
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }
}
