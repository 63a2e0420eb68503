package dev.utsushi.cli.dlq;

/** Why a command can't do its work; the message says what to do about it, in a line. */
public final class DlqException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who has to do something. */
  public enum Fault {
    /** The caller's: a wrong name, or no credentials. */
    ASKED_WRONG,
    /** Something else's: no permission, no answer, a function that fails. */
    NOT_DONE
  }

  private final Fault fault;

  private DlqException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  private DlqException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  static DlqException askedWrong(String message) {
    return new DlqException(Fault.ASKED_WRONG, message);
  }

  static DlqException askedWrong(String message, Throwable cause) {
    return new DlqException(Fault.ASKED_WRONG, message, cause);
  }

  static DlqException notDone(String message) {
    return new DlqException(Fault.NOT_DONE, message);
  }

  static DlqException notDone(String message, Throwable cause) {
    return new DlqException(Fault.NOT_DONE, message, cause);
  }

  public Fault fault() {
    return fault;
  }
}
