package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.Target;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * What every command is asked with.
 *
 * @param index the stream's; null where there is one
 * @param options the words of the command line that lead to this queue, for what to type next
 * @param terminal for people; where JSON is wanted, for progress alone
 * @param json where JSON goes; null for people
 */
public record Asked(
    Target target,
    @Nullable String index,
    String options,
    Terminal terminal,
    @Nullable PrintWriter json) {

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
    return Connection.to(target, index);
  }
}
