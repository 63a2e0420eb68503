/**
 * The report of a load test: JSON for programs, and a page that draws itself from the same JSON,
 * without network.
 *
 * <p>{@code LoadRun -> LoadReport}, with {@code report.html}, {@code report.css} and {@code
 * report.js}.
 */
@NullMarked
package dev.utsushi.loadtest.report;

import org.jspecify.annotations.NullMarked;
