package dev.utsushi.loadtest.simulation;

import java.util.ArrayList;
import java.util.List;

/** Writes down what a simulation tells. */
final class Witness implements SimulationListener {

  record Invoked(int lane, long start, long end, int records) {}

  record Settled(int lane, int write, long nanos, boolean indexed) {}

  final List<Invoked> invocations = new ArrayList<>();
  final List<Settled> settled = new ArrayList<>();

  @Override
  public void invoked(int lane, long start, long end, int records) {
    invocations.add(new Invoked(lane, start, end, records));
  }

  @Override
  public void settled(int lane, int write, long nanos, boolean indexed) {
    settled.add(new Settled(lane, write, nanos, indexed));
  }
}
