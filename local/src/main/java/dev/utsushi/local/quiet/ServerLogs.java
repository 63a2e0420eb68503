package dev.utsushi.local.quiet;

import java.util.logging.Logger;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;

/**
 * What the embedded servers log. DynamoDB Local brings a {@code log4j2.xml} at the root of the
 * classpath that writes to standard output; a file of our own there would be just as visible to
 * every module that uses this one. So log4j is configured in code, and only once a server starts.
 */
public final class ServerLogs {
  // Held here, since java.util.logging forgets the level of a logger that nobody holds.
  private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

  private static boolean off;

  private ServerLogs() {}

  /**
   * Turns log4j off, and what Lucene logs through the JDK, for this JVM. Must be called before a
   * class of a server is touched.
   */
  public static synchronized void off() {
    if (off) {
      return;
    }
    off = true;
    var configuration = ConfigurationBuilderFactory.newConfigurationBuilder();
    configuration.setStatusLevel(Level.OFF).add(configuration.newRootLogger(Level.OFF));
    // A context that exists already (the embedding program logs with log4j itself) is left alone.
    Configurator.initialize(configuration.build());
    LUCENE.setLevel(java.util.logging.Level.OFF);
  }
}
