package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.StackSelector;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * What every command is asked with.
 *
 * @param terminal for people; where JSON is wanted, for progress alone
 * @param json where JSON goes; null for people
 */
public record Asked(StackSelector selector, Terminal terminal, @Nullable PrintWriter json) {

  /** Whether a script asks: then the JSON is written, and nothing else is to be told. */
  boolean answered(JsonNode answer) {
    PrintWriter out = json;
    if (out == null) {
      return false;
    }
    out.println(answer.toPrettyString());
    out.flush();
    return true;
  }

  Connection connect() {
    terminal.status("finding the stream …");
    return Connection.to(selector);
  }
}
