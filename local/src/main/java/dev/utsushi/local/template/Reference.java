package dev.utsushi.local.template;

/** What {@code Ref} or {@code Fn::GetAtt} find. */
sealed interface Reference {

  record Text(String text) implements Reference {}

  /**
   * Nothing.
   *
   * @param why completes a sentence: "… refers to X, " and this
   */
  record None(String why) implements Reference {}
}
