package dev.utsushi.loadtest.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineManager;
import javax.script.ScriptException;

/** Runs the script of a page, without a browser. */
final class PageScript {
  private final ScriptEngine engine = new ScriptEngineManager().getEngineByName("rhino");

  /** Loads the script, and the data of a page. */
  PageScript(String page) throws IOException, ScriptException {
    try (var in = LoadReport.class.getResourceAsStream("report.js")) {
      String script = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      // Rhino has constants in functions only.
      engine.eval(
          "var report = (function () {%s\nreturn { page, chart, scale, time, endOfWrites }; })();"
              .formatted(script));
    }
    String start = "<script type=\"application/json\" id=\"data\">";
    int from = page.indexOf(start) + start.length();
    engine.put("json", page.substring(from, page.indexOf("</script>", from)));
    engine.eval("var data = JSON.parse(json)");
  }

  /** Returns what the script writes into the page. */
  String text() throws ScriptException {
    return eval("report.page(data)");
  }

  /** Returns the chart of the first run. */
  String chart(String name, int width) throws ScriptException {
    return eval("report.chart(data.runs[0], '%s', %d)".formatted(name, width));
  }

  String eval(String expression) throws ScriptException {
    return String.valueOf(engine.eval(expression));
  }
}
