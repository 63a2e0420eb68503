package dev.utsushi.infra.settings;

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
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Returns a mapping: JSON of any size, or the name of a resource in the function's jar.
   *
   * @throws IllegalArgumentException with what is wrong, to follow the setting's name
   */
  String find(String name) {
    Path file = directory.resolve(name);
    return Files.isRegularFile(file) ? compact(file) : resource(name);
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
