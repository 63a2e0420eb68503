package com.example.sales;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.StackProps;

/** The app: one account, one region, cdk-nag as its own choice. */
public final class SalesApp {
  private static final String ACCOUNT = "123456789012";
  private static final String REGION = "eu-central-1";

  private SalesApp() {}

  static void main() {
    App app = new App();
    addTo(app);
    app.synth();
  }

  static SalesStack addTo(App app) {
    Environment environment = Environment.builder().account(ACCOUNT).region(REGION).build();
    SalesStack stack = new SalesStack(app, "sales", StackProps.builder().env(environment).build());
    Aspects.of(app).add(new AwsSolutionsChecks());
    return stack;
  }
}
