<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class CheckoutTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Checkout', ucfirst(strtolower('Checkout')));
    }
}
