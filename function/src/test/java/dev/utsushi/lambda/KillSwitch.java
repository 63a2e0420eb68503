package dev.utsushi.lambda;

import dev.utsushi.core.search.HttpCaller;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Wraps the clients of a handler, and ends the handler at its n-th call: before the call, or after
 * it with the answer lost. Later calls do nothing, as in a killed process.
 */
final class KillSwitch {
  private final int killAt;
  private final boolean afterTheStep;
  private final List<String> steps = new ArrayList<>();
  private boolean dead;

  /**
   * @param killAt the step, from 1; 0 for never
   */
  KillSwitch(int killAt, boolean afterTheStep) {
    this.killAt = killAt;
    this.afterTheStep = afterTheStep;
  }

  /** The process is gone. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws Exception;
  }

  /** Returns the calls that were begun. */
  List<String> steps() {
    return steps;
  }

  boolean hasKilled() {
    return dead;
  }

  private synchronized <T> T step(String name, Step<T> step) throws Exception {
    if (dead) {
      throw new Killed();
    }
    steps.add(name);
    boolean last = steps.size() == killAt;
    if (last && !afterTheStep) {
      dead = true;
      throw new Killed();
    }
    T result = step.run();
    if (last) {
      dead = true;
      throw new Killed();
    }
    return result;
  }

  HttpCaller wrap(HttpCaller caller) {
    return call -> {
      try {
        return step(call.method() + ' ' + call.uri().getPath(), () -> caller.send(call));
      } catch (java.io.IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    };
  }

  /** Every call of an AWS client is a step. */
  <T> T wrap(Class<T> type, T client) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) ->
                step(
                    method.getName(),
                    () -> {
                      try {
                        return method.invoke(client, arguments);
                      } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof RuntimeException cause) {
                          throw cause;
                        }
                        throw e;
                      }
                    })));
  }
}
