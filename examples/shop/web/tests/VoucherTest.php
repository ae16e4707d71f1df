<?php

declare(strict_types=1);

namespace Shop\Tests;

use PHPUnit\Framework\TestCase;
use Shop\Money;
use Shop\Voucher;

final class VoucherTest extends TestCase
{
    public function testCodesAreFoundInAnyCase(): void
    {
        self::assertSame(Voucher::TenPercent, Voucher::redeem(' tenoff '));
        self::assertNull(Voucher::redeem('WINTER25'));
    }

    public function testTenPercent(): void
    {
        self::assertSame(199, Voucher::TenPercent->discount(Money::cents(1999))->cents);
    }

    /**
     * @testWith [2499, 0]
     *           [2500, 500]
     */
    public function testFiveEurosFromTwentyFiveOn(int $items, int $discount): void
    {
        self::assertSame($discount, Voucher::FiveEuros->discount(Money::cents($items))->cents);
    }

    /** @requires extension shop_native */
    public function testNativeExtensionAgrees(): void
    {
        self::fail('this machine has an extension that nobody has written');
    }
}
