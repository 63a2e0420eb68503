package dev.utsushi.local.mapping;

import java.time.Duration;

interface Sleeper {
  void sleep(Duration duration) throws InterruptedException;
}
