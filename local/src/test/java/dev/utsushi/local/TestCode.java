package dev.utsushi.local;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The class path of functions in the test classes. */
public final class TestCode {

  private TestCode() {}

  /** Returns the test classes and the handlers' libraries, without local's main classes. */
  public static List<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(
            entry ->
                entry.endsWith("test-classes")
                    || entry.contains("aws-lambda-java-events")
                    || entry.contains("joda-time"))
        .map(Path::of)
        .toList();
  }
}
