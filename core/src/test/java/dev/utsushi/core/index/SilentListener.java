package dev.utsushi.core.index;

/** Nobody listens. */
final class SilentListener implements WriteListener {
  @Override
  public void retrying(int writes, String cause) {}

  @Override
  public void mappingRefused(String cause) {}
}
