package dev.utsushi.core.index;

/**
 * The comparison of versions, run by the engine under the document's lock: one round trip, and
 * nothing can come in between.
 *
 * <p>A document that is not there and one that Utsushi did not write (no version) give way. {@code
 * exact} sets right the numbers that the parser of the request rounded.
 */
final class UpsertScript {
  private UpsertScript() {}

  static final String SOURCE =
      """
      def standing = ctx._source._replication;
      if (standing != null && standing.version != null) {
        int order = standing.version.compareTo(params.document._replication.version);
        if (order > 0 || (order == 0 && !params.refines)) { ctx.op = 'none'; return; }
      }
      for (def number : params.exact) {
        def at = params.document;
        int last = number.path.size() - 1;
        for (int i = 0; i < last; i++) { at = at[number.path[i]]; }
        at[number.path[last]] = new BigDecimal(number.digits);
      }
      ctx._source = params.document;
      """;

  /** Takes the same request and leaves every document as it is. */
  static final String REHEARSAL = "ctx.op = 'none';";
}
