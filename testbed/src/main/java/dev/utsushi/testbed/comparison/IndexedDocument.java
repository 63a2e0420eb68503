package dev.utsushi.testbed.comparison;

import com.fasterxml.jackson.databind.JsonNode;

/** A document as the engine gives it out: its {@code _id} and its {@code _source}. */
public record IndexedDocument(String id, JsonNode source) {}
