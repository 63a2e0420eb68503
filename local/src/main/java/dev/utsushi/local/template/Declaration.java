package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A resource as the template declares it, its properties unread.
 *
 * @param typeName as the template has it
 */
record Declaration(String logicalId, ResourceType type, String typeName, ObjectNode properties) {}
