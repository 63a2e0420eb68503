package dev.utsushi.testbed.activity;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Who acts, and on what. */
record SalesTeam(List<User> users, List<Deal> deals) {
  private static final List<String> FAMILY_NAMES =
      List.of("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤");
  private static final List<String> GIVEN_NAMES =
      List.of("美咲", "健太", "陽子", "大輔", "彩", "翔", "由美", "誠", "真由", "拓也");
  private static final List<String> COMPANIES =
      List.of(
          "青葉製作所", "みなと物流", "北斗電機", "さくら印刷", "大和フーズ", "東海精密", "若葉薬品", "つばめ交通", "白山建設", "すみれ商事",
          "朝日町醸造", "光洋システムズ", "藤沢金属", "かもめ運輸", "千歳農園", "富士見硝子");
  private static final List<String> GOODS =
      List.of("在庫管理システム", "会計ソフト", "サーバー更新", "勤怠管理", "倉庫自動化", "保守契約", "POSレジ", "配車システム");

  /** One deal in so many has been forgotten, as deals are. */
  private static final int FORGOTTEN_ONE_IN = 5;

  private static final int FORGOTTEN_DAYS = 15;
  private static final int FORGOTTEN_DAYS_SPREAD = 25;

  static SalesTeam of(int users, int deals, RandomGenerator random) {
    List<User> team = IntStream.range(0, users).mapToObj(SalesTeam::user).toList();
    List<Deal> all = new ArrayList<>();
    for (int i = 0; i < deals; i++) {
      all.add(deal(i, team, random));
    }
    return new SalesTeam(team, List.copyOf(all));
  }

  private static User user(int i) {
    String family = FAMILY_NAMES.get(i % FAMILY_NAMES.size());
    String given = GIVEN_NAMES.get((i + i / FAMILY_NAMES.size()) % GIVEN_NAMES.size());
    return new User("user-%02d".formatted(i + 1), family + " " + given);
  }

  private static Deal deal(int i, List<User> team, RandomGenerator random) {
    int company = i % COMPANIES.size();
    boolean forgotten = i % FORGOTTEN_ONE_IN == FORGOTTEN_ONE_IN - 1;
    return new Deal(
        "deal-%04d".formatted(i + 1),
        GOODS.get(random.nextInt(GOODS.size())),
        "company-%02d".formatted(company + 1),
        COMPANIES.get(company),
        // Yen, with the sen that a discount leaves: no double holds all of these exactly.
        BigDecimal.valueOf(random.nextLong(10_000_000, 9_000_000_000L), 2),
        team.get(random.nextInt(team.size())),
        forgotten ? FORGOTTEN_DAYS + random.nextInt(FORGOTTEN_DAYS_SPREAD) : 0);
  }
}
