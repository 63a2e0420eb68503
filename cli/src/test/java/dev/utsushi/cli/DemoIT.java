package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The demo as its user runs it: by the launcher, on real servers. */
class DemoIT {

  @Test
  void killingAFunctionJvmChangesNothingInTheVerdict() throws Exception {
    try (var demo = new LaunchedCommand("demo", "--seconds", "8", "--rate", "30", "--lang", "en")) {
      demo.awaitLine(".*Writing activity.*");
      demo.await(() -> !demo.functions().isEmpty());
      // During the traffic: what the JVMs have written so far must be kept.
      demo.awaitLine(".*written [1-9]\\d*, indexed [1-9].*");
      List<ProcessHandle> functions = demo.functions();
      assertThat(functions).isNotEmpty();
      functions.forEach(ProcessHandle::destroyForcibly);
      // Another JVM takes over, whether or not an invocation was running.
      demo.await(() -> demo.functions().stream().anyMatch(each -> !functions.contains(each)));

      assertThat(demo.exitCode()).isZero();
      assertThat(demo.lines())
          .anyMatch(line -> line.matches(" *backfill: 501 items read, 500 documents written .*"))
          .anyMatch(line -> line.matches(" *verify --repair: .*; 1 differs and is .*\\(memo\\)"))
          .anyMatch(line -> line.matches(" *reindex: \\d+ items copied to activity-logs-000002 .*"))
          .anyMatch(line -> line.matches(" *cut-over: .*, never fewer than before"))
          .anyMatch(line -> line.matches(" *memos with .*: 0 found before, [1-9].*"))
          .anyMatch(line -> line.matches("table and index are equal: \\d+ items, .*"))
          .anyMatch(line -> line.matches(" *failed invocations .*dead letters 0"));
    }
  }

  @Test
  void anInterruptStopsEverything() throws Exception {
    try (var demo = new LaunchedCommand("demo", "--keep", "--seconds", "1")) {
      demo.awaitLine(".*keeps running until Ctrl-C.*");
      List<ProcessHandle> functions = demo.functions();
      assertThat(functions).isNotEmpty();
      demo.interrupt();

      assertThat(demo.exitCode()).isEqualTo(130);
      assertThat(functions).noneMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void aTemporaryDirectoryThatIsGoneIsOneLineAndExitCodeThree() throws Exception {
    try (var demo = new LaunchedCommand(Map.of("TMPDIR", "/nowhere"), "demo")) {
      assertThat(demo.exitCode()).isEqualTo(3);
      assertThat(demo.lines())
          .filteredOn(line -> line.startsWith("utsushi"))
          .singleElement()
          .asString()
          .startsWith("utsushi demo: can't write to the temporary directory /nowhere (")
          .contains("name another with TMPDIR");
    }
  }
}
