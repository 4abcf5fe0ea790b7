package dev.larder;

/**
 * What the back end asks for what it is given to do, in a currency of the user's. Immutable.
 *
 * @param readsPerMillion for a million read units
 * @param writesPerMillion for a million write units
 * @param storagePerGigabyteMonth for keeping 2<sup>30</sup> bytes for a month
 */
public record Prices(
    double readsPerMillion, double writesPerMillion, double storagePerGigabyteMonth) {
  /**
   * DynamoDB on demand in us-east-1, table class Standard, in US dollars, since the reduction of
   * November 2024: 0.125 for reads, 0.625 for writes and 0.25 for storage, as the AWS pricing page
   * and the AWS News Blog had them on 31 January 2025. Prices differ by region and change; with
   * provisioned capacity one pays for what is provisioned.
   */
  public static final Prices ON_DEMAND_US_EAST_1 = new Prices(0.125, 0.625, 0.25);

  private static final double MILLION = 1e6;
  private static final double GIGABYTE = 1L << 30;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if a price is negative or no number
   */
  public Prices {
    check("readsPerMillion", readsPerMillion);
    check("writesPerMillion", writesPerMillion);
    check("storagePerGigabyteMonth", storagePerGigabyteMonth);
  }

  private static void check(String name, double price) {
    if (!(price >= 0) || Double.isInfinite(price)) {
      throw new IllegalArgumentException(name + " must be a price from 0, but is " + price);
    }
  }

  /** What so many units cost. */
  public double ofUnits(double readUnits, double writeUnits) {
    return (readUnits * readsPerMillion + writeUnits * writesPerMillion) / MILLION;
  }

  /** What it costs to keep so many bytes for a month. */
  public double ofStorage(long bytes) {
    return bytes / GIGABYTE * storagePerGigabyteMonth;
  }
}
