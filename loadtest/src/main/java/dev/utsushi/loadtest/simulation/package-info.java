/**
 * The event source mapping as a discrete-event simulation: a minute of traffic in milliseconds.
 *
 * <p>{@code PlannedTraffic -> Simulation(StreamModel, MappingModel, FunctionModel) ->
 * SimulationResult}. Follows what Lambda documents and what the embedded event source mapping of
 * the tests does. It shares no code with that mapping, so that each can reveal the mistakes of the
 * other.
 */
@NullMarked
package dev.utsushi.loadtest.simulation;

import org.jspecify.annotations.NullMarked;
