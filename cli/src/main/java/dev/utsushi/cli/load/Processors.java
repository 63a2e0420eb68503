package dev.utsushi.cli.load;

import com.sun.management.OperatingSystemMXBean;
import dev.utsushi.loadtest.measurement.ProcessorUse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** How busy this machine is, from the making of this on: whatever runs here counts. */
final class Processors {

  /** Linux alone tells a guest what its host gave to others. */
  private static final Path KERNEL_STATISTICS = Path.of("/proc/stat");

  /** Of all processors since the machine started, in the kernel's ticks. */
  private record Ticks(long stolen, long all) {
    private static final Ticks NONE = new Ticks(0, 0);

    /** In the line {@code cpu}: user, nice, system, idle, iowait, irq, softirq, steal. */
    private static final int KINDS = 8;

    static Ticks read(Path statistics) {
      try {
        List<String> lines = Files.readAllLines(statistics);
        long[] ticks =
            Arrays.stream(lines.getFirst().split(" +"))
                .skip(1)
                .limit(KINDS)
                .mapToLong(Long::parseLong)
                .toArray();
        return ticks.length < KINDS
            ? NONE
            : new Ticks(ticks[KINDS - 1], Arrays.stream(ticks).sum());
      } catch (IOException _) {
        return NONE;
      }
    }
  }

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Path statistics;
  private Ticks before;

  Processors() {
    this(KERNEL_STATISTICS);
  }

  Processors(Path statistics) {
    this.statistics = statistics;
    before = Ticks.read(statistics);
    var _ = busy();
  }

  /** Since this was last asked; 0 for what is not known. */
  ProcessorUse use() {
    Ticks now = Ticks.read(statistics);
    long passed = now.all() - before.all();
    double stolen = passed <= 0 ? 0 : (now.stolen() - before.stolen()) / (double) passed;
    before = now;
    return new ProcessorUse(busy(), stolen);
  }

  private double busy() {
    return Math.max(0, system.getCpuLoad());
  }
}
