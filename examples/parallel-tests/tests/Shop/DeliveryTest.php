<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class DeliveryTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Delivery', ucfirst(strtolower('Delivery')));
    }
}
