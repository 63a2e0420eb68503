import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks ({@code check}) or fixes ({@code write}) the format of every Java file in the tree with
 * google-java-format. It runs as a program of its own, on the JDK that the toolchain chose: the
 * formatter parses with the javac of the JVM it runs in, and Maven's own may be as old as 17, which
 * cannot read record patterns. (Spotless runs the formatter inside Maven, so it cannot serve here.)
 */
public final class Format {
  private Format() {}

  static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    List<Path> unformatted =
        javaFiles(Path.of(args[1])).parallelStream().filter(file -> differs(file, write)).toList();
    unformatted.forEach(
        file -> System.err.println((write ? "formatted " : "not formatted: ") + file));
    if (!write && !unformatted.isEmpty()) {
      System.err.println("Fix it with: ./mvnw -N process-sources -Dformat=write");
      System.exit(1);
    }
  }

  /** Returns whether the file is not formatted; if so, formats it on request. */
  private static boolean differs(Path file, boolean write) {
    try {
      String source = Files.readString(file);
      String formatted = new Formatter().formatSourceAndFixImports(source);
      if (write && !formatted.equals(source)) {
        Files.writeString(file, formatted);
      }
      return !formatted.equals(source);
    } catch (IOException | FormatterException e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.toString().contains("/node_modules/"))
          .sorted()
          .toList();
    }
  }
}
