package dev.utsushi.lambda;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** AWS clients that deny calls: no embedded server checks permissions. */
final class Denying {
  private Denying() {}

  /** Everything is denied. */
  static <T> T all(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, _, _) -> {
              throw denied();
            }));
  }

  /** Only calls of these names are. */
  static <T> T some(Class<T> type, T client, Set<String> methods) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              if (methods.contains(method.getName())) {
                throw denied();
              }
              try {
                return method.invoke(client, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static AwsServiceException denied() {
    return AwsServiceException.builder()
        .awsErrorDetails(AwsErrorDetails.builder().errorCode("AccessDenied").build())
        .statusCode(403)
        .build();
  }
}
