package dev.utsushi.local;

import java.util.logging.Logger;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;

/**
 * Turns off the embedded servers' logs. DynamoDB Local has a {@code log4j2.xml} at the root of the
 * classpath that writes to standard output; a file of ours there would be visible to every module
 * that uses this one. So log4j is configured in code, and only when a server starts.
 */
public final class QuietServers {
  // Held here, because java.util.logging forgets the level of an unreferenced logger.
  private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

  private static boolean quiet;

  private QuietServers() {}

  /**
   * Turns off log4j and Lucene's JDK logger for this JVM. Must be called before a class of a server
   * is loaded.
   */
  public static synchronized void turnLogsOff() {
    if (quiet) {
      return;
    }
    quiet = true;
    var configuration = ConfigurationBuilderFactory.newConfigurationBuilder();
    configuration.setStatusLevel(Level.OFF).add(configuration.newRootLogger(Level.OFF));
    // A context that exists already (the embedding program logs with log4j itself) is left alone.
    Configurator.initialize(configuration.build());
    LUCENE.setLevel(java.util.logging.Level.OFF);
  }
}
