package dev.utsushi.cli;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A failure is one line; the stack trace is for those who ask for it. */
final class Failures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult arguments) {
    String command = commandLine.getCommandSpec().qualifiedName();
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    boolean debug = arguments.hasMatchedOption("--debug");
    commandLine.getErr().println(command + ": " + message + (debug ? "" : " (--debug shows more)"));
    if (debug) {
      failure.printStackTrace(commandLine.getErr());
    }
    return ExitCode.NOT_STARTED;
  }
}
