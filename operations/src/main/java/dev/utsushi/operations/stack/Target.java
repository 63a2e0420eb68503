package dev.utsushi.operations.stack;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whose dead letters are meant. */
public sealed interface Target {

  /**
   * A stack in AWS, reached with the default credentials.
   *
   * @param region the default one if null
   * @param profile the default one if null
   */
  record Deployed(String stack, @Nullable String region, @Nullable String profile)
      implements Target {}

  /** A local AWS, by the file of its endpoints. */
  record Local(Path endpoints) implements Target {}
}
