package dev.utsushi.construct;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.services.lambda.Code;

/**
 * The functions' code: the jar that is in this library, with the stream's mapping in it.
 *
 * @param mapping the value of the functions' variable, if there is a mapping
 */
record FunctionCode(Path jar, @Nullable String mapping) {
  private static final String JAR = "utsushi-function.jar";
  private static final String MAPPING = "stream-mapping.json";

  /** One time for each entry, so that equal code has an equal digest. */
  private static final FileTime EPOCH = FileTime.from(Instant.parse("2026-11-01T00:00:00Z"));

  static FunctionCode of(ReplicationProps props) {
    Path jar = props.functionJar == null ? bundled() : props.functionJar;
    String mapping = props.mapping;
    if (mapping == null || !mapping.stripLeading().startsWith("{")) {
      return new FunctionCode(jar, mapping);
    }
    return new FunctionCode(with(mapping, jar), MAPPING);
  }

  Code asset() {
    return Code.fromAsset(jar.toString());
  }

  private static Path bundled() {
    Path jar = temporary();
    try (InputStream in = FunctionCode.class.getResourceAsStream(JAR)) {
      if (in == null) {
        throw new IllegalStateException(
            "The library was built without the functions: build it with ./mvnw package.");
      }
      Files.copy(in, jar, StandardCopyOption.REPLACE_EXISTING);
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The variables of a function hold 4 KB; its code holds a mapping of any size. */
  private static Path with(String mapping, Path jar) {
    try {
      Path copy = Files.copy(jar, temporary(), StandardCopyOption.REPLACE_EXISTING);
      try (FileSystem entries = FileSystems.newFileSystem(copy)) {
        Path entry = Files.write(entries.getPath(MAPPING), mapping.getBytes(UTF_8));
        Files.getFileAttributeView(entry, BasicFileAttributeView.class)
            .setTimes(EPOCH, EPOCH, EPOCH);
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The CDK copies an asset when it is created. */
  private static Path temporary() {
    try {
      Path directory = Files.createTempDirectory("utsushi");
      Path jar = directory.resolve(JAR);
      directory.toFile().deleteOnExit();
      jar.toFile().deleteOnExit();
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
