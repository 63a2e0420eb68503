package dev.utsushi.local;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class TemporaryDirectoryTest {
  @Test
  void aFullDirectoryIsNamedBeforeAnythingStarts() {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> TemporaryDirectory.requireRoom(Long.MAX_VALUE))
        .withMessageMatching(
            "can't write to the temporary directory \\S+ \\([\\d,]+ of [\\d,]+ MB are free\\): free"
                + " space in it, or name another with TMPDIR");
    assertThatCode(() -> TemporaryDirectory.requireRoom(0)).doesNotThrowAnyException();
  }
}
