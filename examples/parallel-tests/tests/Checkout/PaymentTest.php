<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class PaymentTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Payment', ucfirst(strtolower('Payment')));
    }
}
