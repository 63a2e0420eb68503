package dev.utsushi.testbed.endpoints;

import java.net.URI;

/**
 * Where the services of a local AWS answer.
 *
 * @param stack the name that its functions are tagged with
 * @param pid the process that runs it
 */
public record LocalEndpoints(
    String stack, String region, long pid, URI lambda, URI sqs, URI dynamoDb, URI search) {}
