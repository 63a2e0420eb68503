package dev.utsushi.operations.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.operations.stack.StackException.Fault;
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

class AwsCallsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          403 | AccessDenied             | NOT_DONE    | needs the permission sqs:ReceiveMessage
          400 | AccessDeniedException    | NOT_DONE    | needs the permission sqs:ReceiveMessage
          403 | ExpiredTokenException    | ASKED_WRONG | sign in again
          403 | InvalidClientTokenId     | ASKED_WRONG | sign in again
          400 | AWS.SimpleQueueService.NonExistentQueue   | NOT_DONE | the dead-letter queue is gone
          400 | com.amazonaws.sqs#QueueDoesNotExist       | NOT_DONE | the dead-letter queue is gone
          400 | ThrottlingException      | NOT_DONE    | try again in a minute
          500 | InternalFailure          | NOT_DONE    | sqs:ReceiveMessage failed with 500 InternalFailure: what AWS says
          """)
  void whatAwsRefusesIsALineThatSaysWhatToDo(int status, String code, Fault fault, String line) {
    var refused =
        AwsServiceException.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode(code)
                    .errorMessage("what AWS says\nin two lines")
                    .build())
            .build();
    StackException told = told(refused);
    assertThat(told.fault()).isEqualTo(fault);
    assertThat(told).hasMessageContaining(line);
    assertThat(told.getMessage()).doesNotContain("\n");
  }

  @Test
  void whatDoesNotAnswerIsToldApart() {
    assertThat(told(clientFailure(new ConnectException("refused"))))
        .hasMessageContaining("nothing answers sqs:ReceiveMessage (refused)");
    assertThat(told(clientFailure(new SocketTimeoutException("read"))))
        .hasMessageContaining("no answer to sqs:ReceiveMessage in time");
    assertThat(told(ApiCallTimeoutException.builder().message("late").build()))
        .hasMessageContaining("no answer to sqs:ReceiveMessage in time");
  }

  @Test
  void anInterruptionStaysOne() {
    AbortedException aborted = AbortedException.create("interrupted");
    assertThat(AwsCalls.failure("sqs:ReceiveMessage", aborted)).isSameAs(aborted);
  }

  private static SdkException clientFailure(Throwable cause) {
    return SdkClientException.builder().message("Unable to execute").cause(cause).build();
  }

  private static StackException told(SdkException failure) {
    return (StackException) AwsCalls.failure("sqs:ReceiveMessage", failure);
  }
}
