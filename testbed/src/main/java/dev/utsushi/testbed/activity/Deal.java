package dev.utsushi.testbed.activity;

import java.math.BigDecimal;

/**
 * What the team tries to sell to a company.
 *
 * @param quietDays nobody has acted on it for at least so many days
 */
record Deal(
    String id,
    String name,
    String companyId,
    String companyName,
    BigDecimal amount,
    User owner,
    int quietDays) {}
