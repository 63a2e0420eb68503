package dev.utsushi.core.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks signatures as AWS does, written after its <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">description</a>
 * and not with the SDK that made them.
 */
final class SigV4 {
  private final String secretKey;

  SigV4(String secretKey) {
    this.secretKey = secretKey;
  }

  boolean isValid(String method, URI uri, Headers headers, byte[] body) {
    String authorization = headers.getFirst("Authorization");
    if (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256 ")) {
      return false;
    }
    String scope = part(authorization, "Credential=").split("/", 2)[1];
    String signedHeaders = part(authorization, "SignedHeaders=");
    String canonical =
        String.join(
            "\n",
            method,
            uri.getRawPath(),
            canonicalQuery(uri),
            Arrays.stream(signedHeaders.split(";", -1))
                .map(name -> name + ":" + headers.getFirst(name) + "\n")
                .collect(Collectors.joining()),
            signedHeaders,
            hex(sha256(body)));
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            Objects.requireNonNull(headers.getFirst("X-Amz-Date")),
            scope,
            hex(sha256(canonical.getBytes(UTF_8))));
    return hex(hmac(signingKey(scope), toSign)).equals(part(authorization, "Signature="));
  }

  private static String canonicalQuery(URI uri) {
    return uri.getRawQuery() == null
        ? ""
        : Stream.of(uri.getRawQuery().split("&", -1)).sorted().collect(Collectors.joining("&"));
  }

  private byte[] signingKey(String scope) {
    byte[] key = ("AWS4" + secretKey).getBytes(UTF_8);
    for (String step : scope.split("/", -1)) {
      key = hmac(key, step);
    }
    return key;
  }

  private static String part(String authorization, String name) {
    int start = authorization.indexOf(name) + name.length();
    int end = authorization.indexOf(',', start);
    return authorization.substring(start, end < 0 ? authorization.length() : end).strip();
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
