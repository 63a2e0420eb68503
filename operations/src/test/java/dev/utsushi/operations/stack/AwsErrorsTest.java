package dev.utsushi.operations.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

class AwsErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          403 | AccessDenied             | false | needs the permission sqs:ReceiveMessage
          400 | AccessDeniedException    | false | needs the permission sqs:ReceiveMessage
          403 | ExpiredTokenException    | true  | sign in again
          403 | InvalidClientTokenId     | true  | sign in again
          400 | AWS.SimpleQueueService.NonExistentQueue   | false | the dead-letter queue is missing
          400 | com.amazonaws.sqs#QueueDoesNotExist       | false | the dead-letter queue is missing
          400 | ThrottlingException      | false | try again in a minute
          500 | InternalFailure          | false | sqs:ReceiveMessage failed with 500 InternalFailure: what AWS says
          """)
  void everyErrorOfAwsIsOneLineThatSaysWhatToDo(
      int status, String code, boolean usage, String line) {
    var refused =
        AwsServiceException.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode(code)
                    .errorMessage("what AWS says\nin two lines")
                    .build())
            .build();
    OperationException translated = translated(refused);
    assertThat(translated.isUsage()).isEqualTo(usage);
    assertThat(translated).hasMessageContaining(line);
    assertThat(translated.getMessage()).doesNotContain("\n");
  }

  @Test
  void aRefusedConnectionAndATimeoutHaveDifferentMessages() {
    assertThat(translated(clientFailure(new ConnectException("refused"))))
        .hasMessageContaining("no connection for sqs:ReceiveMessage (refused)");
    assertThat(translated(clientFailure(new SocketTimeoutException("read"))))
        .hasMessageContaining("no answer to sqs:ReceiveMessage in time");
    assertThat(translated(ApiCallTimeoutException.builder().message("late").build()))
        .hasMessageContaining("no answer to sqs:ReceiveMessage in time");
  }

  @Test
  void anInterruptionIsNotTranslated() {
    AbortedException aborted = AbortedException.create("interrupted");
    assertThat(AwsErrors.failure("sqs:ReceiveMessage", aborted)).isSameAs(aborted);
  }

  private static SdkException clientFailure(Throwable cause) {
    return SdkClientException.builder().message("Unable to execute").cause(cause).build();
  }

  private static OperationException translated(SdkException failure) {
    return (OperationException) AwsErrors.failure("sqs:ReceiveMessage", failure);
  }
}
