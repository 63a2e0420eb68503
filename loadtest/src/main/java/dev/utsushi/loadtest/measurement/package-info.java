/**
 * How late the changes of a load test were, change by change, and what its invocations took; also
 * in the form that a plan takes.
 *
 * <p>{@code generator} made the writes; {@code report} shows what is found here.
 */
@NullMarked
package dev.utsushi.loadtest.measurement;

import org.jspecify.annotations.NullMarked;
