<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class OrderTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Order', ucfirst(strtolower('Order')));
    }
}
