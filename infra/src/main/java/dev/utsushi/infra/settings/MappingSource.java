package dev.utsushi.infra.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.index.MappingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds mappings, in a directory or in the function's jar.
 *
 * @param directory where the settings file is
 */
record MappingSource(Path directory) {
  /** Lambda holds 4,096 bytes of variables; the others and their names need the rest. */
  static final int LONGEST_BYTES = 3_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What the function's setting must be for this mapping.
   *
   * @throws IllegalArgumentException with what is wrong, to follow the mapping's name
   */
  String setting(String name) {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      return resource(name);
    }
    String mapping = compact(file);
    int bytes = mapping.getBytes(UTF_8).length;
    if (bytes > LONGEST_BYTES) {
      throw new IllegalArgumentException(
          "has %d bytes without its spaces, and a Lambda function's variables hold only %d of it:"
                  .formatted(bytes, LONGEST_BYTES)
              + " put it into core/src/main/resources and give its name there");
    }
    return mapping;
  }

  private static String resource(String name) {
    try {
      MappingFile.read(name);
      return name;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "is no file beside this one and no mapping in the function's jar", e);
    }
  }

  private static String compact(Path file) {
    try {
      String mapping = JSON.readTree(file.toFile()).toString();
      MappingFile.read(mapping);
      return mapping;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new IllegalArgumentException("is not JSON from its line " + line + " on", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't be read", e);
    }
  }
}
