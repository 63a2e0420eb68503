package dev.utsushi.loadtest.measurement;

/**
 * Where this machine's processors' time went while there was traffic, as shares from 0 to 1.
 *
 * @param busy used by whatever runs on the machine
 * @param stolen wanted here and given to other machines by the host; a virtual machine's kernel
 *     calls it steal
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_stat.5.html">proc_stat(5)</a>
 */
public record ProcessorUse(double busy, double stolen) {

  /** Not measured: nothing is said of it. */
  public static final ProcessorUse UNKNOWN = new ProcessorUse(0, 0);

  /** What nobody else here could have had. */
  public double gone() {
    return busy + stolen;
  }
}
