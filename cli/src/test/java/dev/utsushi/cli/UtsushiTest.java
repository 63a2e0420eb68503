package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UtsushiTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          demo --rat 5         | utsushi demo: Unknown options: '--rat', '5'; did you mean --rate? (see utsushi demo --help)
          demo --rate x        | utsushi demo: Invalid value for option '--rate': 'x' is not an int (see utsushi demo --help)
          demo --rate          | utsushi demo: Missing required parameter for option '--rate' (N) (see utsushi demo --help)
          demo --factor 11     | utsushi demo: --factor takes 1 to 10, not 11 (see utsushi demo --help)
          demo --batch-size 0  | utsushi demo: --batch-size takes 1 to 10000, not 0 (see utsushi demo --help)
          demo --seconds 0     | utsushi demo: --seconds takes 1 to 3600, not 0 (see utsushi demo --help)
          dem                  | utsushi: Unmatched argument at index 0: 'dem'; did you mean demo? (see utsushi --help)
          """)
  void wrongUsageIsOneLineAndExitCodeTwo(String arguments, String line) {
    assertThat(run(arguments.strip().split(" "))).isEqualTo(2);
    assertThat(err.toString()).isEqualTo(line + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void helpHasExamplesAndExitCodes() {
    assertThat(run("demo", "--help")).isZero();
    assertThat(out.toString()).contains("--rate", "Exit codes:", "130", "Examples:");
  }

  @Test
  void withoutACommandTheCommandsAreListed() {
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("Examples:", "demo");
  }

  @Test
  void version() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("utsushi ");
  }

  private int run(String... arguments) {
    return Utsushi.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
