package dev.utsushi.bench;

import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.SocketCaller;
import java.util.List;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;

/** The HTTP clients to choose from. */
enum HttpChoice {
  SOCKETS,
  URL_CONNECTION,
  JDK_HTTP_CLIENT,
  APACHE5,
  CRT;

  /** Creates a caller. No other client's classes are loaded. */
  HttpCaller caller() {
    return switch (this) {
      case SOCKETS -> new SocketCaller();
      case URL_CONNECTION -> new UrlConnectionCaller();
      case JDK_HTTP_CLIENT -> new JdkClientCaller();
      case APACHE5 -> new SdkCaller(Apache5HttpClient.create());
      case CRT -> new SdkCaller(AwsCrtHttpClient.create());
    };
  }

  /** Returns how the names of the jars begin that it needs beside the function's. */
  List<String> jars() {
    return switch (this) {
      case SOCKETS, URL_CONNECTION, JDK_HTTP_CLIENT -> List.of();
      case APACHE5 -> List.of("apache5-client", "httpclient5", "httpcore5", "slf4j-api");
      case CRT -> List.of("aws-crt-client", "crt-core", "aws-crt-0", "slf4j-api");
    };
  }
}
