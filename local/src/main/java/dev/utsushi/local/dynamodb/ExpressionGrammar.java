package dev.utsushi.local.dynamodb;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * DynamoDB Local's parser of expressions. As it loads, ANTLR writes to standard error that it was
 * generated with 4.10 and runs on 4.13, which OpenSearch's Painless needs; the two read the same
 * serialized format. So it is loaded here, once, past that complaint.
 */
final class ExpressionGrammar {
  private static boolean loaded;

  private ExpressionGrammar() {}

  static synchronized void load() {
    if (loaded) {
      return;
    }
    PrintStream err = System.err;
    System.setErr(new WithoutAntlr(err));
    try {
      Class.forName("com.amazon.dynamodb.grammar.DynamoDbGrammarLexer");
      Class.forName("com.amazon.dynamodb.grammar.DynamoDbGrammarParser");
      loaded = true;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("DynamoDB Local has moved its grammar", e);
    } finally {
      System.setErr(err);
    }
  }

  /** Passes on everything else, so that another thread's words are not lost meanwhile. */
  private static final class WithoutAntlr extends PrintStream {
    WithoutAntlr(PrintStream err) {
      super(err, true, err.charset());
    }

    // The annotation asked for would bring a dependency for one private class.
    @SuppressWarnings("AnnotateFormatMethod")
    @Override
    public PrintStream printf(String format, @Nullable Object... args) {
      return format.startsWith("ANTLR ") ? this : super.printf(Locale.ROOT, format, args);
    }
  }
}
