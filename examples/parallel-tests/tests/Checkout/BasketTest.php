<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class BasketTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Basket', ucfirst(strtolower('Basket')));
    }
}
