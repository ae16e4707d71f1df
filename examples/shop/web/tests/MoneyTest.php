<?php

declare(strict_types=1);

namespace Shop\Tests;

use InvalidArgumentException;
use PHPUnit\Framework\TestCase;
use Shop\Money;

final class MoneyTest extends TestCase
{
    /** @dataProvider amounts */
    public function testReadsWhatCustomersType(string $text, int $cents): void
    {
        self::assertSame($cents, Money::parse($text)->cents);
    }

    public static function amounts(): iterable
    {
        yield 'whole euros' => ['12', 1200];
        yield 'one decimal' => ['12.3', 1230];
        yield 'comma and sign' => ['12,34 €', 1234];
        yield 'spaces <around>' => ['  7 € ', 700];
    }

    /** @dataProvider nonsense */
    public function testRefusesWhatIsNoAmount(string $text): void
    {
        $this->expectException(InvalidArgumentException::class);
        Money::parse($text);
    }

    public static function nonsense(): array
    {
        return [[''], ['-1'], ['1.234'], ['twelve'], ['99999999']];
    }

    public function testPrints(): void
    {
        self::assertSame('0.05 €', (string) Money::cents(5));
        self::assertSame('-12.30 €', (string) Money::cents(-1230));
    }

    public function testPercentIsRoundedHalfUp(): void
    {
        self::assertSame(1, Money::cents(5)->percent(10)->cents);
        self::assertSame(0, Money::cents(4)->percent(10)->cents);
    }

    public function testAddsUp(): void
    {
        self::assertSame(3500, Money::cents(500)->plus(Money::cents(1000)->times(3))->cents);
    }
}
