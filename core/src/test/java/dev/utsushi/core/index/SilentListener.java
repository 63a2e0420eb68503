package dev.utsushi.core.index;

/** Ignores everything. */
final class SilentListener implements IndexWriter.Listener {
  @Override
  public void retrying(int writes, String cause) {}

  @Override
  public void mappingRefused(String cause) {}
}
