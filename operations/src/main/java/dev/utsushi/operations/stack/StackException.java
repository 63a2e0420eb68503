package dev.utsushi.operations.stack;

/** Why a command can't do its work; the message says what to do about it, in a line. */
public final class StackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who has to do something. */
  public enum Fault {
    /** The caller's: a wrong name, or no credentials. */
    ASKED_WRONG,
    /** Something else's: no permission, no answer, a function that fails. */
    NOT_DONE
  }

  private final Fault fault;

  private StackException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  private StackException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public static StackException askedWrong(String message) {
    return new StackException(Fault.ASKED_WRONG, message);
  }

  public static StackException askedWrong(String message, Throwable cause) {
    return new StackException(Fault.ASKED_WRONG, message, cause);
  }

  public static StackException notDone(String message) {
    return new StackException(Fault.NOT_DONE, message);
  }

  public static StackException notDone(String message, Throwable cause) {
    return new StackException(Fault.NOT_DONE, message, cause);
  }

  public Fault fault() {
    return fault;
  }
}
