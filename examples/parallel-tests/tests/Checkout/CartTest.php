<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class CartTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Cart', ucfirst(strtolower('Cart')));
    }
}
