package dev.utsushi.core.settings;

/** How the function shows the engine who it is. */
public enum SearchAuth {
  /** AWS Signature Version 4 with the function's role. */
  SIGV4,
  /** User name and password from a secret. */
  BASIC,
  /** An Elasticsearch API key from a secret. */
  APIKEY,
  /** Not at all. */
  NONE
}
