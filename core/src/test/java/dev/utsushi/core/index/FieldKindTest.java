package dev.utsushi.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldKindTest {
  /** Of numbers, and a few more. */
  static final List<String> PIECES =
      List.of(
          "0",
          "1",
          "45",
          "9",
          ".",
          "-",
          "+",
          "e",
          "E",
          "d",
          "f",
          "F",
          "x",
          "0x",
          "p",
          "P",
          "a",
          "L",
          " ",
          "\t",
          "\0",
          "\u3000",
          "_",
          ",",
          "NaN",
          "nan",
          "Infinity",
          "三",
          "٤",
          "４",
          "\ud835\udfd2",
          "true",
          "\ud800",
          "\n");

  /** Takes about a number. */
  static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  @Test
  void whatJavaReadsIsNoRefusedNumber() {
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    Random random = new Random(seed);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 300_000; i++) {
      String text = text(random);
      boolean refuses = FieldKind.NUMBER.refuses(new Value.Text(text));
      refused += refuses ? 1 : 0;
      if (isRead(text)) {
        read++;
        assertThat(refuses).as("seed %d: '%s'", seed, text).isFalse();
      }
    }
    assertThat(read).isGreaterThan(10_000);
    assertThat(refused).isGreaterThan(100_000);
  }

  private static boolean isRead(String text) {
    return Stream.<Function<String, Object>>of(
            Double::parseDouble, Long::parseLong, BigDecimal::new, String::isEmpty)
        .anyMatch(
            parser -> {
              try {
                return !Boolean.FALSE.equals(parser.apply(text));
              } catch (NumberFormatException e) {
                return false;
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"three quarters of an hour", "n/a", "2026-11-01", "45 minutes", "1e", "1,000"})
  void noNumberIsRefused(String text) {
    assertThat(FieldKind.NUMBER.refuses(new Value.Text(text))).isTrue();
  }

  @Test
  @Timeout(5)
  void aLongTextTakesLittleTime() {
    for (String piece : List.of("1", "1.", " ", "e1", "0x", "-")) {
      String text = piece.repeat(60_000 / piece.length()) + "!";
      FieldKind.NUMBER.refuses(new Value.Text(text));
      FieldKind.DATE.refuses(new Value.Text(text));
    }
  }

  @Test
  void aFieldWithAnUnusualParameterMayTakeAnything() {
    Value word = new Value.Text("word");
    assertThat(FieldKind.of("long", Set.of("type", "coerce")).refuses(word)).isTrue();
    for (String parameter : List.of("ignore_malformed", "format", "locale", "enabled", "new")) {
      for (String type : List.of("long", "boolean", "date", "object", "alias", "geo_point")) {
        assertThat(FieldKind.of(type, Set.of("type", parameter)).refuses(word)).isFalse();
      }
    }
    assertThat(FieldKind.of("alias", Set.of("type")).refuses(word)).isFalse();
  }
}
