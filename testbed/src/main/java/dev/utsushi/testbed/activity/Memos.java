package dev.utsushi.testbed.activity;

import java.util.List;
import java.util.random.RandomGenerator;

/** What people write about what they did. */
final class Memos {
  private static final List<String> CONTACTS =
      List.of("購買部の森様", "情報システム部の石井様", "岡田部長", "経理の松本様", "工場長の藤井様", "原田社長");
  private static final List<String> CALLS =
      List.of(
          "%sに電話。見積の金額について質問あり、来週までに回答する。",
          "%sより入電。納期を一週間早められないかとのこと。",
          "%sに架電するも不在。折り返しをお願いした。",
          "%sと電話で価格交渉。あと５％の値引きを希望。",
          "%sに電話。競合のＡＢＣ社からも提案が出ているとのこと。",
          "%sに導入時期を確認。決裁は月末の役員会。");
  private static final List<String> MAILS =
      List.of(
          "%sへ見積書を送付。有効期限は月末。",
          "%sへ打ち合わせの議事録を送付。",
          "%sへﾃﾞﾓ環境の案内を送信した。",
          "%sより仕様についての質問メール。技術に確認して返信する。",
          "%sへ契約書のひな形を送付。法務の確認待ち。");
  private static final List<String> VISITS =
      List.of(
          "%sを訪問。現場のサーバー室を見学、更新の課題を伺った。",
          "%sとデモを実施。反応は良好、見積を依頼された。", "%sを訪問し契約条件を説明。概ね合意。", "%sへご挨拶。担当変更のお知らせ。");
  private static final List<String> NOTES =
      List.of(
          "%sがキーパーソン。決裁まで同席をお願いしたい。",
          "競合は価格重視。%sは保守の手厚さを評価している。", "次回は技術を連れて行く。%sから宿題あり。", "%sの会社の予算は来期。それまで定期的に連絡する。");
  private static final List<String> AFTERTHOUGHTS =
      List.of("（追記）社内確認済み。", "（追記）見積を再提出する。", "（追記）折り返しあり、解決。", "（訂正）日程は来週に変更。");

  private Memos() {}

  static String about(Kind kind, RandomGenerator random) {
    List<String> texts =
        switch (kind) {
          case CALL -> CALLS;
          case MAIL -> MAILS;
          case VISIT -> VISITS;
          case MEMO -> NOTES;
        };
    return pick(texts, random).replace("%s", pick(CONTACTS, random));
  }

  static String afterthought(RandomGenerator random) {
    return pick(AFTERTHOUGHTS, random);
  }

  private static String pick(List<String> from, RandomGenerator random) {
    return from.get(random.nextInt(from.size()));
  }
}
