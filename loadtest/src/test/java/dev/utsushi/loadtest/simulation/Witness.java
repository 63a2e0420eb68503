package dev.utsushi.loadtest.simulation;

import java.util.ArrayList;
import java.util.List;

/** Keeps the events of a simulation. */
final class Witness implements Simulation.Listener {

  record Invoked(int lane, long start, long end, int records) {}

  record Processed(int lane, int write, long nanos, boolean indexed) {}

  final List<Invoked> invocations = new ArrayList<>();
  final List<Processed> processed = new ArrayList<>();

  @Override
  public void invoked(int lane, long start, long end, int records) {
    invocations.add(new Invoked(lane, start, end, records));
  }

  @Override
  public void processed(int lane, int write, long nanos, boolean indexed) {
    processed.add(new Processed(lane, write, nanos, indexed));
  }
}
