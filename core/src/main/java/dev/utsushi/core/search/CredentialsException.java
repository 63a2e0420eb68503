package dev.utsushi.core.search;

import org.jspecify.annotations.Nullable;

/** Credentials can't be had; the message says which and what to change, never what they are. */
public final class CredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the provider's own error, which names the missing permission or secret. */
  public CredentialsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
