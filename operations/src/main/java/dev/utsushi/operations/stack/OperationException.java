package dev.utsushi.operations.stack;

import org.jspecify.annotations.Nullable;

/** Explains in one line why an operation failed and what to do about it. */
public final class OperationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean usage;

  private OperationException(boolean usage, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.usage = usage;
  }

  /** The caller has to change something: a name is wrong, or there are no credentials. */
  public static OperationException usage(String message) {
    return new OperationException(true, message, null);
  }

  /** The caller has to change something, because of this cause. */
  public static OperationException usage(String message, Throwable cause) {
    return new OperationException(true, message, cause);
  }

  /** Something else is wrong: a permission, the network, a function. */
  public static OperationException failed(String message) {
    return new OperationException(false, message, null);
  }

  /** Something else is wrong, because of this cause. */
  public static OperationException failed(String message, Throwable cause) {
    return new OperationException(false, message, cause);
  }

  /** Returns whether the caller has to change something. */
  public boolean isUsage() {
    return usage;
  }
}
