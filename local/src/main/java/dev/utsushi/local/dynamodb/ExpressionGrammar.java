package dev.utsushi.local.dynamodb;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * DynamoDB Local's parser of expressions. When it is loaded, ANTLR warns on standard error that the
 * parser was generated with 4.10 and runs on 4.13, which OpenSearch's Painless needs; both read the
 * same serialized format. So this class loads it once, without that warning.
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

  /** Passes on everything else, so that output of other threads is not lost. */
  private static final class WithoutAntlr extends PrintStream {
    WithoutAntlr(PrintStream err) {
      super(err, true, err.charset());
    }

    // The suggested annotation would need a dependency for one private class.
    @SuppressWarnings("AnnotateFormatMethod")
    @Override
    public PrintStream printf(String format, @Nullable Object... args) {
      return format.startsWith("ANTLR ") ? this : super.printf(Locale.ROOT, format, args);
    }
  }
}
