<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class StockTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Stock', ucfirst(strtolower('Stock')));
    }
}
