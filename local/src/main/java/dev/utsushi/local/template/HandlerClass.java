package dev.utsushi.local.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * The class that a handler names. Lambda deploys a function whose handler does not exist, and fails
 * each invocation; here the template is refused, which is when one wants to know.
 *
 * @param file as it is named in a jar
 */
record HandlerClass(String file) {

  /** Of {@code package.Class::method}, or {@code package.Class}. */
  static HandlerClass of(String handler) {
    String className = handler.replaceFirst("::.*$", "");
    return new HandlerClass(className.replace('.', '/') + ".class");
  }

  boolean isIn(List<Path> classPath) {
    return classPath.stream().anyMatch(this::isIn);
  }

  private boolean isIn(Path entry) {
    if (Files.isDirectory(entry)) {
      return Files.exists(entry.resolve(file));
    }
    try (var jar = new ZipFile(entry.toFile())) {
      return jar.getEntry(file) != null;
    } catch (IOException _) {
      // No archive holds no class: the JVM would not find it either.
      return false;
    }
  }
}
