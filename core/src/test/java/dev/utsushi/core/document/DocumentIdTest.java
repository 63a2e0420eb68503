package dev.utsushi.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DocumentIdTest {
  @Test
  void ordinaryKeysStayReadable() {
    assertThat(id("deal-1", "2026-11-01T00:00:00Z#1")).isEqualTo("deal-1|2026-11-01T00:00:00Z#1");
    assertThat(DocumentId.of(new ItemKey(text("deal-1"), null))).isEqualTo("deal-1");
  }

  @Test
  void separatorsInsideValuesAreEscaped() {
    assertThat(id("a|b", "c%d")).isEqualTo("a%7Cb|c%25d");
    assertThat(id("a", "b|c")).isNotEqualTo(id("a|b", "c"));
    assertThat(id("a%7Cb", "c")).isNotEqualTo(id("a|b", "c"));
  }

  @Test
  void typesAreDistinguished() {
    ItemKey number = new ItemKey(new Value.Decimal("42"), null);
    ItemKey binary = new ItemKey(new Value.Binary(ByteBuffer.wrap("42".getBytes(UTF_8))), null);
    assertThat(DocumentId.of(number)).isEqualTo("%N42");
    assertThat(DocumentId.of(binary)).isEqualTo("%BNDI");
    assertThat(DocumentId.of(new ItemKey(text("%N42"), null))).isEqualTo("%25N42");
  }

  @Test
  void aNumberHasOneIdHoweverItIsWritten() {
    assertThat(DocumentId.of(new ItemKey(new Value.Decimal("1E2"), null))).isEqualTo("%N100");
    assertThat(DocumentId.of(new ItemKey(new Value.Decimal("100.0"), null))).isEqualTo("%N100");
    assertThat(DocumentId.of(new ItemKey(new Value.Decimal("-0.50"), null))).isEqualTo("%N-0.5");
  }

  @Test
  void longKeysAreHashedWithReadablePrefix() {
    String longest = id("あ".repeat(682), "x".repeat(1024));
    assertThat(longest.getBytes(UTF_8).length).isLessThanOrEqualTo(DocumentId.LONGEST_BYTES);
    assertThat(longest).startsWith("あ".repeat(64) + "%#");
    assertThat(id("a".repeat(2048), "x")).isNotEqualTo(id("a".repeat(2048), "y"));
    assertThat(id("a".repeat(510), "b")).hasSize(512);
    assertThat(id("a".repeat(511), "b")).contains("%#");
  }

  @Test
  void prefixNeverSplitsSurrogatePair() {
    String id = id("a".repeat(63) + "\uD83D\uDE00".repeat(300), "x");
    assertThat(id).startsWith("a".repeat(63) + "%#");
  }

  @Test
  void differentKeysNeverShareAnId() {
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    Random random = new Random(seed);
    Map<String, ItemKey> keyById = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      ItemKey key = new ItemKey(value(random), random.nextInt(3) == 0 ? null : value(random));
      ItemKey other = keyById.put(DocumentId.of(key), key);
      if (other != null) {
        assertThat(key).as("seed %d", seed).isEqualTo(other);
      }
    }
  }

  private static Value value(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append("|%7C25NB#1a".charAt(random.nextInt(11)));
    }
    return switch (random.nextInt(3)) {
      case 0 -> new Value.Decimal(Integer.toString(random.nextInt(300)));
      case 1 -> new Value.Binary(ByteBuffer.wrap(text.toString().getBytes(UTF_8)));
      default -> new Value.Text(text.toString());
    };
  }

  private static String id(String partition, String sort) {
    return DocumentId.of(new ItemKey(text(partition), text(sort)));
  }

  private static Value text(String text) {
    return new Value.Text(text);
  }
}
