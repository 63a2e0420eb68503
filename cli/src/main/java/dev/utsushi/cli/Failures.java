package dev.utsushi.cli;

import dev.utsushi.operations.stack.OperationException;
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
    boolean debug = commandLine.getParseResult().hasMatchedOption("--debug");
    boolean explained = failure instanceof OperationException;
    commandLine
        .getErr()
        .println(command + ": " + message + (debug || explained ? "" : " (--debug shows more)"));
    if (debug) {
      failure.printStackTrace(commandLine.getErr());
    }
    return failure instanceof OperationException operation && operation.isUsage()
        ? ExitCode.USAGE
        : ExitCode.NOT_STARTED;
  }
}
