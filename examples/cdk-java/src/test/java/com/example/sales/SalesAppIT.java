package com.example.sales;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.template.Bindings;
import dev.utsushi.local.template.Bindings.KeyAttribute;
import dev.utsushi.local.template.RunningTemplate;
import dev.utsushi.local.template.Template;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The example as it is deployed: cdk-nag finds nothing, and its template copies the table. */
class SalesAppIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void theTemplateIsCleanAndCopiesTheTable() throws Exception {
    Path output = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "sales");
    App app =
        new App(
            AppProps.builder()
                .outdir(output.toString())
                .context(Map.of("@aws-cdk/core:validateAgainstDefaultRules", true))
                .build());
    SalesStack stack = SalesApp.addTo(app);
    app.synth();

    assertThat(Annotations.fromStack(stack).findError("*", Match.anyValue())).isEmpty();
    assertThat(Annotations.fromStack(stack).findWarning("*", Match.anyValue())).isEmpty();
    Template template = Template.read(output.resolve("sales.template.json"));
    Bindings bindings =
        Bindings.none()
            .withTable(
                SalesStack.STREAM_ARN,
                List.of(
                    new KeyAttribute("dealId", ScalarAttributeType.S),
                    new KeyAttribute("actionKey", ScalarAttributeType.S)))
            .withSearchEndpoint("https://" + SalesStack.ENDPOINT);
    try (LocalAws aws = LocalAws.start();
        RunningTemplate _ = RunningTemplate.start(aws, template, bindings)) {
      aws.dynamoDb()
          .client()
          .putItem(
              it ->
                  it.tableName("deals")
                      .item(
                          Map.of(
                              "dealId", AttributeValue.fromS("deal-1"),
                              "actionKey", AttributeValue.fromS("call"),
                              "memo", AttributeValue.fromS("call back on Monday"))));

      awaitHit(aws, "/deals/_search?q=memo:monday");
    }
  }

  /** The mapping is the app's own: by it, a memo is found by one of its words. */
  private static void awaitHit(LocalAws aws, String search) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(aws.search().endpoint().resolve(search)).build();
    Instant end = Instant.now().plus(PATIENCE);
    String reply = "";
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!reply.contains("call back on Monday")) {
        assertThat(Instant.now()).as(reply).isBefore(end);
        Thread.sleep(100);
        reply = http.send(request, BodyHandlers.ofString()).body();
      }
    }
  }
}
