<?php

declare(strict_types=1);

namespace Shop\Tests;

use InvalidArgumentException;
use PHPUnit\Framework\TestCase;
use Shop\Money;
use Shop\Shipping;
use Shop\Voucher;

final class ShippingTest extends TestCase
{
    public function testEachFiveKilogramsAreAParcel(): void
    {
        $shipping = new Shipping('DE');
        self::assertSame(490, $shipping->cost(5000, Money::cents(100))->cents);
        self::assertSame(990, $shipping->cost(5001, Money::cents(100))->cents);
    }

    public function testFromAThresholdOnItIsFree(): void
    {
        self::assertSame(0, (new Shipping('DE'))->cost(1, Money::cents(10000))->cents);
        self::assertSame(890, (new Shipping('FR'))->cost(1, Money::cents(10000))->cents);
    }

    public function testExpressAlwaysCostsItsSurcharge(): void
    {
        self::assertSame(900, (new Shipping('US', true))->cost(1, Money::cents(1), Voucher::FreeShipping)->cents);
    }

    public function testNothingWeighsNothing(): void
    {
        self::assertSame(0, (new Shipping('AT', true))->cost(0, Money::cents(0))->cents);
    }

    public function testUnknownCountriesAreRefused(): void
    {
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage('we do not deliver to "XX"');
        new Shipping('XX');
    }
}
