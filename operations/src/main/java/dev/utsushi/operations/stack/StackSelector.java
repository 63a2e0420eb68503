package dev.utsushi.operations.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which stream a command works on. */
public sealed interface StackSelector {

  /** Returns the index of the stream; null selects the only stream of a stack. */
  @Nullable String stream();

  /**
   * A stream of a stack in AWS.
   *
   * @param region null for the default region
   * @param profile null for the default profile
   */
  record Deployed(
      String stack, @Nullable String region, @Nullable String profile, @Nullable String stream)
      implements StackSelector {}

  /** A stream of the local AWS that this file of endpoints describes. */
  record Local(Path endpoints, @Nullable String stream) implements StackSelector {}

  /** Returns the options that select this stream, to suggest the next command with. */
  default String options() {
    List<String> words = new ArrayList<>();
    switch (this) {
      case Deployed deployed -> {
        add(words, "--stack", deployed.stack());
        add(words, "--region", deployed.region());
        add(words, "--profile", deployed.profile());
      }
      case Local(Path file, _) ->
          words.add(file.equals(LocalEndpoints.defaultFile()) ? "--local" : "--local=" + file);
    }
    add(words, "--stream", stream());
    return String.join(" ", words);
  }

  private static void add(List<String> words, String option, @Nullable String value) {
    if (value != null) {
      words.add(option);
      words.add(value);
    }
  }
}
