<?php

declare(strict_types=1);

namespace Shop;

enum Voucher: string
{
    case TenPercent = 'TENOFF';
    case FiveEuros = 'FIVER';
    case FreeShipping = 'FREESHIP';

    public const FIVER_MINIMUM_CENTS = 2500;

    public static function redeem(string $code): ?self
    {
        return self::tryFrom(mb_strtoupper(trim($code)));
    }

    public function discount(Money $items): Money
    {
        return match ($this) {
            self::TenPercent => Money::cents(intdiv($items->cents, 10)),
            self::FiveEuros => Money::cents($items->cents >= self::FIVER_MINIMUM_CENTS ? 500 : 0),
            self::FreeShipping => Money::cents(0),
        };
    }
}
