package dev.utsushi.core.index;

import dev.utsushi.core.change.Value;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a mapping says of a field, as far as it decides that the engine refuses a value.
 *
 * <p>A few plain cases and no copy of the engines' rules: the answer for anything else is that the
 * engine may take it.
 */
enum FieldKind {
  NUMBER,
  BOOLEAN,
  /** Of the default format. */
  DATE,
  STRING,
  OBJECT,
  /** May take anything. */
  UNKNOWN;

  /** With any other parameter, such as {@code ignore_malformed}, a field is {@link #UNKNOWN}. */
  private static final Set<String> PLAIN_PARAMETERS =
      Set.of(
          "type",
          "properties",
          "dynamic",
          "fields",
          "index",
          "doc_values",
          "store",
          "ignore_above",
          "coerce",
          "copy_to",
          "analyzer",
          "scaling_factor");

  /**
   * Whatever {@link Double#parseDouble}, {@link Long#parseLong} or {@link java.math.BigDecimal}
   * reads, with the digits of all scripts. A code point that this JVM does not know may be a digit
   * to the engine's.
   */
  private static final Pattern LIKE_NUMBER =
      Pattern.compile(
          "[\0- ]*+[+-]?+(NaN|Infinity|0[xX].*|D*+(\\.D*+)?+([eE][+-]?+D++)?+[fFdD]?+)[\0- ]*+"
              .replace("D", "[\\p{Nd}\\p{Cn}]"),
          Pattern.DOTALL);

  private static final Pattern DIGIT = Pattern.compile("[\\p{Nd}\\p{Cn}]");

  private static final Set<String> BOOLEANS = Set.of("", "true", "false");

  /** Returns the kind of a field that has these parameters. */
  static FieldKind of(String type, Set<String> parameters) {
    if (!PLAIN_PARAMETERS.containsAll(parameters)) {
      return UNKNOWN;
    }
    return switch (type) {
      case "long",
          "integer",
          "short",
          "byte",
          "double",
          "float",
          "half_float",
          "scaled_float",
          "unsigned_long" ->
          NUMBER;
      case "boolean" -> BOOLEAN;
      case "date" -> DATE;
      case "keyword", "text" -> STRING;
      case "object", "nested" -> OBJECT;
      default -> UNKNOWN;
    };
  }

  /** Returns whether the engine refuses the value; false if that cannot be said without it. */
  boolean refuses(Value value) {
    return switch (value) {
      case Value.Text(String text) -> refuses(text);
      case Value.Decimal _ -> this == BOOLEAN || this == OBJECT;
      case Value.Bool _ -> this == NUMBER || this == DATE || this == OBJECT;
      case Value.Structure _ -> this != OBJECT && this != UNKNOWN;
      case Value.Null _, Value.Binary _, Value.Sequence _ -> false;
      case Value.TextSet _, Value.DecimalSet _, Value.BinarySet _ -> false;
    };
  }

  private boolean refuses(String text) {
    return switch (this) {
      case NUMBER -> !LIKE_NUMBER.matcher(text).matches();
      case BOOLEAN -> !BOOLEANS.contains(text);
      case DATE -> !DIGIT.matcher(text).find();
      case STRING, UNKNOWN -> false;
      case OBJECT -> true;
    };
  }
}
