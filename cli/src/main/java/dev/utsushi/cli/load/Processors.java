package dev.utsushi.cli.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How busy this machine is, from the making of this on: whatever runs here counts. */
final class Processors {
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  Processors() {
    busy();
  }

  /** The share of all processors' time that was used since this was last asked; 0 if not known. */
  double busy() {
    return Math.max(0, system.getCpuLoad());
  }
}
