package dev.utsushi.lambda;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.Value;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * When the table was written: by the stream's time, in whole seconds, or by an attribute that the
 * application fills.
 *
 * @param attribute milliseconds since the epoch or ISO 8601; null for the stream's time
 */
record LagSource(@Nullable String attribute) {

  /** Null where the item does not tell: better no figure than one of another accuracy. */
  @Nullable Instant writtenAt(Change change) {
    if (attribute == null) {
      return change.changedAt();
    }
    return change instanceof Change.Upsert upsert ? instant(upsert.item().get(attribute)) : null;
  }

  private static @Nullable Instant instant(@Nullable Value value) {
    try {
      if (value instanceof Value.Decimal(String digits)) {
        return Instant.ofEpochMilli(new BigDecimal(digits).longValue());
      }
      return value instanceof Value.Text(String text)
          ? OffsetDateTime.parse(text).toInstant()
          : null;
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }
}
