package dev.utsushi.local.template;

import java.util.List;

/**
 * A template is refused, or something in it does not start. The message has one problem per line.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  TemplateException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  TemplateException(String problem, Throwable cause) {
    super(problem, cause);
    this.problems = List.of(problem);
  }

  /** Returns the problems; each names its resource and property. */
  public List<String> problems() {
    return problems;
  }
}
