package dev.utsushi.construct;

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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awscdk.services.lambda.Code;

/** The functions' code: the jar that is in this library, with what the stream has of its own. */
final class FunctionCode {
  /** The names of the stream's own files in the jar. */
  static final String MAPPING = "stream-mapping.json";

  static final String TARGETS = "stream-targets.json";

  static final String AUTHORITIES = "search-ca.pem";

  private static final String JAR = "utsushi-function.jar";

  /** One time for each entry, so that equal code has an equal digest. */
  private static final FileTime EPOCH = FileTime.from(Instant.parse("2026-11-01T00:00:00Z"));

  private FunctionCode() {}

  static Code of(ReplicationProps props) {
    Path jar = props.functionJar == null ? bundled() : props.functionJar;
    Map<String, String> own = new TreeMap<>();
    Optional.ofNullable(props.mapping).ifPresent(text -> own.put(MAPPING, text));
    Optional.ofNullable(props.targets).ifPresent(text -> own.put(TARGETS, text));
    Optional.ofNullable(props.certificateAuthorities).ifPresent(text -> own.put(AUTHORITIES, text));
    return Code.fromAsset((own.isEmpty() ? jar : with(own, jar)).toString());
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

  /** The variables of a function hold 4 KB; its code holds files of any size. */
  private static Path with(Map<String, String> files, Path jar) {
    try {
      Path copy = Files.copy(jar, temporary(), StandardCopyOption.REPLACE_EXISTING);
      try (FileSystem entries = FileSystems.newFileSystem(copy)) {
        for (var file : files.entrySet()) {
          Path entry = Files.writeString(entries.getPath(file.getKey()), file.getValue());
          Files.getFileAttributeView(entry, BasicFileAttributeView.class)
              .setTimes(EPOCH, EPOCH, EPOCH);
        }
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
