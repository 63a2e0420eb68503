package dev.utsushi.local.template;

/** What a template's parameters and resources are called. */
interface References {

  /** A pseudo parameter, a parameter's value, or a resource's name, URL or ARN. */
  Reference ref(String name);

  Reference attribute(String logicalId, String attribute);
}
