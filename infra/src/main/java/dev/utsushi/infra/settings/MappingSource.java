package dev.utsushi.infra.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.index.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds mappings, in a directory or in the function's jar.
 *
 * @param directory the settings file's
 */
record MappingSource(Path directory) {
  /** A function's variables hold 4,096 bytes together; the others and their names need the rest. */
  static final int MAXIMUM_BYTES = 3_000;

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Returns the value of the function's variable for a mapping.
   *
   * @throws IllegalArgumentException with what is wrong, to follow the setting's name
   */
  String variable(String name) {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      return resource(name);
    }
    String mapping = compact(file);
    int bytes = mapping.getBytes(UTF_8).length;
    if (bytes > MAXIMUM_BYTES) {
      throw new IllegalArgumentException(
          "is too long: '%s' has %d bytes without spaces, and a function's variables hold only %d"
                  .formatted(name, bytes, MAXIMUM_BYTES)
              + " of it; put the file into core/src/main/resources and give its name here");
    }
    return mapping;
  }

  private static String resource(String name) {
    try {
      Mapping.read(name);
      return name;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "is unknown: '%s' is neither a file beside this one nor a mapping in the function's jar"
              .formatted(name),
          e);
    }
  }

  private static String compact(Path file) {
    try {
      String mapping = JSON.readTree(file.toFile()).toString();
      Mapping.read(mapping);
      return mapping;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new IllegalArgumentException(
          "is not JSON: see line %d of '%s'".formatted(line, file.getFileName()), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't be read: '%s'".formatted(file.getFileName()), e);
    }
  }
}
