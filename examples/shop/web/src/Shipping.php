<?php

declare(strict_types=1);

namespace Shop;

use InvalidArgumentException;

final class Shipping
{
    private const PARCEL_CENTS = ['AT' => 790, 'DE' => 490, 'FR' => 890, 'US' => 1990];
    private const FREE_FROM_CENTS = ['AT' => 15000, 'DE' => 10000];
    private const PARCEL_GRAMS = 5000;

    public function __construct(private readonly string $country, private readonly bool $express = false)
    {
        if (!isset(self::PARCEL_CENTS[$country])) {
            throw new InvalidArgumentException(sprintf('we do not deliver to "%s"', $country));
        }
    }

    public function cost(int $grams, Money $goods, ?Voucher $voucher = null): Money
    {
        if ($grams <= 0) {
            return Money::cents(0);
        }
        $threshold = self::FREE_FROM_CENTS[$this->country] ?? null;
        $isFree = $voucher === Voucher::FreeShipping || ($threshold !== null && $goods->cents >= $threshold);
        $extraParcels = intdiv($grams + self::PARCEL_GRAMS - 1, self::PARCEL_GRAMS) - 1;
        $standard = $isFree ? 0 : self::PARCEL_CENTS[$this->country] + $extraParcels * 500;

        return Money::cents($this->express ? $standard + 900 : $standard);
    }
}
