package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.index.Mapping;
import dev.utsushi.core.search.CertificateAuthorities;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;

/**
 * Finds the files that settings name: mappings, in a directory or in the function's jar, and
 * certificates.
 *
 * @param directory the settings file's
 */
record NamedFiles(Path directory) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Returns a mapping: JSON of any size, or the name of a resource in the function's jar.
   *
   * @throws IllegalArgumentException with what is wrong, to follow the setting's name
   */
  String find(String name) {
    try {
      Path file = directory.resolve(name);
      return Files.isRegularFile(file) ? compact(file) : resource(name);
    } catch (InvalidPathException _) {
      return resource(name);
    }
  }

  /**
   * Returns certificates, in PEM.
   *
   * @throws IllegalArgumentException with what is wrong, to follow the setting's name
   */
  String certificates(String name) {
    try (InputStream pem = Files.newInputStream(directory.resolve(name))) {
      CertificateAuthorities.read(pem);
      return Files.readString(directory.resolve(name));
    } catch (IOException | CertificateException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "must be a file beside this one with certificates in PEM, not '%s'".formatted(name), e);
    }
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

  /** Returns a mapping that {@link #find} read from a file. */
  static JsonNode parse(String mapping) {
    try {
      return JSON.readTree(mapping);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The mapping was read already.", e);
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
