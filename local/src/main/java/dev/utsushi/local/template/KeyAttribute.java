package dev.utsushi.local.template;

import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** An attribute of a table's primary key. */
public record KeyAttribute(String name, ScalarAttributeType type) {}
