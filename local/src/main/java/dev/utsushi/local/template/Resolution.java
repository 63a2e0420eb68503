package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.JsonNode;

/** What a value in a template turns out to be. */
sealed interface Resolution {

  /** Without intrinsic functions. */
  record Value(JsonNode value) implements Resolution {}

  /** {@code AWS::NoValue}: as if the property were not there. */
  record Absent() implements Resolution {}

  /** Can't be resolved; the problem is told already. */
  record Refused() implements Resolution {}
}
