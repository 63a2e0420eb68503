package dev.utsushi.bench;

import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.UrlConnectionCaller;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;

/** The HTTP clients that were in question. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are constants
enum HttpChoice {
  URL_CONNECTION(UrlConnectionCaller::new, UrlConnectionHandler.class, List.of()),
  JDK_HTTP_CLIENT(JdkClientCaller::new, JdkClientHandler.class, List.of()),
  APACHE5(
      () -> new SdkCaller(Apache5HttpClient.create()),
      Apache5Handler.class,
      List.of("apache5-client", "httpclient5", "httpcore5", "slf4j-api")),
  CRT(
      () -> new SdkCaller(AwsCrtHttpClient.create()),
      CrtHandler.class,
      List.of("aws-crt-client", "crt-core", "aws-crt-0", "slf4j-api"));

  private final Supplier<HttpCaller> caller;
  private final Class<?> handler;
  private final List<String> jars;

  HttpChoice(Supplier<HttpCaller> caller, Class<?> handler, List<String> jars) {
    this.caller = caller;
    this.handler = handler;
    this.jars = jars;
  }

  HttpCaller caller() {
    return caller.get();
  }

  Class<?> handler() {
    return handler;
  }

  /** How the names of the jars begin that it needs beside the function's. */
  List<String> jars() {
    return jars;
  }
}
