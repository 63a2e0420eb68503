/**
 * The event source mapping as a discrete-event simulation: a minute of traffic in milliseconds.
 *
 * <p>{@code PlannedTraffic -> Simulation(StreamModel, MappingModel, FunctionModel) ->
 * SimulationResult}. Keeps to what Lambda documents and to what the embedded event source mapping
 * of the tests really does; it shares no code with that one, since each is to show the other's
 * mistakes.
 */
@NullMarked
package dev.utsushi.loadtest.simulation;

import org.jspecify.annotations.NullMarked;
