package dev.utsushi.bench;

import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Any client of the AWS SDK. */
final class SdkCaller implements HttpCaller {
  private final SdkHttpClient client;

  SdkCaller(SdkHttpClient client) {
    this.client = client;
  }

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(call.method()))
            .uri(call.uri())
            .putHeader("Host", call.uri().getAuthority());
    call.headers().forEach(request::putHeader);
    HttpExecuteRequest.Builder execute = HttpExecuteRequest.builder();
    if (call.body().length > 0) {
      request.putHeader("Content-Length", Integer.toString(call.body().length));
      execute.contentStreamProvider(ContentStreamProvider.fromByteArrayUnsafe(call.body()));
    }
    HttpExecuteResponse reply =
        client.prepareRequest(execute.request(request.build()).build()).call();
    int status = reply.httpResponse().statusCode();
    if (reply.responseBody().isEmpty()) {
      return new HttpReply(status, new byte[0]);
    }
    try (InputStream body = reply.responseBody().get()) {
      return new HttpReply(status, body.readAllBytes());
    }
  }
}
