package dev.utsushi.core.document;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The {@code _id} of an item's document: two different keys never share one.
 *
 * <p>The key's values joined by {@code |}, with {@code |} and {@code %} inside a value escaped as
 * {@code %7C} and {@code %25}. A number is marked by {@code %N} and a binary by {@code %B}, which
 * no escaped text can contain. An id longer than the engines' <a
 * href="https://www.elastic.co/guide/en/elasticsearch/reference/7.10/mapping-id-field.html">512
 * bytes</a> keeps a readable prefix, then {@code %#} and the SHA-256 of the whole.
 */
public final class DocumentId {
  static final int LONGEST_BYTES = 512;
  private static final int READABLE_PREFIX_CHARS = 64;
  private static final int MOST_BYTES_PER_CHAR = 3;

  private DocumentId() {}

  /**
   * Returns the id of the document of the item with this key.
   *
   * @throws IllegalArgumentException if a value is of a type that no key can have
   */
  public static String of(ItemKey key) {
    String partition = escape(key.partition());
    Value sort = key.sort();
    return shorten(sort == null ? partition : partition + '|' + escape(sort));
  }

  /**
   * Returns the key that an id was made from; empty if it is no such id, or a shortened one.
   *
   * @see #isShortened
   */
  public static Optional<ItemKey> parse(String id) {
    String[] values = id.split("\\|", -1);
    if (values.length > 2 || isShortened(id)) {
      return Optional.empty();
    }
    try {
      ItemKey key = new ItemKey(value(values[0]), values.length == 1 ? null : value(values[1]));
      return of(key).equals(id) ? Optional.of(key) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Returns whether only the document itself has the whole key. */
  public static boolean isShortened(String id) {
    return id.contains("%#");
  }

  private static Value value(String text) {
    if (text.startsWith("%N")) {
      return new Value.Decimal(text.substring(2));
    }
    if (text.startsWith("%B")) {
      return new Value.Binary(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(2))));
    }
    return new Value.Text(text.replace("%7C", "|").replace("%25", "%"));
  }

  private static String escape(Value value) {
    return switch (value) {
      case Value.Text(String text) -> escape(text);
      case Value.Decimal(String digits) -> "%N" + canonical(digits);
      case Value.Binary(ByteBuffer bytes) -> "%B" + base64(bytes);
      case Value.Bool _,
          Value.Null _,
          Value.Sequence _,
          Value.Structure _,
          Value.TextSet _,
          Value.DecimalSet _,
          Value.BinarySet _ ->
          throw new IllegalArgumentException("A key must be of type S, N or B.");
    };
  }

  private static String escape(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('|') < 0) {
      return text;
    }
    return text.replace("%", "%25").replace("|", "%7C");
  }

  /** Gives the same number the same id, however it was written (1E2 is 100). */
  private static String canonical(String digits) {
    return new BigDecimal(digits).stripTrailingZeros().toPlainString();
  }

  private static String base64(ByteBuffer bytes) {
    ByteBuffer encoded = Base64.getUrlEncoder().withoutPadding().encode(bytes.duplicate());
    return US_ASCII.decode(encoded).toString();
  }

  private static String shorten(String id) {
    if (id.length() * MOST_BYTES_PER_CHAR <= LONGEST_BYTES) {
      return id;
    }
    byte[] bytes = id.getBytes(UTF_8);
    if (bytes.length <= LONGEST_BYTES) {
      return id;
    }
    return readablePrefix(id) + "%#" + HexFormat.of().formatHex(sha256(bytes));
  }

  private static String readablePrefix(String id) {
    boolean splitsPair = Character.isHighSurrogate(id.charAt(READABLE_PREFIX_CHARS - 1));
    return id.substring(0, splitsPair ? READABLE_PREFIX_CHARS - 1 : READABLE_PREFIX_CHARS);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
