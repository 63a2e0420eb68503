package dev.utsushi.local.lambda;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The real Java runtime interface client, found on this JVM's class path. The function's JVM gets
 * the client and its dependencies, and nothing else of this class path.
 */
record RuntimeInterfaceClient(List<Path> jars, Path nativeLibrary) {

  static final String MAIN_CLASS = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  private static final String NATIVE_LIBRARY_PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  private static final List<String> CLASS_OF_EACH_JAR =
      List.of(
          MAIN_CLASS,
          "com.amazonaws.services.lambda.runtime.Context",
          "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
          "software.amazon.awssdk.utilslite.SdkInternalThreadLocal");

  /**
   * Unpacks the client's native library. By default the client unpacks it to one fixed path under
   * /tmp, where JVMs that start at the same time crash each other; given a path, it only loads it,
   * as in the managed runtimes.
   */
  static RuntimeInterfaceClient unpackedTo(Path directory) throws IOException {
    List<Path> jars =
        CLASS_OF_EACH_JAR.stream().map(RuntimeInterfaceClient::jarOf).distinct().toList();
    String resource = "/jni/libaws-lambda-jni.linux-%s.so".formatted(architecture());
    Path library = directory.resolve("libaws-lambda-jni.so");
    try (InputStream in = classNamed(MAIN_CLASS).getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("The runtime interface client has no " + resource);
      }
      Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
    }
    return new RuntimeInterfaceClient(jars, library);
  }

  String classPathWith(List<Path> code) {
    return Stream.concat(jars.stream(), code.stream())
        .map(path -> path.toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  String nativeLibraryFlag() {
    return "-D" + NATIVE_LIBRARY_PROPERTY + "=" + nativeLibrary;
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
  }

  private static Path jarOf(String className) {
    try {
      var source = classNamed(className).getProtectionDomain().getCodeSource();
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("No path to the jar of " + className, e);
    }
  }

  private static Class<?> classNamed(String name) {
    try {
      return Class.forName(name, false, RuntimeInterfaceClient.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new UncheckedIOException(
          new IOException(name + " is not on the class path; it is a dependency of local", e));
    }
  }
}
