/**
 * What a load test found, for people and for programs: a page that needs no network, and JSON.
 *
 * <p>{@code LoadRun -> LoadJson, LoadPage}; the charts are SVG, drawn here.
 */
@NullMarked
package dev.utsushi.loadtest.report;

import org.jspecify.annotations.NullMarked;
